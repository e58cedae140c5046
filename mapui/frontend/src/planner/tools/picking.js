/** Tools that work by clicking zones: select, merge, attributes, lock. */
import { fill, gettext, ngettext } from "../../ui/i18n.js";

/**
 * @typedef {import("../desk.js").Desk} Desk
 * @typedef {import("./toolbox.js").Tool} Tool
 * @typedef {import("./toolbox.js").Toolbox} Toolbox
 */

export const FIRST = "#0b63a8";
export const OTHER = "#c2185b";

/** @param {Desk} desk @returns {Tool} */
export const selectTool = (desk) => ({
  code: "select",
  hint: () => ({ text: "" }),
  click: (_at, zone) => desk.select(zone?.id ?? null),
});

/** @param {Desk} desk @param {(tab: string) => void} openTab @returns {Tool} */
export const attributesTool = (desk, openTab) => ({
  code: "attributes",
  hint: () => ({ text: gettext("Click the zone whose name, code, parent or purpose you want to change.") }),
  begin: () => openTab("zone"),
  click: (_at, zone) => desk.select(zone?.id ?? null),
});

/** @param {Desk} desk @returns {Tool} */
export const lockTool = (desk) => ({
  code: "lock",
  hint: () => ({ text: gettext("Click a zone to lock it, or to let it be changed again.") }),
  click: (_at, zone) => {
    if (!zone) return;
    desk.select(zone.id);
    desk.draw({ kind: "lock", zones: [zone.id], locked: !zone.properties.is_locked });
  },
});

/** @param {Desk} desk @param {Toolbox} box @returns {Tool} */
export function mergeTool(desk, box) {
  /** @type {string[]} */
  let picked = [];
  /** @param {string[]} keys */
  const pick = (keys) => {
    picked = keys;
    box.pick(new Map(picked.map((key, n) => [key, n === 0 ? FIRST : OTHER])));
    box.showHint();
  };
  return {
    code: "merge",
    hint: () => ({
      text: picked.length === 0 ? gettext("Click the zone that stays, then those that join it.") : sentence(),
      canFinish: picked.length > 1,
      finishLabel: gettext("Merge"),
      canCancel: picked.length > 0,
    }),
    begin: () => pick([]),
    end: () => pick([]),
    click: (_at, zone) => {
      if (!zone) return;
      pick(picked.includes(zone.id) ? picked.filter((key) => key !== zone.id) : [...picked, zone.id]);
    },
    back: () => pick(picked.slice(0, -1)),
    cancel: () => {
      const had = picked.length > 0;
      pick([]);
      return had;
    },
    finish: async () => {
      const [keep, ...others] = picked;
      if (keep === undefined || others.length === 0) return;
      if (await desk.draw({ kind: "merge", keep, others })) pick([]);
    },
  };

  function sentence() {
    const others = picked.length - 1;
    const template = ngettext(
      "%(name)s stays; %(count)s zone joins it.",
      "%(name)s stays; %(count)s zones join it.",
      others,
    );
    return fill(template, { name: desk.store.nameOf(picked[0] ?? ""), count: others });
  }
}

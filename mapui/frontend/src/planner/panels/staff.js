/** Who is to have the posts of a zone: the list is asked for when it is opened, and set as a whole. */
import { element } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";

/**
 * @typedef {import("../contract.js").PostToBe} PostToBe
 * @typedef {import("../contract.js").StaffAnswer} StaffAnswer
 * @typedef {import("../desk.js").Desk} Desk
 */

/** @param {Desk} desk @param {string} zone @returns {HTMLElement} */
export function staffEditor(desk, zone) {
  const box = element("details", "staff");
  const body = element("div");
  box.append(element("summary", "", gettext("Posts")), body);
  box.addEventListener("toggle", () => {
    if (!box.open || body.childElementCount > 0) return;
    desk.attempt(async () => {
      const answer = await desk.api.get(`/staff?zone=${encodeURIComponent(zone)}`);
      body.replaceChildren(...editor(desk, zone, answer));
    });
  });
  return box;
}

/** @param {Desk} desk @param {string} zone @param {StaffAnswer} answer */
function editor(desk, zone, { staff, kinds, people }) {
  const list = element("ul", "staff-list");
  /** @param {PostToBe} post */
  const add = (post) => list.append(row(post, kinds, people, desk.mayDraw));
  for (const post of staff) add(post);
  if (!desk.mayDraw) return [list];
  const more = element("button", "", gettext("Add a post"));
  more.type = "button";
  more.addEventListener("click", () => add({ kind: kinds[0]?.code ?? "", holder: null, is_deputy: false }));
  const save = element("button", "primary", gettext("Set the posts"));
  save.type = "button";
  save.addEventListener("click", () => {
    desk.draw({ kind: "staff", zone, staff: [...list.children].map(readRow) });
  });
  const buttons = element("p", "buttons");
  buttons.append(more, save);
  return [list, buttons];
}

/** @param {PostToBe} post @param {StaffAnswer["kinds"]} kinds @param {StaffAnswer["people"]} people @param {boolean} mayDraw */
function row(post, kinds, people, mayDraw) {
  const item = element("li");
  const kind = choice(
    gettext("Post"),
    "kind",
    kinds.map(({ code, name }) => [code, name]),
    post.kind,
  );
  const offers = people.map(({ id, name }) => /** @type {[string, string]} */ ([String(id), name]));
  const holder = choice(
    gettext("Holder"),
    "holder",
    [["", gettext("vacant")], ...offers],
    String(post.holder ?? ""),
  );
  const deputy = element("label", "check");
  const box = element("input");
  box.type = "checkbox";
  box.checked = post.is_deputy;
  deputy.append(box, gettext("deputy"));
  const away = element("button", "quiet", "×");
  away.type = "button";
  away.setAttribute("aria-label", gettext("Remove this post"));
  away.addEventListener("click", () => item.remove());
  item.append(kind, holder, deputy, ...(mayDraw ? [away] : []));
  for (const control of [kind, holder, box]) control.disabled = !mayDraw;
  return item;
}

/** @param {string} label @param {string} name @param {[string, string][]} offers @param {string} value */
function choice(label, name, offers, value) {
  const select = element("select");
  select.name = name;
  select.setAttribute("aria-label", label);
  for (const [code, text] of offers) select.append(new Option(text, code));
  select.value = value;
  return select;
}

/** @param {Element} item @returns {PostToBe} */
function readRow(item) {
  const selects = [...item.querySelectorAll("select")];
  /** @param {string} name */
  const value = (name) => selects.find((select) => select.name === name)?.value ?? "";
  const holder = value("holder");
  return {
    kind: value("kind"),
    holder: holder ? Number(holder) : null,
    is_deputy: Boolean(item.querySelector("input")?.checked),
  };
}

/** The tab in the middle: a report in three taps, and the drafts of those that were not sent. */
import { v7 } from "uuid";
import { phoneMap } from "../../map/phone.js";
import { PinMap } from "../../map/pin.js";
import { byId } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { tilesFor } from "../map/archive.js";
import { EntryCheck } from "./entry.js";
import { newDraft, ReportForm } from "./form.js";
import { hold, isHeld } from "./holding.js";

/**
 * @typedef {import("../context.js").Prefill} Prefill
 * @typedef {import("./form.js").ReportDraft} ReportDraft
 */

export class ReportTab {
  /** @type {ReportForm | null} made when it is first seen: a map needs a size */
  #form = null;
  /** @type {Prefill | null} */
  #prefill = null;

  /** @param {HTMLElement} panel @param {import("../context.js").Context} context @param {() => void} sent */
  constructor(panel, context, sent) {
    this.panel = panel;
    this.context = context;
    this.sent = sent;
    document.addEventListener("visibilitychange", () => {
      if (panel.hidden) return;
      // Nobody looks: no position is followed.
      if (document.hidden) this.#form?.close();
      else this.#form?.open();
    });
  }

  /** What the form is to be opened with next. @param {Prefill} [prefill] */
  prefill(prefill) {
    this.#prefill = prefill ?? null;
  }

  /** @returns {boolean} whether something was entered and not sent yet */
  get isBusy() {
    return this.#form?.isBusy ?? false;
  }

  async show() {
    const isFirst = this.#form === null;
    this.#form ??= this.#make();
    const draft = await this.#wished(isFirst);
    if (draft) {
      const blobs = await Promise.all(draft.files.map(({ id }) => this.context.outbox.blob(id)));
      this.#form.fill(draft, blobs);
    }
    hold(this.#form.id);
    this.#form.open();
  }

  hide() {
    this.#form?.close();
  }

  /** @param {boolean} isFirst @returns {Promise<ReportDraft | undefined>} undefined: what is in the form stays */
  async #wished(isFirst) {
    const prefill = this.#prefill;
    this.#prefill = null;
    if (prefill?.draft) return this.#takeUp(prefill.draft);
    if (prefill) {
      const { matter = "", text = "", follows = null } = prefill;
      return { ...newDraft(), ...placed(prefill), matter, text, follows };
    }
    if (!isFirst) return undefined;
    for (const { id, kind } of await this.context.outbox.drafts()) {
      if (kind === "report" && !(await isHeld(id))) return this.#takeUp(id);
    }
    return undefined;
  }

  /**
   * @param {string} id of a draft, or of an item of the outbox that is to be corrected
   * @returns {Promise<ReportDraft | undefined>} under a new id
   */
  async #takeUp(id) {
    const { outbox } = this.context;
    return (await outbox.claimDraft(id, renewed)) ?? (await outbox.draftOf(id, draftOf));
  }

  #make() {
    const { profile, door, words, time } = this.context;
    const check = new EntryCheck(byId("entry"), { door, state: words.state, time: time.short });
    const { map } = phoneMap(byId("map"), { ...profile, tiles: tilesFor(this.context) });
    const pins = new PinMap(map, gettext("Place of the incident"));
    const sent = () => {
      hold("");
      this.sent();
    };
    return new ReportForm(this.context, pins, { check, sent });
  }
}

/** @param {ReportDraft} draft @returns {ReportDraft} */
const renewed = (draft) => ({
  ...draft,
  id: v7(),
  files: draft.files.map((file) => ({ ...file, id: v7() })),
});

/** @param {import("../outbox.js").Item} item @returns {ReportDraft} */
function draftOf({ id, body }) {
  const { lon, lat, accuracy_m, position_source: source } = body;
  return renewed({
    ...newDraft(),
    matter: body.matter,
    text: body.text,
    isUrgent: body.priority === "urgent",
    observedAt: body.observed_at,
    place: { lon, lat, accuracy_m, source },
    device: body.device ?? null,
    files: body.attachments ?? [],
    replaces: id,
  });
}

/** @param {Prefill} prefill @returns {Partial<ReportDraft>} */
const placed = ({ lon, lat }) =>
  lon === undefined || lat === undefined ? {} : { place: { lon, lat, accuracy_m: null, source: "pin" } };

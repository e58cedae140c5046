/**
 * The report form: matter from pictures, a few words, the place, files. Every keystroke is kept as a draft, which
 * is there again after whatever happens to the page; the report takes over the draft's id.
 */
import { v7 } from "uuid";
import { byId } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { newCall } from "../calls.js";
import { Matters } from "./matters.js";
import { Pictures } from "./pictures.js";
import { POOR_M, Position } from "./position.js";
import { Snaps } from "./snap.js";

/**
 * @typedef {import("../../live/messages.js").DeclaredFile} DeclaredFile
 * @typedef {import("./position.js").Place} Place
 *
 * @typedef {object} ReportDraft
 * @property {string} id becomes that of the report
 * @property {"report"} kind
 * @property {string} matter
 * @property {string} text
 * @property {boolean} isUrgent
 * @property {string} observedAt when the worker began to write: the device's word for when it was seen
 * @property {Place | null} place
 * @property {import("./position.js").Device | null} device
 * @property {DeclaredFile[]} files
 * @property {string | null} replaces the item of the outbox that it corrects
 * @property {{ visit: string, household: number } | null} follows the visit that it came out of
 */

/** @returns {ReportDraft} */
export const newDraft = () => ({
  id: v7(),
  kind: "report",
  matter: "",
  text: "",
  isUrgent: false,
  observedAt: new Date().toISOString(),
  place: null,
  device: null,
  files: [],
  replaces: null,
  follows: null,
});

/** @param {ReportDraft} draft @returns {boolean} whether anything was entered; a position comes by itself */
export const hasContent = ({ matter, text, files, isUrgent }) =>
  matter !== "" || text.trim() !== "" || files.length > 0 || isUrgent;

export class ReportForm {
  #draft = newDraft();
  /** @type {Promise<void>} the last saving of the draft: one after the other */
  #saved = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} sends once a better fix has had its chance */
  #waiting;
  #isSending = false;
  /** @type {Set<string>} the files whose bytes are kept */
  #stored = new Set();
  #text = /** @type {HTMLTextAreaElement} */ (byId("text"));
  #urgent = /** @type {HTMLInputElement} */ (byId("urgent"));

  /**
   * @param {import("../context.js").Context} context
   * @param {import("../../map/pin.js").PinMap} map
   * @param {object} tools
   * @param {import("./entry.js").EntryCheck} tools.check tells what is known before anything is sent
   * @param {() => void} tools.sent the report is kept and goes by itself
   */
  constructor(context, map, { check, sent }) {
    this.context = context;
    this.map = map;
    this.check = check;
    this.sent = sent;
    const { profile, data } = context;
    const search = /** @type {HTMLInputElement} */ (byId("matter-search"));
    this.matters = new Matters(byId("matters"), search, profile.words.matters, data, () => this.#edited());
    const inputs = /** @type {HTMLInputElement[]} */ ([
      ...document.querySelectorAll("#form input[type=file]"),
    ]);
    this.pictures = new Pictures(inputs, byId("pictures"), {
      limits: profile.limits,
      say: (sentence) => this.#say(sentence),
      changed: (added) => this.#changed(added),
      onHint: (lon, lat) => this.position.place ?? map.look(lon, lat),
    });
    this.position = new Position(
      (place) => this.#placed(place),
      (reason) => this.#unplaced(reason),
    );
    this.snaps = new Snaps(byId("snaps"), data, (lon, lat) => this.position.setByHand(lon, lat, "pin"));
    map.onPick((lon, lat, source) => {
      this.#say("");
      this.position.setByHand(lon, lat, source);
    });
    this.#text.addEventListener("input", () => this.#edited());
    this.#urgent.addEventListener("change", () => this.#edited());
    byId("locate").addEventListener("click", () => this.position.reset());
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** @returns {boolean} whether something was entered and not sent yet */
  get isBusy() {
    return hasContent(this.#draft);
  }

  /** @returns {string} the id of the draft that is open */
  get id() {
    return this.#draft.id;
  }

  /** Show the form as it is, and follow the device. */
  open() {
    this.#say("");
    if (!this.isBusy) this.#draft.observedAt = new Date().toISOString();
    const { place } = this.position;
    if (!place || place.source === "device") this.position.follow();
    this.map.refresh();
  }

  close() {
    this.position.stop();
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }

  /**
   * Take up a draft, with the bytes of its files.
   *
   * @param {ReportDraft} draft
   * @param {readonly (Blob | undefined)[]} blobs
   */
  fill(draft, blobs) {
    this.#draft = draft;
    this.#stored = new Set(draft.files.map(({ id }) => id));
    this.matters.choose(draft.matter);
    this.#text.value = draft.text;
    this.#urgent.checked = draft.isUrgent;
    this.pictures.set(
      draft.files.flatMap((declared, n) => {
        const blob = blobs[n];
        return blob ? [{ declared, blob }] : [];
      }),
    );
    this.#draft.files = this.pictures.chosen.map(({ declared }) => declared);
    this.map.clear();
    byId("where").textContent = "";
    this.snaps.about(null);
    this.position.restore(draft.place, draft.device);
    this.#ask();
  }

  #edited() {
    this.#say("");
    this.#changed();
  }

  /** @param {readonly import("./pictures.js").Picture[]} [added] files whose bytes are not kept yet */
  #changed(added = []) {
    this.#draft = {
      ...this.#draft,
      matter: this.matters.code,
      text: this.#text.value,
      isUrgent: this.#urgent.checked,
      place: this.position.place,
      device: this.position.device,
      files: this.pictures.chosen.map(({ declared }) => declared),
    };
    this.#save(added);
    this.#ask();
  }

  /** @param {readonly import("./pictures.js").Picture[]} added */
  #save(added) {
    if (!this.isBusy) return;
    const draft = this.#draft;
    const bytes = added.map(({ declared, blob }) => ({ id: declared.id, blob }));
    this.#saved = this.#saved.then(async () => {
      // What was sent meanwhile must not come back as a draft.
      if (draft.id !== this.#draft.id) return;
      try {
        await this.context.outbox.saveDraft(draft, bytes);
        for (const { id } of bytes) this.#stored.add(id);
      } catch {
        this.#say(full());
      }
    });
  }

  #ask() {
    const { place } = this.position;
    const { matter, text } = this.#draft;
    this.check.about(place && matter ? { matter, text: text.trim(), lon: place.lon, lat: place.lat } : null);
  }

  /** @param {Place} place */
  #placed(place) {
    this.map.show(place);
    byId("where").textContent = describe(place);
    byId("where").classList.toggle("poor", (place.accuracy_m ?? 0) > POOR_M);
    this.snaps.about(place);
    this.#changed();
    if (this.#waiting && this.position.patience === 0) this.#submit();
  }

  /** @param {string} reason */
  #unplaced(reason) {
    if (this.position.place) return;
    byId("where").textContent =
      reason === "denied"
        ? gettext("The browser may not use your position: tap the place on the map.")
        : gettext("No position from this device: tap the place on the map.");
  }

  /** Send it; a position that is poor gets a moment to become better, unless it's asked for once more. */
  #submit() {
    const isAskedTwice = this.#waiting !== undefined;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    if (!this.matters.code) return this.#say(gettext("Choose what it is."));
    const { patience, place } = this.position;
    if (patience > 0 && !isAskedTwice) {
      this.#say(gettext("Waiting a moment for a better position. Tap again to send it as it is."));
      this.#waiting = setTimeout(() => this.#submit(), patience);
      return undefined;
    }
    if (!place) return this.#say(gettext("Tap the place on the map, or use your position."));
    return this.#keep(place);
  }

  /** @param {Place} place */
  async #keep(place) {
    if (this.#isSending) return;
    this.#isSending = true;
    const draft = this.#draft;
    try {
      await this.#saved;
      await this.context.outbox.keep(
        {
          id: draft.id,
          kind: "report",
          path: `reports/${draft.id}`,
          method: "PUT",
          body: bodyOf(draft, place),
          files: this.pictures.chosen.map(({ declared, blob }) =>
            this.#stored.has(declared.id) ? declared : { ...declared, blob },
          ),
        },
        { draft: draft.id, replaces: draft.replaces },
      );
      if (draft.follows) await this.context.outbox.keep(link(draft.follows.visit, draft.id));
    } catch {
      return this.#say(full());
    } finally {
      this.#isSending = false;
    }
    this.matters.note(draft.matter);
    this.fill(newDraft(), []);
    this.sent();
  }

  /** @param {string} sentence */
  #say(sentence) {
    byId("form-error").textContent = sentence;
  }
}

/** @param {ReportDraft} draft @param {Place} place */
const bodyOf = ({ matter, text, isUrgent, observedAt, device, files, follows }, place) => ({
  matter,
  text: text.trim(),
  lon: place.lon,
  lat: place.lat,
  accuracy_m: place.accuracy_m,
  position_source: place.source,
  // Where the device was is told only where the pin was set elsewhere.
  ...(device && place.source !== "device" ? { device } : {}),
  observed_at: observedAt,
  priority: isUrgent ? "urgent" : "normal",
  ...(follows ? { household: follows.household } : {}),
  attachments: files,
});

/**
 * That the report came out of a visit is a call of its own: both have their ids before either has arrived.
 *
 * @param {string} visit
 * @param {string} report
 * @returns {import("../outbox.js").New}
 */
const link = (visit, report) => newCall("follow-ups", { visit, report }, gettext("Report of a visit"));

const full = () =>
  gettext("This phone can't keep the report: free some space and send it again. Nothing you wrote is lost.");

/** @param {Place} place */
function describe(place) {
  if (place.source !== "device") return gettext("Place set by hand");
  const metres = Math.round(place.accuracy_m ?? 0);
  return metres > POOR_M
    ? fill(gettext("Position known to ±%(metres)s m only: check the pin"), { metres })
    : fill(gettext("Your position, ±%(metres)s m"), { metres });
}

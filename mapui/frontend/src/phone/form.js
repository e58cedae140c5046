/** The report form: matter from pictures, a few words, the place; what was typed stays until it's kept. */
import { v7 } from "uuid";
import { byId, element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { Pictures } from "./pictures.js";
import { Position } from "./position.js";

/**
 * @typedef {import("../live/messages.js").Report} Report
 * @typedef {{ code: string, name: string, icon: string, colour: string, is_errand: boolean }} Matter
 * @typedef {import("./position.js").Place} Place
 */

/** From this accuracy on the worker is asked to check the pin (metres). */
const POOR_M = 50;

export class ReportForm {
  #matter = "";
  /** When the worker began to report: the device's word for when it was seen. */
  #observedAt = new Date();
  /** @type {HTMLTextAreaElement} */
  #text = /** @type {any} */ (byId("text"));
  /** @type {HTMLInputElement} */
  #urgent = /** @type {any} */ (byId("urgent"));

  /**
   * @param {Matter[]} matters
   * @param {import("../map/pin.js").PinMap} map
   * @param {(icon: string) => Element} icon
   * @param {object} tools
   * @param {(report: Report, files: { id: string, blob: Blob }[]) => Promise<void>} tools.keep takes the report;
   *   only then the form is emptied
   * @param {import("./entry.js").EntryCheck} tools.check tells what is known before anything is sent
   */
  constructor(matters, map, icon, { keep, check }) {
    this.map = map;
    this.keep = keep;
    this.check = check;
    this.pictures = new Pictures(
      /** @type {HTMLInputElement} */ (byId("files")),
      byId("pictures"),
      (sentence) => this.#say(sentence),
    );
    this.#text.addEventListener("input", () => this.#ask());
    this.position = new Position(
      (place) => this.#placed(place),
      (reason) => this.#unplaced(reason),
    );
    map.onPick((lon, lat, source) => this.position.setByHand(lon, lat, source));
    // An errand is for a household, which is chosen at the counter.
    const reported = matters.filter((matter) => !matter.is_errand);
    byId("matters").append(...reported.map((matter) => this.#tile(matter, icon)));
    byId("locate").addEventListener("click", () => this.position.reset());
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Show the form, empty or with a report that has to be corrected. @param {import("./outbox.js").Waiting} [waiting] */
  open(waiting) {
    const report = waiting?.report;
    this.#say("");
    this.#observedAt = report ? new Date(report.observed_at) : new Date();
    if (report) {
      this.#choose(report.matter);
      this.#text.value = report.text;
      this.#urgent.checked = report.priority === "urgent";
      this.pictures.set(picturesOf(waiting));
      this.position.setByHand(report.lon, report.lat, "pin");
    } else if (!this.position.place || this.position.place.source === "device") {
      this.position.follow();
    }
    this.map.refresh();
  }

  close() {
    this.position.stop();
  }

  /** @param {Matter} matter @param {(icon: string) => Element} icon */
  #tile(matter, icon) {
    const label = element("label", "matter");
    const input = document.createElement("input");
    input.type = "radio";
    input.name = "matter";
    input.value = matter.code;
    input.addEventListener("change", () => this.#choose(matter.code));
    const picture = icon(matter.icon);
    label.style.setProperty("--matter", matter.colour);
    label.append(input, picture, element("span", "", matter.name));
    return label;
  }

  /** @param {string} code */
  #choose(code) {
    this.#matter = code;
    const input = document.querySelector(`input[name="matter"][value="${CSS.escape(code)}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
    this.#say("");
    this.#ask();
  }

  #ask() {
    const place = this.position.place;
    const { lon, lat } = place ?? { lon: 0, lat: 0 };
    const text = this.#text.value.trim();
    this.check.about(place && this.#matter ? { matter: this.#matter, text, lon, lat } : null);
  }

  /** @param {Place} place */
  #placed(place) {
    this.map.show(place);
    byId("where").textContent = describe(place);
    byId("where").classList.toggle("poor", (place.accuracy_m ?? 0) > POOR_M);
    this.#say("");
    this.#ask();
  }

  /** @param {string} reason */
  #unplaced(reason) {
    if (this.position.place) return;
    byId("where").textContent =
      reason === "denied"
        ? gettext("The browser may not use your position: tap the place on the map.")
        : gettext("No position from this device: tap the place on the map.");
  }

  async #submit() {
    const place = this.position.place;
    if (!this.#matter) return this.#say(gettext("Choose what it is."));
    if (!place) return this.#say(gettext("Tap the place on the map, or use your position."));
    /** @type {Report} */
    const report = {
      kind: "report",
      id: v7(),
      matter: this.#matter,
      text: this.#text.value.trim(),
      lon: place.lon,
      lat: place.lat,
      accuracy_m: place.accuracy_m,
      position_source: place.source,
      observed_at: this.#observedAt.toISOString(),
      sent_at: new Date().toISOString(),
      priority: this.#urgent.checked ? "urgent" : "normal",
      attachments: this.pictures.chosen.map(({ declared }) => declared),
    };
    const files = this.pictures.chosen.map(({ declared, blob }) => ({ id: declared.id, blob }));
    try {
      await this.keep(report, files);
    } catch {
      return this.#say(gettext("This phone can't keep the report: free some space and send it again."));
    }
    this.#clear();
  }

  #clear() {
    this.#matter = "";
    this.#text.value = "";
    this.#urgent.checked = false;
    this.pictures.set();
    this.check.about(null);
    this.position.place = null;
    this.map.clear();
    byId("where").textContent = "";
    for (const input of document.querySelectorAll('input[name="matter"]')) {
      /** @type {HTMLInputElement} */ (input).checked = false;
    }
  }

  /** @param {string} sentence */
  #say(sentence) {
    byId("form-error").textContent = sentence;
  }
}

/** The files of a report that is corrected, where they are still here. @param {import("./outbox.js").Waiting} [waiting] */
function picturesOf(waiting) {
  const blobs = new Map(waiting?.files.map(({ id, blob }) => [id, blob]));
  return (waiting?.report.attachments ?? []).flatMap((declared) => {
    const blob = blobs.get(declared.id);
    return blob ? [{ declared, blob }] : [];
  });
}

/** @param {Place} place */
function describe(place) {
  if (place.source !== "device") return gettext("Place set by hand");
  const metres = Math.round(place.accuracy_m ?? 0);
  return metres > POOR_M
    ? fill(gettext("Position known to ±%(metres)s m only: check the pin"), { metres })
    : fill(gettext("Your position, ±%(metres)s m"), { metres });
}

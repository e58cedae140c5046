/** The report form: matter from pictures, a few words, the place; what was typed stays until it's kept. */
import { v7 } from "uuid";
import { byId, element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { Position } from "./position.js";

/**
 * @typedef {import("../live/messages.js").Report} Report
 * @typedef {{ code: string, name: string, icon: string, colour: string }} Matter
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

  /**
   * @param {Matter[]} matters
   * @param {import("../map/pin.js").PinMap} map
   * @param {(icon: string) => Element} icon
   * @param {(report: Report) => Promise<void>} keep takes the report; only then the form is emptied
   */
  constructor(matters, map, icon, keep) {
    this.map = map;
    this.keep = keep;
    this.position = new Position(
      (place) => this.#placed(place),
      (reason) => this.#unplaced(reason),
    );
    map.onPick((lon, lat, source) => this.position.setByHand(lon, lat, source));
    byId("matters").append(...matters.map((matter) => this.#tile(matter, icon)));
    byId("locate").addEventListener("click", () => this.position.reset());
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Show the form, empty or with a report that has to be corrected. @param {Report} [report] */
  open(report) {
    this.#say("");
    this.#observedAt = report ? new Date(report.observed_at) : new Date();
    if (report) {
      this.#choose(report.matter);
      this.#text.value = report.text;
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
  }

  /** @param {Place} place */
  #placed(place) {
    this.map.show(place);
    byId("where").textContent = describe(place);
    byId("where").classList.toggle("poor", (place.accuracy_m ?? 0) > POOR_M);
    this.#say("");
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
    };
    try {
      await this.keep(report);
    } catch {
      return this.#say(gettext("This phone can't keep the report: free some space and send it again."));
    }
    this.#clear();
  }

  #clear() {
    this.#matter = "";
    this.#text.value = "";
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

/** @param {Place} place */
function describe(place) {
  if (place.source !== "device") return gettext("Place set by hand");
  const metres = Math.round(place.accuracy_m ?? 0);
  return metres > POOR_M
    ? fill(gettext("Position known to ±%(metres)s m only: check the pin"), { metres })
    : fill(gettext("Your position, ±%(metres)s m"), { metres });
}

/** Where the household is, on a small map: who stands there puts its pin right, also without a network. */
import { phoneMap } from "../../map/phone.js";
import { PinMap } from "../../map/pin.js";
import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { keepOrSay, newCall } from "../calls.js";
import { tilesFor } from "../map/archive.js";
import { Position } from "../report/position.js";

/** @typedef {import("./round.js").Household} Household */

export class PinEditor {
  #root = element("section", "pin-editor");
  #open = element("button", "quiet", gettext("Put its pin right"));
  #box = element("div", "pin-map");
  #where = element("p", "report-foot");
  #save = element("button", "primary", gettext("The household is here"));
  #here = element("button", "quiet", gettext("My position"));
  #editor = element("div");
  /** @type {PinMap | null} made when it is first opened: a map needs a size */
  #pins = null;
  /** @type {Household | null} */
  #household = null;

  /** @param {import("../context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.position = new Position(
      (place) => this.#moved(place),
      () => setText(this.#where, gettext("No position from this device: tap the place on the map.")),
    );
    const buttons = element("div", "action-buttons");
    for (const button of [this.#open, this.#save, this.#here]) button.type = "button";
    this.#where.setAttribute("role", "status");
    this.#editor.hidden = true;
    buttons.append(this.#save, this.#here);
    this.#editor.append(this.#box, this.#where, buttons);
    this.#root.append(this.#open, this.#editor);
    this.#open.addEventListener("click", () => this.#begin());
    this.#here.addEventListener("click", () => this.position.reset());
    this.#save.addEventListener("click", () => this.#keep());
  }

  get root() {
    return this.#root;
  }

  /** @param {Household} household */
  show(household) {
    if (household.id !== this.#household?.id) this.close();
    this.#household = household;
  }

  close() {
    this.#household = null;
    this.#editor.hidden = true;
    this.#open.hidden = false;
    this.position.stop();
  }

  #begin() {
    const household = this.#household;
    if (!household) return;
    this.#open.hidden = true;
    this.#editor.hidden = false;
    this.#pins ??= this.#make();
    this.#pins.refresh();
    const { lon, lat, accuracy_m: accuracy } = household;
    if (lon === null || lat === null) {
      this.position.reset();
      return;
    }
    this.#pins.map.setView([lat, lon], 18);
    this.position.restore({ lon, lat, accuracy_m: accuracy, source: "pin" }, null);
  }

  #make() {
    const { profile } = this.context;
    const { map } = phoneMap(this.#box, { ...profile, tiles: tilesFor(this.context) });
    const pins = new PinMap(map, gettext("Place of the household"));
    pins.onPick((lon, lat, source) => this.position.setByHand(lon, lat, source));
    return pins;
  }

  /** @param {import("../report/position.js").Place} place */
  #moved(place) {
    this.#pins?.show(place);
    const metres = Math.round(place.accuracy_m ?? 0);
    setText(
      this.#where,
      place.source === "device"
        ? fill(gettext("Your position, ±%(metres)s m"), { metres })
        : gettext("Drag the pin, or tap the place on the map."),
    );
  }

  async #keep() {
    const household = this.#household;
    const { place } = this.position;
    if (!(household && place)) return;
    const at = new Date(this.context.clock.now()).toISOString();
    const { lon, lat, accuracy_m: accuracy } = place;
    const body = { household: household.id, at, lon, lat, accuracy_m: accuracy || null };
    const change = newCall("places", body, gettext("Pin of a household"));
    if (!(await keepOrSay(this.context, change))) return;
    this.context.notice(gettext("Kept on this phone; it is sent by itself."), "good");
    this.close();
    this.#household = household;
  }
}

/** Where it is: the device's position or a pin on the page's own map, written into the form's hidden fields. */
import L from "leaflet";
import { PinMap } from "../map/pin.js";
import { Position } from "../phone/report/position.js";
import { groundLayer } from "../plans/zones.js";
import { byId } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

/**
 * @typedef {import("../phone/report/position.js").Place} Place
 */

/** The form's fields of a place. */
const FIELDS = ["lon", "lat", "accuracy_m", "source"];
/** A pin doesn't follow the device for longer: the battery is the resident's. */
const FOLLOW_MS = 20_000;
const NEAR_ZOOM = 17;

export class Pinning {
  #hasGround = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #end;

  /**
   * @param {import("leaflet").Map} map
   * @param {string} ground the address of the ground around a position
   * @param {[number, number] | null} spot lon/lat where the map begins
   */
  constructor(map, ground, spot) {
    this.map = map;
    this.ground = ground;
    this.spot = spot;
    this.pins = new PinMap(map, gettext("Place of the incident"));
    this.position = new Position(
      (place) => this.#placed(place),
      () => this.#unplaced(),
    );
    this.pins.onPick((lon, lat, source) => this.position.setByHand(lon, lat, source));
    byId("locate").addEventListener("click", () => this.#locate());
    document.getElementById("mark")?.addEventListener("click", () => this.#open(spot));
    byId("unpin").addEventListener("click", () => this.#clear());
    byId("pinning").hidden = false;
    this.#restore();
  }

  /** After a fault the page comes back with what was pinned. */
  #restore() {
    const [lon, lat, accuracy, source] = FIELDS.map((name) => field(name).value);
    if (!(lon && lat && source)) return;
    const place = { lon: Number(lon), lat: Number(lat), accuracy_m: Number(accuracy) || null };
    this.#placed({ ...place, source: /** @type {Place["source"]} */ (source) });
  }

  #locate() {
    byId("where").textContent = gettext("Looking for your position…");
    this.position.reset();
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this.position.stop(), FOLLOW_MS);
  }

  /** @param {Place} place */
  async #placed(place) {
    field("lon").value = place.lon.toFixed(6);
    field("lat").value = place.lat.toFixed(6);
    field("accuracy_m").value = place.accuracy_m === null ? "" : String(Math.round(place.accuracy_m));
    field("source").value = place.source;
    byId("where").textContent =
      place.source === "device"
        ? fill(gettext("Your position, ±%(metres)s m. Drag the pin to where it is."), {
            metres: Math.round(place.accuracy_m ?? 0),
          })
        : gettext("The place is marked. Drag the pin to correct it.");
    byId("unpin").hidden = false;
    await this.#open([place.lon, place.lat]);
    this.pins.show(place);
  }

  #unplaced() {
    if (this.position.place) return;
    byId("where").textContent = this.spot
      ? gettext("No position from this device: mark the place on the map, or go without.")
      : gettext("No position from this device: choose the place from the list.");
  }

  #clear() {
    this.position.stop();
    this.position.place = null;
    this.pins.clear();
    for (const name of FIELDS) field(name).value = "";
    byId("where").textContent = "";
    byId("unpin").hidden = true;
  }

  /** Show the map around a position. @param {[number, number] | null} at lon/lat */
  async #open(at) {
    if (!at) return;
    byId("map-box").hidden = false;
    this.map.invalidateSize();
    if (this.#hasGround && this.map.getBounds().contains([at[1], at[0]])) return;
    this.#hasGround = true;
    this.map.setMinZoom(0).setMaxBounds(new L.LatLngBounds([]));
    this.map.setView([at[1], at[0]], NEAR_ZOOM, { animate: false });
    const answer = await fetch(`${this.ground}?lon=${at[0].toFixed(3)}&lat=${at[1].toFixed(3)}`);
    if (!answer.ok) return;
    const { bounds, ground } = await answer.json();
    const [west, south, east, north] = bounds;
    const box = new L.LatLngBounds([south, west], [north, east]);
    groundLayer(ground).addTo(this.map).bringToBack();
    // There is nothing to be seen beyond it.
    this.map.setMinZoom(this.map.getBoundsZoom(box, true)).setMaxBounds(box);
  }
}

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (byId(`id_${name}`));

/** The phone's small map: one pin that can be dragged, its circle of accuracy, a tap that sets it. */
import L from "leaflet";

/**
 * @typedef {import("../phone/report/position.js").Place} Place
 * @typedef {(lon: number, lat: number, source: "pin" | "map") => void} Pick
 */

const NEAR_ZOOM = 17;
const PIN_SIZE = 44;

export class PinMap {
  /** @type {L.Marker | null} */
  #pin = null;
  /** @type {L.Circle | null} */
  #circle = null;
  /** @type {Pick} */
  #pick = () => undefined;

  /** @param {L.Map} map @param {string} label what a screen reader says of the pin */
  constructor(map, label) {
    this.map = map;
    this.label = label;
    map.on("click", ({ latlng }) => {
      const { lng, lat } = latlng.wrap();
      this.#pick(lng, lat, "map");
    });
  }

  /** @param {Pick} pick called when the worker sets the place by hand */
  onPick(pick) {
    this.#pick = pick;
  }

  /** Show a place and bring it into view. @param {Place} place */
  show(place) {
    const at = new L.LatLng(place.lat, place.lon);
    this.#pin = (this.#pin ?? this.#makePin(at)).setLatLng(at);
    this.#showAccuracy(at, place.accuracy_m);
    if (place.source === "device") this.map.setView(at, Math.max(this.map.getZoom(), NEAR_ZOOM));
    else if (!this.map.getBounds().contains(at)) this.map.panTo(at);
  }

  /** Bring a place into view without saying that it is there. @param {number} lon @param {number} lat */
  look(lon, lat) {
    this.map.setView([lat, lon], NEAR_ZOOM);
  }

  clear() {
    this.#pin?.remove();
    this.#circle?.remove();
    this.#pin = null;
    this.#circle = null;
  }

  /** The map was hidden: let it measure itself anew. */
  refresh() {
    this.map.invalidateSize();
  }

  /** @param {L.LatLng} at */
  #makePin(at) {
    const icon = new L.DivIcon({
      className: "pin",
      iconSize: [PIN_SIZE, PIN_SIZE],
      iconAnchor: [PIN_SIZE / 2, PIN_SIZE],
    });
    const pin = new L.Marker(at, {
      icon,
      draggable: true,
      autoPan: true,
      title: this.label,
      alt: this.label,
    });
    pin.on("dragend", () => {
      const { lng, lat } = pin.getLatLng().wrap();
      this.#pick(lng, lat, "pin");
    });
    return pin.addTo(this.map);
  }

  /** @param {L.LatLng} at @param {number | null} metres */
  #showAccuracy(at, metres) {
    this.#circle?.remove();
    this.#circle = metres
      ? new L.Circle(at, { radius: metres, className: "accuracy", interactive: false }).addTo(this.map)
      : null;
  }
}

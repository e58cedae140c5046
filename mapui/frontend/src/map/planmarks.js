/** What lies over the zones for a while: refused drawings, ghosts of proposals, buildings, pins, a place shown. */
import L from "leaflet";

/**
 * @typedef {import("../planner/contract.js").Position} Position
 * @typedef {import("../planner/contract.js").Zone} Zone
 * @typedef {import("../planner/contract.js").Building} Building
 *
 * @typedef {{ id: number, at: Position, label: string, isOpen: boolean }} Pin
 */

const PIN_PX = 30;
/** What was drawn: on its way to the server, or refused by it. */
const DRAWN = {
  waiting: { color: "#c2185b", weight: 3, dashArray: "8 6", interactive: false },
  refused: { color: "#b3261e", weight: 3, dashArray: "2 7", interactive: false },
};

/** @param {Position} at */
const latLng = ([lon, lat]) => new L.LatLng(lat, lon);

export class PlanMarks {
  #drawn = new L.LayerGroup();
  /** @type {L.Popup | null} */
  #words = null;
  #ghosts = new L.LayerGroup();
  #buildings = new L.LayerGroup();
  #pins = new L.LayerGroup();
  #place = new L.LayerGroup();
  #faults = new L.LayerGroup();

  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    for (const [pane, zIndex] of /** @type {[string, number][]} */ ([
      ["ghosts", 430],
      ["plan-marks", 600],
    ])) {
      const made = map.createPane(pane);
      made.style.zIndex = String(zIndex);
      made.style.pointerEvents = "none";
    }
    this.ghostRenderer = new L.Canvas({ pane: "ghosts", padding: 0.1 });
    this.markRenderer = new L.SVG({ pane: "plan-marks" });
    const groups = [this.#faults, this.#drawn, this.#ghosts, this.#buildings, this.#pins, this.#place];
    for (const group of groups) group.addTo(map);
  }

  /** Keep in sight what somebody drew. @param {readonly (readonly Position[])[]} lines @param {keyof typeof DRAWN} state */
  showDrawn(lines, state) {
    this.clearDrawn();
    const options = { ...DRAWN[state], renderer: this.markRenderer, pane: "plan-marks" };
    for (const line of lines) new L.Polyline(line.map(latLng), options).addTo(this.#drawn);
  }

  /** @returns {boolean} whether there was anything drawn or said */
  clearDrawn() {
    const had = this.#words?.isOpen() || this.#drawn.getLayers().length > 0;
    this.#drawn.clearLayers();
    this.#words?.remove();
    this.#words = null;
    return had;
  }

  /**
   * Say something in its place, until it is dismissed; what was drawn goes with it.
   *
   * @param {Position} at @param {string} text
   */
  sayAt(at, text) {
    this.#words?.remove();
    const content = document.createElement("p");
    content.setAttribute("role", "alert");
    content.textContent = text;
    this.#words = new L.Popup({
      className: "refusal",
      closeOnClick: false,
      autoClose: false,
      closeOnEscapeKey: false,
      maxWidth: 320,
    });
    this.#words.setLatLng(latLng(at)).setContent(content);
    this.#words.on("remove", () => this.#drawn.clearLayers());
    this.#words.openOn(this.map);
  }

  /**
   * @param {readonly Zone[]} zones of a candidate
   * @param {(zone: Zone) => { fill: string, isPicked: boolean }} lookOf
   */
  showGhosts(zones, lookOf) {
    this.#ghosts.clearLayers();
    for (const zone of zones) {
      const { fill, isPicked } = lookOf(zone);
      new L.GeoJSON(zone, {
        interactive: false,
        pane: "ghosts",
        style: {
          renderer: this.ghostRenderer,
          pane: "ghosts",
          color: "#5b1fa6",
          weight: isPicked ? 4 : 2,
          dashArray: isPicked ? "" : "6 5",
          fillColor: fill,
          fillOpacity: isPicked ? 0.5 : 0.22,
        },
      }).addTo(this.#ghosts);
    }
  }

  /** @param {readonly Building[]} buildings @param {ReadonlySet<number>} picked */
  showBuildings(buildings, picked) {
    this.#buildings.clearLayers();
    for (const { id, rings } of buildings) {
      const isPicked = picked.has(id);
      new L.Polygon(
        rings.map((ring) => ring.map(latLng)),
        {
          renderer: this.ghostRenderer,
          pane: "ghosts",
          interactive: false,
          color: isPicked ? "#c2185b" : "#6b5b45",
          weight: isPicked ? 2.5 : 1,
          fillColor: isPicked ? "#c2185b" : "#a08b6a",
          fillOpacity: isPicked ? 0.65 : 0.25,
        },
      ).addTo(this.#buildings);
    }
  }

  /** @param {readonly Pin[]} pins @param {(id: number) => void} onOpen */
  showPins(pins, onOpen) {
    this.#pins.clearLayers();
    for (const { id, at, label, isOpen } of pins) {
      const icon = new L.DivIcon({
        className: isOpen ? "comment-pin" : "comment-pin comment-pin-done",
        iconSize: [PIN_PX, PIN_PX],
        iconAnchor: [PIN_PX / 2, PIN_PX],
      });
      new L.Marker(latLng(at), { icon, title: label, alt: label })
        .on("click", () => onOpen(id))
        .addTo(this.#pins);
    }
  }

  /** Ground that lies in no zone, in two, or beyond the scope. @param {readonly import("geojson").Geometry[]} grounds */
  showFaults(grounds) {
    this.#faults.clearLayers();
    const renderer = this.markRenderer;
    const style = { color: "#b3261e", weight: 2, fillColor: "#e0281c", fillOpacity: 0.55, renderer };
    for (const ground of grounds) {
      new L.GeoJSON(ground, { interactive: false, pane: "plan-marks", style }).addTo(this.#faults);
    }
  }

  /** Ring a place. @param {Position | null} at */
  showPlace(at) {
    this.#place.clearLayers();
    if (!at) return;
    new L.Marker(latLng(at), {
      icon: new L.DivIcon({ className: "place-ring", iconSize: [44, 44] }),
      interactive: false,
      keyboard: false,
    }).addTo(this.#place);
  }

  /**
   * Bring places into view; a single one near enough to see its buildings.
   *
   * @param {readonly Position[]} places
   */
  zoomTo(places) {
    if (places.length === 0) return;
    const box = new L.LatLngBounds(places.map(latLng));
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds(box, { animate, maxZoom: places.length === 1 ? 18 : 19, padding: [60, 60] });
  }
}

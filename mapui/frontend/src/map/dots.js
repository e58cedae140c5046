/** What is over: small dots below everything that isn't. */
import L from "leaflet";

/** @typedef {{ id: number, lon: number, lat: number }} Dot */

const PANE = "dots";

export class DotLayer {
  #group = new L.LayerGroup();

  /**
   * @param {L.Map} map
   * @param {{ radius: number, colour: string, onSelect: (id: number) => void }} options radius in pixels
   */
  constructor(map, { radius, colour, onSelect }) {
    map.createPane(PANE).style.zIndex = "420";
    this.onSelect = onSelect;
    this.look = {
      renderer: new L.Canvas({ pane: PANE, padding: 0.1 }),
      radius,
      weight: radius * 0.4,
      color: "#06101b",
      opacity: 0.8,
      fillColor: colour,
      fillOpacity: 0.95,
      bubblingMouseEvents: false,
    };
    this.#group.addTo(map);
  }

  /** @param {readonly Dot[]} dots all that are to be seen */
  show(dots) {
    this.#group.clearLayers();
    for (const { id, lon, lat } of dots) {
      const dot = new L.CircleMarker([lat, lon], this.look);
      dot.on("click", () => this.onSelect(id));
      this.#group.addLayer(dot);
    }
  }
}

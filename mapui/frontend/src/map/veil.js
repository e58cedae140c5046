import L from "leaflet";

/** Over everything of the map but what pulses and what is drawn: what lies outside of the unit is dim. */
const PANE = "veil";
const STYLE = { stroke: false, fillColor: "#08131f", fillOpacity: 0.62, interactive: false };
/** All around: no map shows more. @type {[number, number][]} */
const EVERYWHERE = [
  [-85, -360],
  [-85, 360],
  [85, 360],
  [85, -360],
];

/** A veil with a hole: the unit that the map is about. */
export class Veil {
  /** @type {L.Polygon | null} */
  #veil = null;
  /** @type {string} the code of the unit that it is to be open over */
  #wanted = "";

  /**
   * @param {L.Map} map
   * @param {(level: string, code: string) => Promise<import("geojson").FeatureCollection | null | undefined>} read
   *   the boundary of a unit
   */
  constructor(map, read) {
    map.createPane(PANE).style.zIndex = "455";
    const pane = map.getPane(PANE);
    if (pane) pane.style.pointerEvents = "none";
    this.map = map;
    this.read = read;
    this.renderer = new L.Canvas({ pane: PANE, padding: 0.5 });
  }

  /** @param {{ level: string, code: string } | null} unit null: nothing is outside */
  async show(unit) {
    const code = unit?.code ?? "";
    if (code === this.#wanted) return;
    this.#wanted = code;
    const found = unit && (await this.read(unit.level, unit.code));
    // Somebody has gone on meanwhile.
    if (code !== this.#wanted) return;
    this.#veil?.remove();
    this.#veil = null;
    const holes = (found?.features ?? []).flatMap(({ geometry }) => ringsOf(geometry));
    if (holes.length > 0) {
      const { renderer } = this;
      this.#veil = new L.Polygon([EVERYWHERE, ...holes], { ...STYLE, renderer, pane: PANE }).addTo(this.map);
    }
  }
}

/** The rings of an area, inner ones too: what lies in a hole of the unit is outside of it. @param {import("geojson").Geometry} geometry @returns {L.LatLng[][]} */
function ringsOf(geometry) {
  const polygons =
    geometry.type === "MultiPolygon"
      ? geometry.coordinates
      : geometry.type === "Polygon"
        ? [geometry.coordinates]
        : [];
  return polygons.flat().map((ring) => ring.map(([lon = 0, lat = 0]) => new L.LatLng(lat, lon)));
}

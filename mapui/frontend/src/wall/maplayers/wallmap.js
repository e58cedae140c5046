/** The map of the wall: the base map, the grids and the cases, and the panel that switches them. */

import { DARK } from "../../layers/styles.js";
import { baseLayer } from "../../map/base.js";
import { fitExtent } from "../../map/extent.js";
import { IncidentLayer } from "../../map/incidents.js";
import { UnitLayer } from "../../map/units.js";
import { gettext, language } from "../../ui/i18n.js";
import { LayersControl } from "./control.js";

/**
 * @typedef {object} Level
 * @property {string} code
 * @property {string} name
 * @property {number} zoom the first of the map that shows them
 *
 * @typedef {object} Given what the page is given by the server
 * @property {import("../../map/extent.js").Extent} extent
 * @property {readonly Level[]} levels from the top down
 * @property {import("../../map/base.js").TileSources} tiles
 */

/** The width of screen that sizes are given for; a 4K wall has twice as many pixels. */
const DESK_WIDTH = 1920;
/** Radius of a case's mark, pixels at that width. */
const MARK = 11;

export class WallMap {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement} panel where the panel of the layers is put
   * @param {Given} given
   * @param {{ onSelect: (id: number) => void, onNear: (isNear: boolean) => void }} events a case is clicked;
   *   whether the map is near enough for the grids that were chosen
   */
  constructor(map, panel, { extent, levels, tiles }, { onSelect, onNear }) {
    const scale = Math.min(2.5, Math.max(1, innerWidth / DESK_WIDTH));
    const look = { scale, latitude: (extent[1] + extent[3]) / 2, language: language() };
    this.map = map;
    this.layers = new LayersControl(panel);
    baseLayer(tiles.base, DARK, look).addTo(map);
    this.units = new UnitLayer(map, tiles.units, DARK, { ...look, onVisible: onNear });
    this.marks = new IncidentLayer(map, { radius: MARK * scale, onSelect });
    fitExtent(map, extent);
    this.#chooseLevel(levels);
  }

  /** @param {readonly Level[]} levels */
  #chooseLevel(levels) {
    const first = levels.find(({ code }) => code === "community") ?? levels[0];
    if (!first) return;
    this.layers.choose({
      key: "level",
      label: gettext("Grids on the map"),
      group: "grids",
      options: levels.map(({ code, name }) => ({ value: code, label: name })),
      value: first.code,
      onChoose: (code) => this.units.show(code, levels.find((level) => level.code === code)?.zoom ?? 0),
    });
  }
}

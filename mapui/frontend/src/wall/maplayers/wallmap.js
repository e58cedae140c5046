/** The map of the wall: what lies on it, in which style, and the panel that switches it. */

import { DARK, LIGHT } from "../../layers/styles.js";
import { baseLayer, groundLook } from "../../map/base.js";
import { fitExtent } from "../../map/extent.js";
import { Lettering } from "../../map/lettering.js";
import { UnitLayer } from "../../map/units.js";
import { redraw } from "../../map/vector.js";
import { gettext, language, pgettext } from "../../ui/i18n.js";
import { CaseLayer } from "./cases.js";
import { LayersControl } from "./control.js";

/**
 * @typedef {import("../../live/messages.js").Card} Card
 *
 * @typedef {object} Level
 * @property {string} code
 * @property {string} name
 * @property {number} zoom the first of the map that shows them
 *
 * @typedef {object} Given what the page is given by the server
 * @property {import("../../map/extent.js").Extent} extent
 * @property {readonly Level[]} levels from the top down
 * @property {import("../../map/base.js").TileSources} tiles
 *
 * @typedef {object} Events
 * @property {(id: number) => void} onSelect a case is clicked
 * @property {(isNear: boolean) => void} onNear whether the map is near enough for the grids that were chosen
 * @property {(card: Card) => boolean} shows whether the filters let a case be seen
 * @property {() => number} now milliseconds, the server's clock
 */

/** The width of screen that sizes are given for; a 4K wall has twice as many pixels. */
const DESK_WIDTH = 1920;
/** Radius of a case's mark, pixels at that width. */
const MARK = 11;
const STYLES = { dark: DARK, light: LIGHT };

export class WallMap {
  #level = "";

  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement} panel where the panel of the layers is put
   * @param {Given} given
   * @param {Events} events
   */
  constructor(map, panel, { extent, levels, tiles }, { onSelect, onNear, shows, now }) {
    const scale = Math.min(2.5, Math.max(1, innerWidth / DESK_WIDTH));
    const look = { scale, latitude: (extent[1] + extent[3]) / 2, language: language() };
    this.map = map;
    this.look = look;
    this.levels = levels;
    this.layers = new LayersControl(panel);
    this.base = baseLayer(tiles.base, DARK, look, { hasNames: false }).addTo(map);
    this.units = new UnitLayer(map, tiles.units, DARK, { ...look, hasNames: false, onVisible: onNear });
    this.lettering = new Lettering(map, tiles, this.base, DARK, look);
    this.cases = new CaseLayer(map, { radius: MARK * scale, now, shows, onSelect });
    fitExtent(map, extent);
    this.#chooseCases();
    this.#chooseLevel();
    this.#choosePlaces();
    this.#chooseStyle();
  }

  /** Show the grids as other tiles have them: those of another day, or anew. @param {import("../../map/vector.js").TileSource} source */
  useUnits(source) {
    this.units.use(source);
    this.lettering.name(this.#level, this.units.layer);
  }

  #chooseCases() {
    this.layers.add({
      key: "cases",
      label: gettext("Open cases"),
      group: "cases",
      isOn: true,
      show: () => this.cases.show(true),
      hide: () => this.cases.show(false),
    });
    this.layers.choose({
      key: "colours",
      label: gettext("Colours tell"),
      group: "cases",
      options: [
        { value: "state", label: pgettext("colours of cases", "the state") },
        { value: "age", label: pgettext("colours of cases", "the age") },
      ],
      value: "state",
      onChoose: (value) => this.cases.colourBy(value === "age" ? "age" : "state"),
    });
  }

  #chooseLevel() {
    const { levels } = this;
    const first = levels.find(({ code }) => code === "community") ?? levels[0];
    if (!first) return;
    this.layers.choose({
      key: "level",
      label: gettext("Grids on the map"),
      group: "grids",
      options: levels.map(({ code, name }) => ({ value: code, label: name })),
      value: first.code,
      onChoose: (code) => this.#showLevel(code),
    });
  }

  /** @param {string} code */
  #showLevel(code) {
    this.#level = code;
    this.units.show(code, this.levels.find((level) => level.code === code)?.zoom ?? 0);
    this.lettering.name(code, this.units.layer);
  }

  #choosePlaces() {
    this.layers.add({
      key: "places",
      label: gettext("Facilities"),
      group: "people",
      isOn: true,
      show: () => this.lettering.set({ hasPlaces: true }),
      hide: () => this.lettering.set({ hasPlaces: false }),
    });
  }

  #chooseStyle() {
    this.layers.choose({
      key: "style",
      label: gettext("Style of the map"),
      group: "ground",
      options: [
        { value: "dark", label: pgettext("style of the map", "Dark") },
        { value: "light", label: pgettext("style of the map", "Light") },
      ],
      value: "dark",
      onChoose: (value) => this.#restyle(value === "light" ? "light" : "dark"),
    });
  }

  /** @param {"dark" | "light"} name */
  #restyle(name) {
    const style = STYLES[name];
    this.map.getContainer().dataset.style = name;
    redraw(this.base, groundLook(style, this.look));
    this.units.restyle(style);
    this.lettering.restyle(style);
  }
}

/** The map of the wall: what lies on it, in which style, and the panel that switches it. */

import { AGES } from "../../layers/ages.js";
import { DARK, LIGHT } from "../../layers/styles.js";
import { fitExtent, stretchScaleBar } from "../../map/extent.js";
import { Lettering } from "../../map/lettering.js";
import { TileSheet } from "../../map/sheet.js";
import { TILE } from "../../map/stretch.js";
import { UnitLayer } from "../../map/units.js";
import { gettext, language, pgettext } from "../../ui/i18n.js";
import { readJson } from "../reading.js";
import { CaseLayer } from "./cases.js";
import { Choropleth } from "./choropleth.js";
import { LayersControl } from "./control.js";
import { EndedCases } from "./ended.js";
import { Ground } from "./ground.js";
import { Households } from "./households.js";
import { MapLegend } from "./maplegend.js";
import { Posts } from "./posts.js";
import { watchVersions } from "./tileversions.js";

/**
 * @typedef {import("../../live/messages.js").Card} Card
 * @typedef {import("../../map/vector.js").TileSource} TileSource
 *
 * @typedef {object} Level
 * @property {string} code
 * @property {string} name
 * @property {number} zoom the first of the map that shows them
 *
 * @typedef {object} Given what the page is given by the server
 * @property {import("../../map/extent.js").Extent} extent
 * @property {readonly Level[]} levels from the top down
 * @property {import("../../map/base.js").TileSources & { households?: TileSource }} tiles
 * @property {readonly import("../../map/raster.js").RasterMap[]} rasters base maps of others
 * @property {string} sorter the address of the script that sorts cases into clusters
 *
 * @typedef {object} Tools
 * @property {(id: number) => void} onSelect a case is clicked
 * @property {(isNear: boolean) => void} onNear whether the map is near enough for the grids that were chosen
 * @property {(card: Card) => boolean} shows whether the filters let a case be seen
 * @property {() => number} now milliseconds, the server's clock
 * @property {(address: string) => Promise<any>} read JSON below /api/wall/
 * @property {import("../../cases/words.js").Words} words
 */

/** The screen that sizes are given for; a 4K wall has twice as many pixels. */
const DESK_WIDTH = 1920;
const DESK_HEIGHT = 1080;
/** Radius of a case's mark, pixels at that width. */
const MARK = 11;
const STYLES = { dark: DARK, light: LIGHT };
/** The grids that are shown as the wall rolls down: those directly below where it stands. */
const BELOW = "below";

export class WallMap {
  #level = "";
  #style = DARK;
  /** Whether the level of the grids follows where the wall stands. */
  #follows = true;
  #levelBelow = "community";

  /**
   * @param {import("leaflet").Map} map
   * @param {{ panel: HTMLElement, legend: HTMLElement }} parts where the panel and the legend are put
   * @param {Given} given
   * @param {Tools} tools
   */
  constructor(map, parts, { extent, levels, tiles, rasters, sorter }, tools) {
    const scale = Math.max(1, Math.min(innerWidth / DESK_WIDTH, innerHeight / DESK_HEIGHT));
    const look = { scale, latitude: (extent[1] + extent[3]) / 2 };
    // A larger wall is read from farther away.
    const letters = 1.3 * scale - 0.3;
    const { now, shows, onSelect, onNear, read, words } = tools;
    this.map = map;
    this.look = look;
    this.levels = levels;
    this.tiles = tiles;
    this.rasters = rasters;
    this.layers = new LayersControl(parts.panel);
    this.legend = new MapLegend(parts.legend);
    const sheet = new TileSheet({ language: language(), tileSize: 2 * TILE, isLive: true }).addTo(map);
    this.ground = new Ground(map, sheet, tiles.base, DARK, look);
    this.households = tiles.households && new Households(sheet, tiles.households, DARK, scale);
    this.units = new UnitLayer(map, sheet, tiles.units, DARK, { scale, hasNames: false, onVisible: onNear });
    this.lettering = new Lettering(sheet, DARK, letters);
    this.sheet = sheet;
    this.posts = new Posts(map, { read, nameOf: words.post, radius: 10 * scale });
    this.ended = new EndedCases(map, { read, onSelect, radius: 5 * scale });
    this.cases = new CaseLayer(map, { radius: MARK * scale, sorter, now, shows, onSelect });
    const ramp = () => this.#style.ramp;
    this.choropleth = new Choropleth({ units: this.units, legend: this.legend, read, ramp });
    stretchScaleBar(scale);
    fitExtent(map, extent);
    this.#switchCases();
    this.#switchGrids();
    this.#switchPeople();
    this.#switchGround();
    const tilesOf = (/** @type {string} */ layer) => readJson(`/tiles/${layer}.json`);
    watchVersions(tiles, tilesOf, (layer, url) => this.#renew(layer, url));
  }

  /** The open cases are these now. @param {ReadonlyMap<number, Card>} cards by their ids; not copied */
  update(cards) {
    this.cases.update(cards);
    this.choropleth.update(cards);
  }

  /** The wall stands at a unit: ring it, and show the grids below it. @param {import("../focus.js").Focus} focus */
  focusOn({ unit, isTop, children }) {
    this.units.mark(unit && !isTop ? unit : null);
    const below = children[0]?.level ?? unit?.level;
    if (below) this.showLevel(below);
  }

  /** Show the grids of a level, unless somebody chose another one. @param {string} code */
  showLevel(code) {
    this.#levelBelow = this.levels.some((level) => level.code === code) ? code : this.#levelBelow;
    if (this.#follows) this.#showLevel(this.#levelBelow);
  }

  /** Show the grids as other tiles have them: those of another day, or of a newer version. @param {TileSource} source */
  useUnits(source) {
    this.units.use(source);
  }

  /** The tiles of a layer have a newer version. @param {string} layer @param {string} url */
  #renew(layer, url) {
    const known = this.tiles[/** @type {"base"} */ (layer)];
    const isLive = known.url === this.units.source.url;
    known.url = url;
    if (layer === "units" && isLive) this.useUnits(known);
    if (layer === "units") this.choropleth.renew();
    if (layer === "base") this.ground.renew(known);
    if (layer === "households" && this.households) this.sheet.read("households", known);
  }

  #switchCases() {
    const { cases, ended, layers, legend } = this;
    layers.add({
      key: "cases",
      label: gettext("Open cases"),
      group: "cases",
      isOn: true,
      show: () => cases.show(true),
      hide: () => cases.show(false),
    });
    layers.add({
      key: "ended",
      label: gettext("Cases that ended within 24 hours"),
      group: "cases",
      isOn: false,
      show: () => ended.show(true),
      hide: () => ended.show(false),
    });
    layers.choose({
      key: "colours",
      label: gettext("Colours tell"),
      group: "cases",
      options: [
        { value: "state", label: pgettext("colours of cases", "the state") },
        { value: "age", label: pgettext("colours of cases", "the age") },
      ],
      value: "state",
      onChoose: (value) => {
        const isAge = value === "age";
        cases.colourBy(isAge ? "age" : "state");
        if (!isAge) legend.hide("age");
        else {
          const entries = AGES.map(({ colour, label }) => ({
            colour,
            label: label(),
            shape: /** @type {const} */ ("disc"),
          }));
          legend.show("age", gettext("Age of the cases"), entries);
        }
      },
    });
  }

  #switchGrids() {
    const { levels, layers, choropleth } = this;
    layers.choose({
      key: "level",
      label: gettext("Grids on the map"),
      group: "grids",
      options: [
        { value: BELOW, label: gettext("One level down") },
        ...levels.map(({ code, name }) => ({ value: code, label: name })),
      ],
      value: BELOW,
      onChoose: (value) => {
        this.#follows = value === BELOW;
        this.#showLevel(this.#follows ? this.#levelBelow : value);
      },
    });
    layers.add({
      key: "choropleth",
      label: gettext("Open cases per 1,000 households"),
      group: "grids",
      isOn: false,
      show: () => choropleth.show(true),
      hide: () => choropleth.show(false),
    });
  }

  /** @param {string} code */
  #showLevel(code) {
    if (code === this.#level) return;
    this.#level = code;
    this.units.show(code, this.levels.find((level) => level.code === code)?.zoom ?? 0);
    this.lettering.name(code);
    this.choropleth.setLevel(code);
  }

  #switchPeople() {
    const { layers, households, posts, lettering } = this;
    const add = (
      /** @type {string} */ key,
      /** @type {string} */ label,
      /** @type {boolean} */ isOn,
      /** @type {(isOn: boolean) => void} */ set,
    ) => layers.add({ key, label, group: "people", isOn, show: () => set(true), hide: () => set(false) });
    if (households) {
      add("households", pgettext("map layers", "Households"), false, (all) => households.show({ all }));
      add("party", gettext("Party-member, hub and contact households"), false, (party) =>
        households.show({ party }),
      );
    }
    add("posts", gettext("Posts, and who is on duty"), false, (isOn) => posts.show(isOn));
    add("places", gettext("Facilities"), true, (hasPlaces) => lettering.set({ hasPlaces }));
  }

  #switchGround() {
    const { layers, lettering, rasters, ground } = this;
    if (rasters.length > 0) {
      layers.choose({
        key: "ground",
        label: gettext("Base map from"),
        group: "ground",
        options: [
          { value: "own", label: pgettext("base map", "here") },
          ...rasters.map(({ key, name }) => ({ value: key, label: name })),
        ],
        value: "own",
        onChoose: (value) => {
          const raster = rasters.find(({ key }) => key === value);
          ground.show(raster);
          // Others write the names of roads into their pictures.
          lettering.set({ hasGround: !raster });
        },
      });
    }
    layers.choose({
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
    this.#style = style;
    const container = this.map.getContainer();
    container.dataset.style = name;
    container.style.background = style.background;
    this.ground.restyle(style);
    this.households?.restyle(style);
    this.units.restyle(style);
    this.lettering.restyle(style);
    this.choropleth.renew();
  }
}

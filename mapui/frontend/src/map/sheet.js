/**
 * All that a map draws from vector tiles, on one canvas for each tile. Browsers without a graphics card compose every
 * canvas in view anew with each frame: a layer for each theme costs so many times as much.
 */
import { Labelers, paint } from "protomaps-leaflet";
import { SharpGrid } from "./grid.js";
import { PaintQueue } from "./pictures.js";
import { TILE } from "./stretch.js";
import { KEPT_TILES, readTiles } from "./vector.js";

/**
 * @typedef {import("./vector.js").TileSource} TileSource
 * @typedef {import("./pictures.js").Picture} Picture
 *
 * @typedef {object} Drawing rules draw the tiles that are named as their part, or by `dataSource`
 * @property {import("protomaps-leaflet").PaintRule[]} paintRules
 * @property {import("protomaps-leaflet").LabelRule[]} labelRules the more important ones first
 * @property {string} [backgroundColor]
 * @typedef {(stretch: number) => Drawing} Draw what is drawn where tiles are stretched so much, which is to be
 *   divided out of what keeps its size on the screen
 * @typedef {typeof PARTS[number]} Part
 */

/** What can be drawn, from the bottom up. */
const PARTS = /** @type {const} */ (["base", "households", "units", "lettering"]);
/** These of them change seldom: they are painted once, and kept as a picture to paint the others on. */
const STEADY = 2;
/** @type {readonly string[]} */
const STEADY_PARTS = PARTS.slice(0, STEADY);
const MAX_ZOOM = 20;
/** Lines and letters reach over from the next tile, pixels. */
const BLEED = 16;
/** @type {Drawing} */
const NOTHING = { paintRules: [], labelRules: [] };

export class TileSheet extends SharpGrid {
  /** @type {Map<string, import("./vector.js").View>} where tiles are read, by name */
  views = new Map();
  /** @type {Map<Part, Draw>} */
  #draws = new Map();
  /** @type {Drawing[]} of the parts, as tiles are stretched now */
  #drawings = PARTS.map(() => NOTHING);
  /** @type {any} where the letters stand; null: to be found anew */
  #labelers = null;
  /** @type {Map<HTMLElement, Picture>} */
  #pictures = new Map();
  #queue = new PaintQueue(
    (picture) => this.#paint(picture),
    () => this.isMoving,
  );
  #isChanging = false;

  /**
   * @param {object} [options]
   * @param {string} [options.pane]
   * @param {string} [options.language] of the letters
   * @param {number} [options.tileSize] pixels at whole zooms: TILE, or twice as many
   * @param {boolean} [options.isLive] what lies on the steady parts changes often
   */
  constructor({ pane = "tilePane", language = "zh-hans", tileSize = TILE, isLive = false } = {}) {
    super({ pane, maxZoom: MAX_ZOOM, tileSize, keepBuffer: (2 * TILE) / tileSize });
    this.language = language;
    this.isLive = isLive;
  }

  /** Read the tiles of this name from here from now on. @param {string} name @param {TileSource} source */
  read(name, source) {
    const onFailed = () => this.#change({ isSteady: true, hasLetters: true });
    this.views.set(name, readTiles(source, onFailed));
    this.#change({ isSteady: STEADY_PARTS.includes(name), hasLetters: true });
  }

  /** Draw a part so from now on. @param {Part} part @param {Draw | null} draw null: not at all */
  draw(part, draw) {
    const at = PARTS.indexOf(part);
    const before = this.#drawings[at] ?? NOTHING;
    if (draw) this.#draws.set(part, draw);
    else this.#draws.delete(part);
    const after = this.#drawing(part);
    this.#drawings[at] = after;
    // A canvas can't become transparent.
    if (Boolean(before.backgroundColor) !== Boolean(after.backgroundColor)) this.redraw();
    this.#change({ isSteady: at < STEADY, hasLetters: [before, after].some((one) => one.labelRules.length) });
  }

  /** @param {Part} part @returns {Drawing} with the tiles named that each rule draws */
  #drawing(part) {
    const { paintRules, labelRules, ...rest } = this.#draws.get(part)?.(this.stretch) ?? NOTHING;
    return {
      ...rest,
      paintRules: paintRules.map((rule) => ({ dataSource: part, ...rule })),
      labelRules: labelRules.map((rule) => ({ dataSource: part, ...rule })),
    };
  }

  /** Paint all tiles anew, once for all that changes at a time. @param {{ isSteady: boolean, hasLetters: boolean }} what */
  #change({ isSteady, hasLetters }) {
    if (hasLetters) this.#labelers = null;
    for (const picture of isSteady ? this.#pictures.values() : []) picture.steady = null;
    if (this.#isChanging) return;
    this.#isChanging = true;
    queueMicrotask(() => {
      this.#isChanging = false;
      for (const picture of this.#pictures.values()) this.#fill(picture);
    });
  }

  /** @param {any} coords @param {() => void} onDone @returns {HTMLCanvasElement} */
  createTile(coords, onDone) {
    const canvas = document.createElement("canvas");
    canvas.lang = this.language;
    /** @type {Picture} */
    const picture = { canvas, coords, onDone, data: null, steady: null, isPainted: false, turn: 0 };
    this.#pictures.set(canvas, picture);
    this.#fill(picture);
    return canvas;
  }

  /** Read what a picture is made from, and have it painted. @param {Picture} picture */
  async #fill(picture) {
    picture.turn += 1;
    const { turn, coords } = picture;
    const data = await this.#read(coords);
    if (turn !== picture.turn) return;
    if (data) {
      picture.data = data;
      this.#letters().add(coords.z, data);
      this.#queue.add(picture);
    } else if (coords.z === this._tileZoom) this.#fill(picture);
  }

  /** @param {Picture["coords"]} coords @returns {Promise<Map<string, any[]> | null>} null: reading was broken off */
  async #read({ x, y, z }) {
    const rules = this.#drawings
      .flatMap(({ paintRules, labelRules }) => [...paintRules, ...labelRules])
      .filter(({ minzoom = 0 }) => z >= minzoom);
    const times = this.tile / TILE;
    const data = new Map();
    let isWhole = true;
    const read = async (/** @type {string} */ name) => {
      try {
        data.set(name, [await this.views.get(name)?.getDisplayTile({ x: x * times, y: y * times, z })]);
      } catch (error) {
        // What failed is asked for again later, and isn't there until then.
        if (/** @type {Error} */ (error).name === "AbortError") isWhole = false;
      }
    };
    await Promise.all([...new Set(rules.map(({ dataSource = "" }) => dataSource))].map(read));
    return isWhole ? data : null;
  }

  #letters() {
    if (this.#labelers) return this.#labelers;
    const pen = document.createElement("canvas").getContext("2d");
    const rules = this.#drawings.toReversed().flatMap(({ labelRules }) => labelRules);
    // The library forgets the letters of all but 16 data tiles otherwise.
    this.#labelers = new Labelers(/** @type {any} */ (pen), rules, KEPT_TILES, (keys) => this.#repaint(keys));
    return this.#labelers;
  }

  /** Letters have come or gone, of a tile beside these. @param {Set<string>} keys of tiles of TILE pixels */
  #repaint(keys) {
    const times = this.tile / TILE;
    const found = new Set(
      [...keys].map((key) => {
        const [x = 0, y = 0, z = 0] = key.split(":").map(Number);
        return `${Math.floor(x / times)}:${Math.floor(y / times)}:${z}`;
      }),
    );
    for (const picture of this.#pictures.values()) {
      const { coords, data } = picture;
      if (data && found.has(`${coords.x}:${coords.y}:${coords.z}`)) this.#queue.add(picture);
    }
  }

  /** @param {Picture} picture */
  #paint(picture) {
    const { canvas, coords, data } = picture;
    const level = this._levels[coords.z];
    if (!(data && level)) return;
    const size = Math.round(level.width * devicePixelRatio);
    if (canvas.width !== size) {
      canvas.width = size;
      canvas.height = size;
    }
    const isOpaque = this.#drawings.some(({ backgroundColor }) => backgroundColor);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: !isOpaque }));
    context.resetTransform();
    if (!isOpaque) context.clearRect(0, 0, size, size);
    if (this.isLive && picture.isPainted) context.drawImage(this.#steady(picture, size), 0, 0);
    else this.#paintParts(context, picture, size, 0, STEADY);
    this.#paintParts(context, picture, size, STEADY, PARTS.length, this.#letters().getIndex(coords.z));
    if (!picture.isPainted) picture.onDone();
    picture.isPainted = true;
  }

  /** @param {Picture} picture @param {number} size @returns {OffscreenCanvas} */
  #steady(picture, size) {
    if (picture.steady?.width === size) return picture.steady;
    const canvas = new OffscreenCanvas(size, size);
    picture.steady = canvas;
    this.#paintParts(/** @type {any} */ (canvas.getContext("2d")), picture, size, 0, STEADY);
    return canvas;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Picture} picture
   * @param {number} size pixels of the canvas
   * @param {number} from @param {number} to which parts
   * @param {any} [letters]
   */
  #paintParts(context, { coords, data }, size, from, to, letters = null) {
    const { tile } = this;
    context.setTransform(size / tile, 0, 0, size / tile, 0, 0);
    const [x, y] = [tile * coords.x, tile * coords.y];
    const box = { minX: x - BLEED, minY: y - BLEED, maxX: x + tile + BLEED, maxY: y + tile + BLEED };
    const parts = this.#drawings.slice(from, to);
    for (const { backgroundColor } of parts) {
      if (!backgroundColor) continue;
      context.fillStyle = backgroundColor;
      context.fillRect(0, 0, tile, tile);
    }
    const rules = parts.flatMap(({ paintRules }) => paintRules);
    paint(
      context,
      coords.z,
      /** @type {any} */ (data),
      letters,
      rules,
      box,
      /** @type {any} */ ({ x, y }),
      false,
    );
  }

  /** @override */
  onStretch() {
    this.#drawings = PARTS.map((part) => this.#drawing(part));
    this.#change({ isSteady: true, hasLetters: true });
  }

  /** @param {string} key */
  _removeTile(key) {
    const { el } = this._tiles[key] ?? {};
    const picture = this.#pictures.get(el);
    if (picture) {
      picture.turn += 1;
      this.#queue.drop(picture);
      this.#pictures.delete(el);
    }
    super._removeTile(key);
    // Some browsers keep the pixels for a while otherwise.
    if (picture) picture.canvas.width = 0;
  }
}

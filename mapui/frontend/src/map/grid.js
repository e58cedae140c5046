/** How tiles lie on the screen: pixel upon pixel at every zoom at which the map comes to rest. */
import L from "leaflet";
import { TILE, widthAt } from "./stretch.js";

/** Leaflet's own ways, of which its types say nothing. */
const GridLayer = /** @type {any} */ (L.GridLayer);
const SAME = 1e-6;

/**
 * Leaflet scales the tiles of the nearest whole zoom. Pictures that are scaled are filtered with each frame; so here
 * tiles are as large as they are seen, and are scaled only as long as the map zooms. They don't fade in either, which
 * would blend them for a fifth of a second.
 */
export class SharpGrid extends GridLayer {
  /** Pixels of a tile on the screen, at the zoom that the map goes to. */
  width = TILE;
  isMoving = false;

  /** @param {L.GridLayerOptions & { tileSize: number }} options tileSize: pixels at whole zooms */
  constructor(options) {
    super(options);
    this.tile = options.tileSize;
  }

  /** @returns {number} by how much tiles are larger than at a whole zoom */
  get stretch() {
    return this.width / this.tile;
  }

  /** Tiles are of another size from now on. */
  onStretch() {}

  /** @param {L.Map} map @returns {this} */
  onAdd(map) {
    this.width = widthAt(map.getZoom(), this.tile);
    this.onStretch();
    map.on("zoomend", this.#rest, this).on("movestart moveend", this.#move, this);
    return super.onAdd(map);
  }

  /** @param {L.Map} map @returns {this} */
  onRemove(map) {
    map.off("zoomend", this.#rest, this).off("movestart moveend", this.#move, this);
    return super.onRemove(map);
  }

  /** @param {{ type: string }} event */
  #move({ type }) {
    this.isMoving = type === "movestart";
  }

  /** The map has come to rest. */
  #rest() {
    const { _level: level, _map: map, _tiles: tiles } = this;
    const width = widthAt(map.getZoom(), this.tile);
    const isOther = width !== this.width;
    this.width = width;
    if (level && level.width !== width) {
      level.width = width;
      for (const { el, coords } of Object.values(tiles)) {
        if (coords.z !== level.zoom) continue;
        this._initTile(el);
        L.DomUtil.setPosition(el, this._getTilePos(coords));
      }
      this._setZoomTransform(level, map.getCenter(), map.getZoom());
    } else if (!isOther) return;
    this.onStretch();
  }

  /** @param {any} level @returns {L.Point} where its pixels begin */
  #originOf({ origin, width }) {
    return origin.multiplyBy(width / this.tile).round();
  }

  /** Where a level of tiles lies around a centre. @param {any} level @param {L.LatLng} centre @param {number} zoom */
  _setZoomTransform(level, centre, zoom) {
    level.width ??= this.width;
    const map = this._map;
    const scale = (map.getZoomScale(zoom, level.zoom) * this.tile) / level.width;
    const at = this.#originOf(level).multiplyBy(scale).subtract(map._getNewPixelOrigin(centre, zoom)).round();
    L.DomUtil.setTransform(level.el, at, Math.abs(scale - 1) < SAME ? 0 : scale);
  }

  /** @param {L.Point} coords @returns {L.Point} in its level */
  _getTilePos(coords) {
    const level = this._level;
    return coords.multiplyBy(level.width).subtract(this.#originOf(level));
  }

  /** @param {HTMLElement} tile */
  _initTile(tile) {
    super._initTile(tile);
    const { width } = this._level;
    tile.style.width = `${width}px`;
    tile.style.height = `${width}px`;
  }

  /** A tile is painted. @param {any} coords */
  _tileReady(coords) {
    const tile = this._tiles[this._tileCoordsToKey(coords)];
    if (!tile || tile.active) return;
    Object.assign(tile, { loaded: Date.now(), active: true });
    tile.el.classList.add("leaflet-tile-loaded");
    this.fire("tileload", { tile: tile.el, coords });
    this._pruneTiles();
    if (!this._noTilesToLoad()) return;
    this._loading = false;
    this.fire("load");
  }
}

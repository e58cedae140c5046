import L from "leaflet";
import { namePlace, overlap } from "./naming.js";

/**
 * Write the names of zones where there is most room for them, and as long as the map is too far away for all of
 * them, only those that cover none of a larger zone.
 *
 * @param {L.Map} map on which zones have tooltips that stay open
 */
export function keepNamesApart(map) {
  let isWaiting = false;
  /** @type {WeakSet<L.Tooltip>} */
  const placed = new WeakSet();
  map.on("zoomend tooltipopen", () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      tidy(map, placed);
    });
  });
}

/** @param {L.Map} map @param {WeakSet<L.Tooltip>} placed */
function tidy(map, placed) {
  /** @type {{ size: number, name: HTMLElement }[]} */
  const found = [];
  map.eachLayer((layer) => {
    const tooltip = layer.getTooltip();
    const name = tooltip?.getElement();
    if (!(name && tooltip?.options.permanent && layer instanceof L.Polygon)) return;
    if (!placed.has(tooltip)) {
      const place = namePlace(polygonsOf(layer));
      if (place) tooltip.setLatLng([place.at[1], place.at[0]]);
      placed.add(tooltip);
    }
    const box = layer.getBounds();
    const size = (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
    found.push({ size, name });
  });
  /** @type {DOMRect[]} */
  const taken = [];
  for (const { name } of found.sort((a, b) => b.size - a.size)) {
    const box = name.getBoundingClientRect();
    const isFree = !taken.some((other) => overlap(other, box));
    name.style.visibility = isFree ? "" : "hidden";
    if (isFree) taken.push(box);
  }
}

/** @param {L.Polygon} layer @returns {import("../planner/contract.js").Position[][][]} */
function polygonsOf(layer) {
  const { geometry } = layer.toGeoJSON(false);
  return /** @type {any} */ (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);
}

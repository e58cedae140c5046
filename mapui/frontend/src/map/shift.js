/** The shifted coordinates of Chinese map services. Pure: no DOM, no map. */
import gcoord from "gcoord";

/**
 * @param {{ lat: number, lng: number }} at WGS 84, degrees
 * @returns {{ lat: number, lng: number }} the same place in GCJ-02; outside of China the same numbers
 */
export function toGcj02({ lat, lng }) {
  const [x = lng, y = lat] = /** @type {number[]} */ (
    gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02)
  );
  return { lat: y, lng: x };
}

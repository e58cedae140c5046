/**
 * The map of the worker's grids in one file, kept on the phone for where there is no network. It goes with what
 * was read for him, at the log-out.
 *
 * @typedef {import("../context.js").Context} Context
 * @typedef {{ blob: Blob, etag: string, savedAt: number }} KeptMap milliseconds, the phone's clock
 */
import { withKept } from "../../map/kept.js";

const ADDRESS = "/tiles/around.pmtiles";
const KEY = "map";
const TYPE = "application/vnd.pmtiles";

/** @param {Pick<Context, "data">} context @returns {Promise<KeptMap | undefined>} */
export const keptMap = ({ data }) => data.get(KEY);

/**
 * Read the map, unless the one that is kept is still right.
 *
 * @param {Pick<Context, "data">} context
 * @returns {Promise<KeptMap | undefined>} what is kept now; throws if there is no line
 */
export async function readMap(context) {
  const kept = await keptMap(context);
  const response = await fetch(ADDRESS, {
    headers: kept ? { "If-None-Match": kept.etag } : {},
    cache: "no-store",
  });
  if (response.status === 304 && kept) return keep(context, kept);
  // A log-in page of a hotel answers 200 as well.
  if (response.status !== 200 || response.headers.get("Content-Type") !== TYPE) return kept;
  return keep(context, { blob: await response.blob(), etag: response.headers.get("ETag") ?? "" });
}

/** @param {Pick<Context, "data">} context @param {Pick<KeptMap, "blob" | "etag">} map */
async function keep({ data }, { blob, etag }) {
  const kept = { blob, etag, savedAt: Date.now() };
  await data.put(KEY, kept);
  return kept;
}

/** @param {Pick<Context, "data">} context */
export const forgetMap = ({ data }) => data.put(KEY, undefined);

/** @returns {Promise<number | null>} its size in bytes, before it is read; null: not known */
export async function mapSize() {
  try {
    const response = await fetch(ADDRESS, { method: "HEAD", cache: "no-store" });
    const isMap = response.status === 200 && response.headers.get("Content-Type") === TYPE;
    return isMap ? Number(response.headers.get("Content-Length")) || null : null;
  } catch {
    return null;
  }
}

/** @param {Pick<Context, "data" | "profile">} context @returns {import("../../map/base.js").TileSources} */
export const tilesFor = (context) =>
  withKept(
    context.profile.tiles,
    keptMap(context).then((map) => map?.blob),
  );

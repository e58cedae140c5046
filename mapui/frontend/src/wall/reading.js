/** A server that says nothing for so long won't. */
const PATIENCE_MS = 20_000;
/** Who asks again will get the same: it isn't there, or not for this viewer. */
const NOT_THERE = new Set([403, 404]);

/**
 * Read JSON for a part of the wall, which goes on with what it has where that fails.
 *
 * @param {string} address
 * @returns {Promise<any>} null: there is no such thing for this viewer; undefined: ask again later
 */
export async function readJson(address) {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (NOT_THERE.has(response.status)) return null;
    return response.ok ? await response.json() : undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) {
      return undefined;
    }
    throw error;
  }
}

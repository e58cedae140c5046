/**
 * The line to our own server. What else may sit at its other end, such as the log-in page of a hotel's network
 * that answers 200 to everything, is no answer: one of ours is JSON, and comes without a detour.
 *
 * @typedef {import("../cases/door.js").Door} Door
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {any} body
 * @property {Headers} headers
 */
import { holderOf } from "../cases/door.js";

/** Nobody of ours has answered: no network, a stranger in between, or a server that is going down. */
export class NoLineError extends Error {}

/** A line that says nothing for so long is none. */
const PATIENCE_MS = 60_000;

/**
 * @param {Door} door
 * @param {string} path below the interface
 * @param {RequestInit & { patienceMs?: number }} [request]
 * @returns {Promise<Answer>} whatever its status; the body is null for 304. Throws `NoLineError`
 */
export async function ask(door, path, { patienceMs = PATIENCE_MS, ...request } = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const response = await fetch(`${door.api}${path}`, {
      credentials: "same-origin",
      redirect: "error",
      signal: patience.signal,
      ...request,
      headers: { Accept: "application/json", ...holderOf(door), ...request.headers },
    });
    const { status, headers } = response;
    if (status === 304) return { status, headers, body: null };
    if (!headers.get("Content-Type")?.startsWith("application/json")) throw new Error("not JSON");
    return { status, headers, body: await response.json() };
  } catch (cause) {
    throw new NoLineError("no line", { cause });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether an answer is about what was sent: it names its id, or one of its parts does.
 *
 * @param {any} body
 * @param {string} id
 */
export const names = (body, id) => [body].flat().some((/** @type {any} */ part) => part?.id === id);

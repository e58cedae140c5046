/** Asking our server in JSON, from pages that need it to be there; the phone, which doesn't, has `phone/line.js`. */
import { fill, gettext } from "./i18n.js";

/** The server said no; the message is its sentence. */
export class RefusedError extends Error {
  /** @param {number} status @param {{ code?: string, message?: string, details?: any }} body */
  constructor(status, { code = "", message = "", details = {} }) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details ?? {};
  }
}

/** Nobody knows whether it was done: the same again, later. */
export class UnreachableError extends Error {
  constructor(message = gettext("The server can't be reached. Nothing is lost here: try again.")) {
    super(message);
  }
}

/** A server that says nothing for so long won't. */
const PATIENCE_MS = 60_000;
/** The server could not do it just now; the same again later will do. */
const LATER = new Set([429, 502, 503, 504]);

/**
 * @param {string} address
 * @param {RequestInit & { patienceMs?: number }} [request] such as `writing` makes
 * @returns {Promise<any>} the answer's body, null where it has none. Throws `RefusedError` or `UnreachableError`
 */
export async function ask(address, { patienceMs = PATIENCE_MS, ...request } = {}) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(patienceMs), ...request });
  } catch {
    throw new UnreachableError();
  }
  if (LATER.has(response.status)) throw new UnreachableError(gettext("The server is busy. Try again."));
  if (response.status === 204) return null;
  const body = await bodyOf(response);
  if (!response.ok) throw new RefusedError(response.status, body);
  return body;
}

/**
 * @param {string} method
 * @param {string} token against forged requests
 * @param {object} [content] becomes JSON
 * @returns {RequestInit} of a write
 */
export const writing = (method, token, content) => ({
  method,
  headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  ...(content ? { body: JSON.stringify(content) } : {}),
});

/** @param {Response} response @returns {Promise<any>} */
async function bodyOf(response) {
  /** @type {string} */
  let text;
  try {
    text = await response.text();
  } catch {
    throw new UnreachableError();
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = fill(gettext("The server's answer can't be read (%(why)s). Reload the page."), {
      why: String(error),
    });
    throw new RefusedError(response.status, { code: "answer.not_json", message });
  }
}

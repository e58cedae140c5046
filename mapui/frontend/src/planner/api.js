/** The plan's interface over HTTP. */
import { fill, gettext } from "../ui/i18n.js";

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
export class UnreachableError extends Error {}

/** The server could not do it just now; the same again later will do. */
const LATER = new Set([429, 502, 503, 504]);

export class PlanApi {
  /**
   * @param {string} root such as /api/plans/7
   * @param {() => string} token against forged requests
   */
  constructor(root, token) {
    this.root = root;
    this.token = token;
  }

  /** @param {string} address below the plan @returns {Promise<any>} */
  get(address) {
    return this.#ask(address, {});
  }

  /** @param {string} address @param {object} content @param {"POST" | "PUT" | "DELETE"} [method] @returns {Promise<any>} */
  send(address, content, method = "POST") {
    return this.#ask(address, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
      body: JSON.stringify(content),
    });
  }

  /** @param {string} address @param {FormData} content @returns {Promise<any>} */
  upload(address, content) {
    return this.#ask(address, {
      method: "POST",
      headers: { "X-CSRFToken": this.token() },
      body: content,
    });
  }

  /** @param {string} address @param {RequestInit} request */
  async #ask(address, request) {
    /** @type {Response} */
    let response;
    try {
      response = await fetch(`${this.root}${address}`, request);
    } catch {
      throw new UnreachableError(gettext("The server can't be reached."));
    }
    if (LATER.has(response.status)) throw new UnreachableError(gettext("The server is busy."));
    if (response.status === 204) return null;
    const body = await bodyOf(response);
    if (!response.ok) throw new RefusedError(response.status, body);
    return body;
  }
}

/** @param {Response} response @returns {Promise<any>} */
async function bodyOf(response) {
  try {
    return await response.json();
  } catch (error) {
    const message = fill(gettext("The server's answer can't be read (%(why)s). Reload the page."), {
      why: String(error),
    });
    throw new RefusedError(response.status, { code: "answer.not_json", message });
  }
}

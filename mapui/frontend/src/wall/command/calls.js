/**
 * What is commanded from the wall, over HTTP. Each call that stores something has an id made here: where the answer
 * is lost, the same call again does it once.
 *
 * @typedef {import("../../map/rings.js").Position} Position
 *
 * @typedef {object} AreaFound what of a drawn area counts, and what is in it
 * @property {import("geojson").MultiPolygon} area
 * @property {boolean} is_cut something drawn lies elsewhere and doesn't count
 * @property {{ id: number, name: string }} unit
 * @property {number} households
 * @property {number} residents
 * @property {{ kind: string, name: string, people: number }[] | null} needs null: it would tell of whom
 * @property {{ kind: string, name: string, posts: number, on_duty: number }[]} posts
 * @property {number} people
 * @property {number} open_cases
 *
 * @typedef {{ ok: true, body: any } | { ok: false, message: string }} Answer
 */
import { v7 } from "uuid";
import { ask, RefusedError, UnreachableError, writing } from "../../ui/asking.js";

const PATIENCE_MS = 20_000;

export class Calls {
  /** @param {string} api below which all is commanded @param {() => string} token against forged requests */
  constructor(api, token) {
    this.api = api;
    this.token = token;
  }

  /** @param {readonly Position[]} ring */
  count(ring) {
    return this.#ask("POST", "areas", { ring });
  }

  /** @param {string} id @param {{ ring: readonly Position[], reason: string, order: string }} told */
  declare(id, told) {
    return this.#ask("PUT", `emergencies/${id}`, told);
  }

  /** @param {number} emergency @param {string} id @param {string} order */
  order(emergency, id, order) {
    return this.#ask("PUT", `emergencies/${emergency}/orders/${id}`, { order });
  }

  /** @param {string} id @param {{ ring: readonly Position[], text: string, hours: number }} told */
  broadcast(id, told) {
    return this.#ask("PUT", `broadcasts/${id}`, told);
  }

  /** @param {"emergencies" | "broadcasts"} what @param {number} id */
  end(what, id) {
    return this.#ask("POST", `${what}/${id}/end`);
  }

  /** @param {number} incident */
  posts(incident) {
    return this.#ask("GET", `cases/${incident}/posts`);
  }

  /** A name for a call, kept until it is answered. */
  static id() {
    return v7();
  }

  /** @param {string} method @param {string} path @param {object} [content] @returns {Promise<Answer>} */
  async #ask(method, path, content) {
    const request = writing(method, this.token(), content);
    try {
      return { ok: true, body: await ask(`${this.api}${path}`, { ...request, patienceMs: PATIENCE_MS }) };
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
      return { ok: false, message: error.message };
    }
  }
}

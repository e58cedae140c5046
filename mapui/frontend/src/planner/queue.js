/**
 * What is drawn on its way to the server: one after the other, each under an id made here. While the server
 * can't be reached, or wants a log-in first, the same is sent again under the same id, and is done once.
 *
 * @typedef {import("./contract.js").Result} Result
 *
 * @typedef {object} Errand
 * @property {string} address below the plan
 * @property {Record<string, any>} content with its id
 *
 * @typedef {{ isDone: true, result: Result } | { isDone: false, error: import("../ui/asking.js").RefusedError }} Outcome
 *
 * @typedef {"" | "sending" | "waiting" | "log_in"} QueueState waiting: the server can't be reached
 */
import { v7 } from "uuid";
import { backoff } from "../live/backoff.js";
import { RefusedError } from "../ui/asking.js";

/** What a new log-in in another tab mends: the same will then be taken. @param {unknown} error */
const needsLogIn = (error) =>
  error instanceof RefusedError && (error.status === 401 || (error.status === 403 && error.code === "csrf"));

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class OperationQueue {
  /** @type {Promise<unknown>} */
  #before = Promise.resolve();
  #waiting = 0;

  /**
   * @param {import("./api.js").PlanApi} api
   * @param {{ rev: () => number, level: () => string, onState: (state: QueueState) => void,
   *   wait?: (ms: number) => Promise<void> }} options
   */
  constructor(api, { rev, level, onState, wait = pause }) {
    this.api = api;
    this.rev = rev;
    this.level = level;
    this.onState = onState;
    this.wait = wait;
  }

  /** @returns {number} how many are not answered yet */
  get length() {
    return this.#waiting;
  }

  /** @param {import("./contract.js").Operation} operation @returns {Promise<Outcome>} */
  draw(operation) {
    return this.#inTurn(() => ({
      address: "/operations",
      // Which revision was seen is fixed when it is sent first: a repeat must be the same to the letter.
      content: { ...operation, id: v7(), base_rev: this.rev(), level: this.level() },
    }));
  }

  /** @param {"undo" | "redo"} way @param {number} [seq] the operation meant, if not the last of mine @returns {Promise<Outcome>} */
  turn(way, seq) {
    return this.#inTurn(() => ({
      address: `/${way}`,
      content: { id: v7(), level: this.level(), ...(seq === undefined ? {} : { seq }) },
    }));
  }

  /** @param {() => Errand} make @returns {Promise<Outcome>} */
  #inTurn(make) {
    this.#waiting += 1;
    const outcome = this.#before.then(() => this.#carry(make()));
    this.#before = outcome;
    return outcome;
  }

  /** @param {Errand} errand @returns {Promise<Outcome>} */
  async #carry({ address, content }) {
    this.onState("sending");
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await this.api.send(address, content);
        return this.#settled({ isDone: true, result });
      } catch (error) {
        if (error instanceof RefusedError && !needsLogIn(error)) {
          return this.#settled({ isDone: false, error });
        }
        this.onState(needsLogIn(error) ? "log_in" : "waiting");
        await this.wait(backoff(attempt));
      }
    }
  }

  /** @param {Outcome} outcome */
  #settled(outcome) {
    this.#waiting -= 1;
    this.onState(this.#waiting > 0 ? "sending" : "");
    return outcome;
  }
}

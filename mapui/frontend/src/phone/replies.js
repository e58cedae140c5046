/** Reports on their way over the socket, each awaiting the answer that names it. */
import { meaningOfMessage } from "./answers.js";

/**
 * @typedef {import("../live/messages.js").Ack} Ack
 * @typedef {import("../live/messages.js").ErrorMessage} ErrorMessage
 * @typedef {import("./answers.js").Meaning} Meaning
 */

/** An answer that takes longer than this is asked for over HTTP, under the same id. */
const PATIENCE_MS = 10_000;

export class Replies {
  /** @type {Map<string, (meaning: Meaning | null) => void>} */
  #awaited = new Map();

  /** @param {(message: any) => boolean} send false: the socket is closed */
  constructor(send) {
    this.send = send;
  }

  /**
   * @param {import("./outbox.js").Item} item a report
   * @returns {Promise<Meaning | null>} null: the socket gave no answer
   */
  ask({ id, body }) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), PATIENCE_MS);
      /** @param {Meaning | null} meaning */
      const settle = (meaning) => {
        clearTimeout(timer);
        this.#awaited.delete(id);
        resolve(meaning);
      };
      this.#awaited.set(id, settle);
      if (!this.send({ ...body, kind: "report", id, sent_at: new Date().toISOString() })) settle(null);
    });
  }

  /** @param {Ack | ErrorMessage} message */
  take(message) {
    this.#awaited.get(message.id ?? "")?.(meaningOfMessage(message));
  }

  /** The socket has closed: what was under way may be lost. */
  cut() {
    for (const settle of this.#awaited.values()) settle(null);
  }
}

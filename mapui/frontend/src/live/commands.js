/**
 * Commands that are on their way. Each has an id made here and is kept until it is answered: after a
 * break it is sent again under the same id, and the server does it once.
 *
 * @typedef {import("./messages.js").Command} Command
 * @typedef {import("./messages.js").Done} Done
 * @typedef {import("./messages.js").ErrorMessage} ErrorMessage
 *
 * @typedef {object} Waiting
 * @property {Command} command
 * @property {(answer: Done | ErrorMessage) => void} settle
 * @property {number} sentAt milliseconds
 */

/** The server could not do it just now; the same again later will do. */
const LATER = new Set(["unavailable", "rate_limited"]);
/** An answer that takes longer than this is worth asking for again. */
const PATIENCE_MS = 4000;

export class Commands {
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();

  /** @param {(command: Command) => boolean} send */
  constructor(send) {
    this.send = send;
  }

  /**
   * @param {Command} command
   * @returns {Promise<Done | ErrorMessage>} the server's answer, whenever it comes
   */
  give(command) {
    return new Promise((settle) => {
      this.#waiting.set(command.id, { command, settle, sentAt: Date.now() });
      this.send(command);
    });
  }

  /** Send again what should have been answered long since: after a break, or when the server was busy. */
  resend() {
    const now = Date.now();
    for (const waiting of this.#waiting.values()) {
      if (now - waiting.sentAt < PATIENCE_MS) continue;
      waiting.sentAt = now;
      this.send(waiting.command);
    }
  }

  /** @param {Done | ErrorMessage} answer @returns {boolean} whether it answered one of these */
  answered(answer) {
    const id = answer.id ?? "";
    const waiting = this.#waiting.get(id);
    if (!waiting) return false;
    if (answer.kind === "error" && LATER.has(answer.code)) return true;
    this.#waiting.delete(id);
    waiting.settle(answer);
    return true;
  }
}

import { ask, RefusedError, UnreachableError } from "../ui/asking.js";
import { writing } from "./door.js";

/**
 * Commands over HTTP, for pages without a socket. Each is kept until it is answered: while the server can't
 * be reached it is sent again under the same id, and the server does it once.
 *
 * @typedef {import("../live/messages.js").Command} Command
 * @typedef {import("../live/messages.js").Done} Done
 * @typedef {import("../live/messages.js").ErrorMessage} ErrorMessage
 */

const AGAIN_MS = 3000;

export class HttpCommands {
  /**
   * @param {import("./door.js").Door} door its address is that of the cases
   */
  constructor(door) {
    this.door = door;
  }

  /** @param {Command} command @returns {Promise<Done | ErrorMessage>} the server's answer, whenever it comes */
  async give(command) {
    for (;;) {
      const answer = await this.#send(command);
      if (answer) return answer;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  /** @param {Command} command @returns {Promise<Done | ErrorMessage | null>} null: ask again */
  async #send({ kind: _kind, incident, ...content }) {
    try {
      const address = `${this.door.api}${incident}/actions`;
      const done = await ask(address, writing(this.door, "POST", content));
      return { kind: "done", ...done };
    } catch (error) {
      // Cut off on the way: whether it was done, only the same command again can tell.
      if (error instanceof UnreachableError) return null;
      if (!(error instanceof RefusedError)) throw error;
      const { code, message, details } = error;
      return { kind: "error", code, message, details };
    }
  }
}

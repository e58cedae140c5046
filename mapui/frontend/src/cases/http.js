import { fill, gettext } from "../ui/i18n.js";
import { signed } from "./door.js";

/**
 * Commands over HTTP, for pages without a socket. Each is kept until it is answered: while the server can't
 * be reached it is sent again under the same id, and the server does it once.
 *
 * @typedef {import("../live/messages.js").Command} Command
 * @typedef {import("../live/messages.js").Done} Done
 * @typedef {import("../live/messages.js").ErrorMessage} ErrorMessage
 */

const AGAIN_MS = 3000;
/** The server could not do it just now; the same again later will do. */
const LATER = new Set([429, 502, 503, 504]);

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
      const response = await fetch(`${this.door.api}${incident}/actions`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...signed(this.door) },
        body: JSON.stringify(content),
      });
      if (LATER.has(response.status)) return null;
      const body = await response.json();
      return response.ok ? { kind: "done", ...body } : { kind: "error", ...body };
    } catch (error) {
      // Cut off on the way: whether it was done, only the same command again can tell.
      if (error instanceof TypeError) return null;
      const message = fill(gettext("The server's answer can't be read (%(why)s). Reload the page."), {
        why: String(error),
      });
      return { kind: "error", code: "answer.not_json", message };
    }
  }
}

/** The server's clock as seen from here: a wall whose own clock is wrong must not call things late. */
export class ServerClock {
  #offsetMs = 0;

  /** @param {string} now the server's time, ISO 8601 */
  sync(now) {
    this.#offsetMs = Date.parse(now) - Date.now();
  }

  /** @returns {number} the server's time now, in milliseconds */
  now() {
    return Date.now() + this.#offsetMs;
  }
}

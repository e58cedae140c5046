/**
 * Sends what waits in the outbox, one report after the other, whenever the line is up.
 *
 * The same report may be sent several times; its id stays, so the server stores it once.
 */

/** Answers that say "not now": the report stays as it is and is sent again. */
const TRY_AGAIN = new Set(["unavailable", "rate_limited", "server_error"]);
const RETRY_MS = 10_000;

export class Sender {
  /** @type {string | null} the report that an answer is awaited for */
  #awaited = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** Until then the server wants no report; epoch, ms. */
  #pausedUntil = 0;

  /**
   * @param {import("./outbox.js").Outbox} outbox
   * @param {(message: object) => boolean} send false when the line is down
   * @param {() => void} changed called when what waits has changed
   */
  constructor(outbox, send, changed) {
    this.outbox = outbox;
    this.send = send;
    this.changed = changed;
  }

  /** The line is up (again): what was under way may be lost, so begin anew. */
  async restart() {
    this.#awaited = null;
    await this.flush();
  }

  /** Send the oldest report that has not been refused. */
  async flush() {
    if (this.#awaited !== null || Date.now() < this.#pausedUntil) return;
    clearTimeout(this.#retry);
    const waiting = await this.outbox.all();
    const next = waiting.find(({ refusal, incident }) => refusal === "" && incident === null);
    if (!next) return;
    const sent = this.send({ ...next.report, sent_at: new Date().toISOString() });
    this.#awaited = sent ? next.id : null;
    this.#retry = setTimeout(() => this.restart(), RETRY_MS);
  }

  /** @param {import("../live/messages.js").Ack} ack */
  async acknowledged(ack) {
    await this.outbox.arrived(ack.id, ack.incident);
    await this.#answered(ack.id);
  }

  /** @param {import("../live/messages.js").ErrorMessage} error one that names a report */
  async refused(error) {
    if (!error.id) return;
    if (TRY_AGAIN.has(error.code)) {
      this.#awaited = null;
      this.#pause(Number(error.details?.retry_after_s) * 1000);
      return;
    }
    await this.outbox.refuse(error.id, error.message);
    await this.#answered(error.id);
  }

  /**
   * Try again after this time: the server's, or our own if it has named none.
   *
   * @param {number} ms
   */
  #pause(ms) {
    if (!(ms > 0)) return; // the timer of flush() tries again
    this.#pausedUntil = Date.now() + ms;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#pausedUntil = 0;
      this.restart();
    }, ms);
  }

  /** @param {string} id */
  async #answered(id) {
    if (this.#awaited === id) this.#awaited = null;
    this.changed();
    await this.flush();
  }
}

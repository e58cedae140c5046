/**
 * How the link to the server stands, as a pure state machine.
 *
 * live: the server has said welcome, was heard lately, and everything up to the head of the feed that it
 * named is here. catching: it is welcome, and what it missed is still on its way. reconnecting: the socket
 * is closed (or not yet welcome), for a short time. stale: nothing was heard for longer than `SILENCE_MS`,
 * whatever the socket says.
 *
 * @typedef {"live" | "catching" | "reconnecting" | "stale"} LinkStatus
 */

/** Without any word for so long, what the screen shows is called stale. */
export const SILENCE_MS = 10_000;
/** Without any word for so long, figures are greyed. */
export const FORGOTTEN_MS = 60_000;

export class Link {
  /** @param {number} now milliseconds */
  constructor(now) {
    this.isOpen = false;
    this.startedAt = now;
    /** @type {number | null} when the server was last heard, in milliseconds */
    this.heardAt = null;
    this.position = 0;
    /** What this position has to reach for what is shown to be the present. */
    this.head = Number.POSITIVE_INFINITY;
  }

  /** The server has answered the hello: what follows is the feed, which is at `head` now. @param {number} head */
  welcomed(head) {
    this.isOpen = true;
    this.head = head;
  }

  /** Something is missing: whatever comes until the next welcome is not the present. */
  fellBehind() {
    this.head = Number.POSITIVE_INFINITY;
  }

  /** @param {number | null} position that the listener has come to */
  reached(position) {
    this.position = position ?? -1;
  }

  /** @param {number} now */
  heard(now) {
    this.heardAt = now;
  }

  closed() {
    this.isOpen = false;
  }

  /** @param {number} now @returns {number} milliseconds since the last word (or since the start) */
  silence(now) {
    return now - (this.heardAt ?? this.startedAt);
  }

  /** @param {number} now @returns {LinkStatus} */
  status(now) {
    if (this.silence(now) > SILENCE_MS) return "stale";
    if (!this.isOpen) return "reconnecting";
    return this.position >= this.head ? "live" : "catching";
  }

  /** @param {number} now @returns {boolean} whether the figures are too old to be read as the present */
  isForgotten(now) {
    return this.silence(now) > FORGOTTEN_MS;
  }
}

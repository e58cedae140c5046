/**
 * Whose turn it is to send: of all open pages of one person, and the service worker, one at a time.
 *
 * The browser's own lock says at once when its holder is gone. The lease in the database says when a holder
 * sleeps (telephones stop pages that still hold their locks), and stands alone where there are no locks.
 */
import { v7 } from "uuid";

/** Names the turn of one person, with his log-in name behind it: the lock, the channel and the background sync. */
export const SYNC_TAG = "linge-outbox-";

/**
 * Pages of one person, and the service worker, tell each other that the outbox has changed.
 *
 * @param {string} owner
 * @param {() => void} [onNews]
 * @returns {() => void} tells the others
 */
export function shareNews(owner, onNews) {
  if (!("BroadcastChannel" in globalThis)) return () => undefined;
  const channel = new BroadcastChannel(`${SYNC_TAG}${owner}`);
  if (onNews) channel.addEventListener("message", onNews);
  return () => channel.postMessage("changed");
}

/** Longer than any single exchange with the server takes; see line.js. */
const LEASE_MS = 90_000;
const RENEW_MS = 10_000;

export class Turn {
  #holder = v7();

  /**
   * @param {Pick<import("./outbox.js").Outbox, "lease" | "release">} outbox
   * @param {string} name of the lock
   * @param {LockManager | undefined} locks
   */
  constructor(outbox, name, locks) {
    this.outbox = outbox;
    this.name = name;
    this.locks = locks;
  }

  /**
   * @param {(keep: () => Promise<boolean>) => Promise<void>} work is told by `keep` whether it's still its turn
   * @returns {Promise<boolean>} false: somebody else is at it
   */
  async take(work) {
    if (!this.locks) return this.#work(work, false);
    const isFree = await this.locks.request(this.name, { ifAvailable: true }, (lock) =>
      lock ? this.#work(work, true).then(() => true) : false,
    );
    // Somebody alive has it; if he sleeps, his lease runs out, and the lease alone decides.
    return isFree || this.#work(work, false);
  }

  /** @param {Parameters<Turn["take"]>[0]} work @param {boolean} isDead whether the holder before is gone */
  async #work(work, isDead) {
    if (!(await this.#lease(isDead))) return false;
    let renewedAt = Date.now();
    try {
      await work(() => {
        // Either way: a clock that was set may say anything.
        if (Math.abs(Date.now() - renewedAt) < RENEW_MS) return Promise.resolve(true);
        renewedAt = Date.now();
        return this.#lease(false);
      });
    } finally {
      await this.outbox.release(this.#holder).catch(() => undefined);
    }
    return true;
  }

  /** @param {boolean} isDead */
  #lease(isDead) {
    // A disk that is full can't note whose turn it is: sending is what makes room again, and repeats do no harm.
    return this.outbox.lease(this.#holder, LEASE_MS, isDead).catch(() => true);
  }
}

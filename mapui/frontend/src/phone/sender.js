/**
 * Sends what waits in the outbox: texts first, one after the other, then files, piece by piece. It may be woken
 * as often as one likes; the same item may be sent several times, its id stays, so the server stores it once.
 *
 * What concerns one item (a busy server, a refusal) holds up that item alone. What concerns all of them (no
 * line, an expired log-in, too many at once) ends the round.
 *
 * @typedef {import("./outbox.js").Item} Item
 * @typedef {import("./outbox.js").KeptFile} KeptFile
 * @typedef {import("./answers.js").Meaning} Meaning
 *
 * @typedef {{ received: number, isComplete: boolean } | { again: true } | Meaning} PieceAnswer
 *   how far the file is; again: what arrived was something else, all of it is to be sent anew
 *
 * @typedef {object} Tools
 * @property {import("./outbox.js").Outbox} outbox
 * @property {Pick<import("./turn.js").Turn, "take">} turn
 * @property {(item: Item) => Promise<Meaning>} send throws `NoLineError`
 * @property {(file: KeptFile, blob: Blob) => Promise<PieceAnswer>} sendPiece the bytes from `sent` on; throws
 *   `NoLineError`
 * @property {(item: Item, answer: any) => void} [accepted] the server has taken an item, and said so
 * @property {() => void} [changed] what `status` says has changed
 * @property {() => boolean} [isQuiet] nobody looks: no timers
 * @property {() => number} [now] milliseconds
 * @property {() => number} [random] in [0, 1)
 */
import { backoff } from "../live/backoff.js";
import { NoLineError } from "./line.js";

/** What the phone itself finds wrong with a file; the screen says it in the reader's language. */
export const FILE_GONE = "file.gone";
export const FILE_CHANGES = "file.changes";

/** The longest wait between two tries. */
export const MOST_WAIT_MS = 5 * 60_000;
/** Nothing says when somebody else, whose turn it is, will be done. */
const OTHERS_MS = 15_000;
/** A file that arrives otherwise than it was declared is sent again from its start, but not for ever. */
const MOST_STARTS = 3;

export class Sender {
  #isAsked = false;
  #isByHand = false;
  /** @type {Promise<void> | null} */
  #running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #cuts = 0;
  /** No round before; milliseconds. */
  #pausedUntil = 0;
  /** The server itself has named that time: no wish shortens it. */
  #isTold = false;

  /** @param {Tools} tools */
  constructor(tools) {
    this.tools = {
      changed: () => undefined,
      accepted: () => undefined,
      isQuiet: () => false,
      now: Date.now,
      random: Math.random,
      ...tools,
    };
    /** @type {"" | "no-line" | "log-in" | "too-many" | "storage"} why nothing goes at the moment */
    this.status = "";
  }

  /**
   * Send all that can be sent now.
   *
   * @param {{ isNews?: boolean, byHand?: boolean }} [reason] news: there is reason to think that the line is back;
   *   by hand: what waits for its next try goes as well
   * @returns {Promise<void>} when the round is over
   */
  wake({ isNews = false, byHand = false } = {}) {
    this.#isAsked = true;
    this.#isByHand ||= byHand;
    if ((isNews || byHand) && !this.#isTold) this.#pausedUntil = 0;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run() {
    clearTimeout(this.#timer);
    let isMine = true;
    try {
      while (this.#isAsked && isMine && this.#pause() === 0) {
        this.#isAsked = false;
        if (this.#isByHand) await this.tools.outbox.retry();
        this.#isByHand = false;
        isMine = await this.tools.turn.take((keep) => this.#round(keep));
      }
    } catch {
      // The phone's storage can't be read or written now. What is in it stays, and is tried again.
      this.#stop("storage", backoff(this.#cuts++, this.tools.random, MOST_WAIT_MS));
    }
    await this.#sleep(isMine).catch(() => undefined);
  }

  /** @returns {number} milliseconds that nothing is to be sent; a clock that was set back ends every pause */
  #pause() {
    const left = this.#pausedUntil - this.tools.now();
    if (left > 0 && left <= 2 * MOST_WAIT_MS) return left;
    this.#isTold = false;
    return 0;
  }

  /** @param {boolean} isMine */
  async #sleep(isMine) {
    if (this.tools.isQuiet()) return;
    const now = this.tools.now();
    const waits = (await this.tools.outbox.all())
      .filter(isWaiting)
      .map(({ nextAt }) => Math.max(nextAt - now, this.#pause(), isMine ? 0 : OTHERS_MS));
    if (waits.length === 0) return;
    const wait = Math.min(MOST_WAIT_MS, Math.max(500, Math.min(...waits)));
    this.#timer = setTimeout(() => this.wake(), wait);
  }

  /** @param {() => Promise<boolean>} keep */
  async #round(keep) {
    for (const item of await this.#due("text")) {
      if (!((await keep()) && (await this.#text(item)))) return;
    }
    for (const item of await this.#due("files")) {
      if (!(await this.#files(item, keep))) return;
    }
  }

  /** @param {"text" | "files"} what */
  async #due(what) {
    const isAccepted = what === "files";
    const items = await this.tools.outbox.all();
    return items.filter((item) => (item.state === "accepted") === isAccepted && this.#isDue(item));
  }

  /** @param {Item} item @param {() => Promise<boolean>} keep */
  async #files(item, keep) {
    for (const file of item.files.filter(canGo)) {
      if (!(await this.#file(item, file, keep))) return false;
    }
    return true;
  }

  /** @param {Item} item */
  #isDue(item) {
    const wait = item.nextAt - this.tools.now();
    return isWaiting(item) && (wait <= 0 || wait > 2 * MOST_WAIT_MS);
  }

  /** @param {Item} item @returns {Promise<boolean>} false: the others have to wait as well */
  async #text(item) {
    // Noted before it is tried: whatever happens now, it counts as not sent.
    await this.#note(item, (each) => ({ ...each, state: "sending", tries: each.tries + 1 }));
    try {
      return await this.#settle(item, await this.tools.send(item));
    } catch (error) {
      return this.#cut(item, error);
    }
  }

  /** @param {Item} item @param {Meaning} meaning */
  async #settle(item, meaning) {
    const { outbox } = this.tools;
    if (meaning.kind === "log-in") return this.#logIn(item);
    if (meaning.kind === "later") return this.#later(item, meaning);
    this.#heard();
    if (meaning.kind === "refused") {
      const refusal = meaning.sentence;
      await outbox.update(item.id, (each) => ({ ...each, state: "needs_attention", refusal }));
      return true;
    }
    await outbox.update(item.id, (each) => ({
      ...each,
      state: "accepted",
      tries: 0,
      nextAt: 0,
      refusal: "",
      incident: meaning.incident ?? each.incident,
    }));
    this.tools.accepted(item, meaning.answer);
    return true;
  }

  /**
   * @param {Item} item @param {KeptFile} file
   * @param {() => Promise<boolean>} keep
   * @returns {Promise<boolean>} false: the others have to wait as well, or a text has come that goes first
   */
  async #file(item, file, keep) {
    const blob = await this.tools.outbox.blob(file.id);
    if (!blob) {
      return this.#settleFile(item, file, { kind: "refused", sentence: FILE_GONE });
    }
    /** @type {boolean | KeptFile} */
    let next = file;
    while (typeof next !== "boolean") {
      if (this.#isAsked || !(await keep())) return false;
      next = await this.#piece(item, next, blob);
    }
    return next;
  }

  /**
   * @param {Item} item @param {KeptFile} file @param {Blob} blob
   * @returns {Promise<boolean | KeptFile>} how the file is now; or, if nothing more of it is to go, whether others may
   */
  async #piece(item, file, blob) {
    /** @type {PieceAnswer} */
    let answer;
    try {
      answer = await this.tools.sendPiece(file, blob);
    } catch (error) {
      return this.#cut(item, error);
    }
    if ("kind" in answer) return this.#settleFile(item, file, answer);
    this.#heard();
    const next = stepOn(file, answer);
    if (next.starts >= MOST_STARTS) {
      return this.#settleFile(item, file, { kind: "refused", sentence: FILE_CHANGES });
    }
    await this.tools.outbox.updateFile(item.id, file.id, () => next);
    return next.isDone || next;
  }

  /** @param {Item} item @param {KeptFile} file @param {Meaning} meaning */
  async #settleFile(item, file, meaning) {
    if (meaning.kind === "log-in") return this.#logIn(item);
    if (meaning.kind === "later") return this.#later(item, meaning);
    this.#heard();
    const refusal = meaning.kind === "refused" ? meaning.sentence : "";
    await this.tools.outbox.updateFile(item.id, file.id, (each) => ({ ...each, refusal }));
    return true;
  }

  /** @param {Item} item */
  async #logIn(item) {
    if (item.state !== "accepted") {
      await this.#note(item, (each) => ({ ...each, state: "auth_needed", refusal: "" }));
    }
    this.#stop("log-in", backoff(this.#cuts++, this.tools.random, MOST_WAIT_MS));
    return false;
  }

  /** @param {Item} item @param {Meaning & { kind: "later" }} meaning */
  async #later(item, { sentence, afterMs, isForAll }) {
    const { now, random } = this.tools;
    const wait = Math.max(afterMs, backoff(item.tries + 1, random, MOST_WAIT_MS));
    await this.#wait(item, sentence, isForAll ? 0 : now() + wait);
    if (!isForAll) return true;
    this.#stop("too-many", wait);
    this.#isTold = afterMs > 0;
    return false;
  }

  /** @param {Item} item @param {unknown} error */
  async #cut(item, error) {
    if (!(error instanceof NoLineError)) throw error;
    await this.#wait(item, "", 0);
    this.#stop("no-line", backoff(this.#cuts++, this.tools.random, MOST_WAIT_MS));
    return false;
  }

  /** @param {Item} item @param {string} refusal @param {number} nextAt */
  #wait(item, refusal, nextAt) {
    return this.#note(item, (each) => ({
      ...each,
      state: each.state === "accepted" ? "accepted" : "retry_wait",
      tries: each.state === "accepted" ? each.tries + 1 : each.tries,
      refusal,
      nextAt,
    }));
  }

  /**
   * Write down what is only said on the screen: a full disk doesn't keep anything from being sent.
   *
   * @param {Item} item @param {(item: Item) => Item} change
   */
  #note(item, change) {
    return this.tools.outbox.update(item.id, change).catch(() => undefined);
  }

  /** @param {Exclude<Sender["status"], "">} status @param {number} ms */
  #stop(status, ms) {
    this.#pausedUntil = this.tools.now() + ms;
    this.#say(status);
  }

  #heard() {
    this.#cuts = 0;
    this.#say("");
  }

  /** @param {Sender["status"]} status */
  #say(status) {
    if (status === this.status) return;
    this.status = status;
    this.tools.changed();
  }
}

/**
 * @param {KeptFile} file
 * @param {Exclude<PieceAnswer, Meaning>} answer
 * @returns {KeptFile}
 */
const stepOn = (file, answer) =>
  "again" in answer
    ? { ...file, sent: 0, starts: file.starts + 1 }
    : { ...file, sent: answer.received, isDone: answer.isComplete };

/** @param {KeptFile} file */
const canGo = ({ isDone, refusal }) => !isDone && refusal === "";

/** @param {Item} item @returns {boolean} whether anything of it can still go by itself */
const isWaiting = (item) =>
  item.state === "accepted" ? item.files.some(canGo) : item.state !== "needs_attention";

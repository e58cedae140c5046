/**
 * How items of the outbox go to the server: over HTTP, or a report over the socket while that is alive; the id
 * is the same, so that whatever arrives twice is stored once.
 *
 * @typedef {import("./outbox.js").Item} Item
 * @typedef {import("./outbox.js").KeptFile} KeptFile
 * @typedef {import("../cases/door.js").Door} Door
 * @typedef {import("./answers.js").Meaning} Meaning
 */
import { signed, writing } from "../cases/door.js";
import { meaningOf } from "./answers.js";
import { ask, NoLineError } from "./line.js";

/** Under the server's limit of 2 MiB for a piece, and small enough for a slow line's patience. */
const MOST_PIECE = 1024 * 1024;
const LEAST_PIECE = 32 * 1024;
/** A piece that takes less than this is followed by a larger one. */
const QUICK_MS = 2000;

/**
 * @param {Door} door
 * @param {Item} item
 * @returns {Promise<Meaning>} throws `NoLineError`
 */
export async function sendByHttp(door, item) {
  const body = item.kind === "report" ? { ...item.body, sent_at: new Date().toISOString() } : item.body;
  const answer = await ask(door, item.path, writing(door, item.method, body));
  return meaningOf(answer, item.id) ?? nobody();
}

/** Sends the pieces of files: large ones on a good line, small ones on a bad one. */
export class Pieces {
  #piece = MOST_PIECE / 4;

  /** @param {Door} door */
  constructor(door) {
    this.door = door;
  }

  /**
   * Send the bytes from `sent` on, as many as the line carries.
   *
   * @param {KeptFile} file
   * @param {Blob} blob all its bytes
   * @returns {Promise<import("./sender.js").PieceAnswer>} throws `NoLineError`
   */
  async send({ id, sent }, blob) {
    const body = blob.slice(sent, sent + this.#piece);
    const headers = { ...signed(this.door), "Content-Type": "application/octet-stream" };
    const begun = performance.now();
    try {
      const answer = await ask(this.door, `attachments/${id}?offset=${sent}`, {
        method: "PUT",
        headers,
        body,
      });
      if (performance.now() - begun < QUICK_MS) this.#piece = Math.min(MOST_PIECE, this.#piece * 2);
      // The case was merged while its last piece came: asked from here again, the server completes it.
      if (answer.body?.code === "attachment.moved") return { received: sent, isComplete: false };
      return pieceAnswer(answer, id);
    } catch (error) {
      this.#piece = Math.max(LEAST_PIECE, this.#piece / 2);
      throw error;
    }
  }
}

/**
 * @param {import("./line.js").Answer} answer
 * @param {string} id
 * @returns {import("./sender.js").PieceAnswer}
 */
function pieceAnswer(answer, id) {
  const { status, body } = answer;
  const isOk = status === 200 && body?.id === id;
  // Some of it had come already, or less than was thought: the server says from where to go on.
  const state = isOk ? body : status === 409 ? body?.details : null;
  if (body?.code === "attachment.hash") return { again: true };
  if (typeof state?.received === "number") {
    return { received: state.received, isComplete: Boolean(state.completed_at) };
  }
  return meaningOf(answer, id) ?? nobody();
}

/** @returns {never} */
function nobody() {
  throw new NoLineError("an answer that doesn't name what was sent");
}

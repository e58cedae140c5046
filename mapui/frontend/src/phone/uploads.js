/**
 * Sends the files of reports that have arrived, one after the other, whenever there is a network. What was cut
 * off, by a reload or by the network, goes on from the byte where it was.
 *
 * @typedef {import("./outbox.js").WaitingFile} WaitingFile
 */
import { RefusedFileError } from "../cases/upload.js";

const AGAIN_MS = 10_000;

export class Uploads {
  #isBusy = false;
  #isAsked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;

  /**
   * @param {Pick<import("./outbox.js").Outbox, "all" | "fileDone" | "refuseFile">} outbox
   * @param {(file: WaitingFile) => Promise<void>} send throws `RefusedFileError` for what will never be taken,
   *   and anything else when it's worth trying again
   * @param {() => void} changed called when what waits has changed
   */
  constructor(outbox, send, changed) {
    this.outbox = outbox;
    this.send = send;
    this.changed = changed;
  }

  /** Send all that can be sent now; what fails is tried again by itself. */
  async flush() {
    this.#isAsked = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#retry);
    let isWhole = true;
    while (this.#isAsked && isWhole) {
      this.#isAsked = false;
      isWhole = await this.#round();
    }
    this.#isBusy = false;
    if (!isWhole) this.#retry = setTimeout(() => this.flush(), AGAIN_MS);
  }

  /** @returns {Promise<boolean>} false: the rest has to wait */
  async #round() {
    for (const { id, incident, files } of await this.outbox.all()) {
      if (incident === null) continue;
      for (const file of files.filter(({ refusal }) => refusal === "")) {
        if (!(await this.#one(id, file))) return false;
      }
    }
    return true;
  }

  /** @param {string} report @param {WaitingFile} file */
  async #one(report, file) {
    try {
      await this.send(file);
      await this.outbox.fileDone(report, file.id);
    } catch (error) {
      if (!(error instanceof RefusedFileError)) return false;
      await this.outbox.refuseFile(report, file.id, error.message);
    }
    this.changed();
    return true;
  }
}

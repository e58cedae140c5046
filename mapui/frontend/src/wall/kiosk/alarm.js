import { byId, setText } from "../../ui/dom.js";

/**
 * What must not be overlooked stands over the map, and sounds again and again, until somebody takes it.
 *
 * @typedef {{ id: number, what: string }} Call
 */

/** So often, and so many times at most: a night watch that is away must not deafen the house. */
const AGAIN_MS = 6000;
const TIMES = 20;

export class Alarm {
  /** @type {Call[]} the latest first */
  #calls = [];
  #rung = 0;
  #rangAt = Number.NEGATIVE_INFINITY;

  /** @param {import("./sound.js").Sound} sound @param {(id: number) => void} onTake */
  constructor(sound, onTake) {
    this.sound = sound;
    this.onTake = onTake;
    byId("alarm-take").addEventListener("click", () => this.take());
  }

  /** @param {Call} call */
  raise(call) {
    this.#calls = [call, ...this.#calls.filter(({ id }) => id !== call.id)];
    this.#rung = 0;
    this.#rangAt = Number.NEGATIVE_INFINITY;
    this.#show();
    this.tick();
  }

  /** Somebody has it: open it, and go on to the next. @returns {boolean} whether there was any */
  take() {
    const [call, ...rest] = this.#calls;
    if (!call) return false;
    this.#calls = rest;
    this.#show();
    this.onTake(call.id);
    return true;
  }

  /** Somebody has opened the case by himself, or it is over. @param {(id: number) => boolean} isOver */
  drop(isOver) {
    const left = this.#calls.filter(({ id }) => !isOver(id));
    if (left.length === this.#calls.length) return;
    this.#calls = left;
    this.#show();
  }

  /** Ring, if it is time to; call it each second. */
  tick() {
    const now = performance.now();
    if (this.#calls.length === 0 || this.#rung >= TIMES || now - this.#rangAt < AGAIN_MS) return;
    this.#rung += 1;
    this.#rangAt = now;
    this.sound.play("critical");
  }

  #show() {
    const [call] = this.#calls;
    byId("alarm").hidden = call === undefined;
    setText(byId("alarm-what"), call?.what ?? "");
    setText(byId("alarm-more"), this.#calls.length > 1 ? `+${this.#calls.length - 1}` : "");
  }
}

import { pgettext } from "../../ui/i18n.js";
import { icon } from "../../ui/icons.js";

/**
 * Sounds by how urgent a thing is. A browser lets a page sound only after somebody has touched it (or with
 * `--autoplay-policy=no-user-gesture-required`), so the button says which of three it is: on, off, waiting for
 * a touch. The screen remembers whether it is to sound.
 *
 * @typedef {"normal" | "urgent" | "critical"} Level
 */

const KEY = "linge.wall.sound";
/** What is played at each level: [hertz, from, for] in seconds, and how loud. */
const TUNES = /** @type {const} */ ({
  normal: { notes: [[784, 0, 0.14]], gain: 0.12 },
  urgent: {
    notes: [
      [784, 0, 0.16],
      [1047, 0.2, 0.2],
    ],
    gain: 0.25,
  },
  critical: {
    notes: [
      [1047, 0, 0.18],
      [784, 0.22, 0.18],
      [1047, 0.44, 0.3],
    ],
    gain: 0.4,
  },
});
const RANKS = /** @type {const} */ (["normal", "urgent", "critical"]);
/** Fifty at once sound like one, and the most urgent is heard. */
const PAUSE_MS = 1500;
/** A tone that begins or ends at once clicks. */
const SLOPE_S = 0.02;

export class Sound {
  #isWanted = localStorage.getItem(KEY) !== "off";
  /** @type {AudioContext | null} */
  #context = null;
  #playedAt = Number.NEGATIVE_INFINITY;
  #rank = 0;

  /**
   * @param {HTMLElement} button
   * @param {boolean} isAllowed whether the browser was started so that pages may sound without a touch
   */
  constructor(button, isAllowed) {
    this.button = button;
    button.addEventListener("click", () => this.toggle());
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.#wake());
    if (isAllowed) this.#wake();
    else this.#show();
    // Made beforehand: it takes some frames, and the first touch is often the beginning of a drag.
    if (this.#isWanted) requestIdleCallback(() => this.#made());
  }

  /** Sound or be silent; the screen remembers it. */
  toggle() {
    // The first touch of a screen that waits for one is what lets it sound, and silences nothing.
    if (this.state === "waiting") {
      this.#wake();
      return;
    }
    this.#isWanted = !this.#isWanted;
    localStorage.setItem(KEY, this.#isWanted ? "on" : "off");
    this.#wake();
  }

  /** @returns {"on" | "off" | "waiting"} */
  get state() {
    if (!this.#isWanted) return "off";
    return this.#context?.state === "running" ? "on" : "waiting";
  }

  /** @param {Level} level */
  play(level) {
    const now = performance.now();
    const rank = RANKS.indexOf(level);
    if (this.state !== "on" || (now - this.#playedAt < PAUSE_MS && rank <= this.#rank)) return;
    this.#playedAt = now;
    this.#rank = rank;
    const { notes, gain } = TUNES[level];
    for (const [hertz, from, length] of notes) this.#note(hertz, from, length, gain);
  }

  /** @param {number} hertz @param {number} from @param {number} length @param {number} loud */
  #note(hertz, from, length, loud) {
    const context = this.#context;
    if (!context) return;
    const tone = new OscillatorNode(context, { frequency: hertz, type: "triangle" });
    const gain = new GainNode(context, { gain: 0 });
    const at = context.currentTime + from;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + SLOPE_S);
    gain.gain.setValueAtTime(loud, at + length - SLOPE_S);
    gain.gain.linearRampToValueAtTime(0, at + length);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + length);
  }

  async #wake() {
    if (this.#isWanted) {
      const context = this.#made();
      // Without a touch this promise waits, for ever if need be.
      this.#show();
      await context.resume();
    }
    this.#show();
  }

  #made() {
    this.#context ??= new AudioContext();
    this.#context.onstatechange = () => this.#show();
    return this.#context;
  }

  #show() {
    const words = {
      on: pgettext("sound", "Sound on"),
      off: pgettext("sound", "Muted"),
      waiting: pgettext("sound", "Touch to allow sound"),
    };
    const { state } = this;
    if (this.button.dataset.sound === state) return;
    this.button.dataset.sound = state;
    this.button.title = words[state];
    this.button.setAttribute("aria-label", words[state]);
    this.button.replaceChildren(icon(state === "on" ? "sound" : "mute"));
  }
}

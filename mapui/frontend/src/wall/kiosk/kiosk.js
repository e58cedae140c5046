import { gettext } from "../../ui/i18n.js";
import { icon } from "../../ui/icons.js";

/**
 * A wall on a screen of its own: full screen, awake, without a cursor, one view after the other. It is on while
 * the address ends in #kiosk, so that whatever starts the browser again starts it as it was.
 */

const HASH = "#kiosk";
const CURSOR_MS = 3000;

export class Kiosk {
  /** @type {WakeLockSentinel | null} */
  #lock = null;

  /**
   * @param {HTMLElement} button
   * @param {import("./idle.js").Idle} idle
   * @param {() => string} time hh:mm:ss
   * @param {(isOn: boolean) => void} onChange
   */
  constructor(button, idle, time, onChange) {
    this.button = button;
    this.idle = idle;
    this.time = time;
    this.title = document.title;
    this.onChange = onChange;
    button.replaceChildren(icon("full"));
    button.addEventListener("click", () => this.toggle());
    addEventListener("hashchange", () => this.#turn());
    document.addEventListener("fullscreenchange", () => {
      // Esc and F11 end the full screen, and mean the whole.
      if (!document.fullscreenElement && this.isOn) this.#leave();
    });
    document.addEventListener("visibilitychange", () => this.#stayAwake());
    this.#turn();
  }

  get isOn() {
    return location.hash === HASH;
  }

  toggle() {
    if (this.isOn) this.#leave();
    else location.hash = HASH;
  }

  /**
   * Hide the cursor of who has left, and write the time into the title: bin/kiosk sees by it that the page lives.
   * Call it each second.
   */
  tick() {
    const title = this.isOn ? `${this.time().slice(0, 5)} · ${this.title}` : this.title;
    if (document.title !== title) document.title = title;
    document.body.toggleAttribute("data-still", this.isOn && this.idle.isFor(CURSOR_MS));
  }

  #leave() {
    history.replaceState(null, "", location.pathname + location.search);
    this.#turn();
  }

  #turn() {
    document.body.toggleAttribute("data-kiosk", this.isOn);
    this.button.setAttribute("aria-pressed", String(this.isOn));
    const word = this.isOn ? gettext("Leave the kiosk mode") : gettext("Kiosk mode");
    this.button.title = word;
    this.button.setAttribute("aria-label", word);
    if (this.isOn) this.#fill();
    else if (document.fullscreenElement) document.exitFullscreen();
    this.#stayAwake();
    this.onChange(this.isOn);
  }

  /** A browser that was started as a kiosk is full already; another one wants a touch first. */
  async #fill() {
    if (document.fullscreenElement || !navigator.userActivation.isActive) return;
    await document.documentElement.requestFullscreen().catch(() => undefined);
  }

  /** The lock ends whenever the page is hidden, and where the battery is low it isn't given. */
  async #stayAwake() {
    if (!this.isOn) {
      await this.#lock?.release();
      this.#lock = null;
    } else if (document.visibilityState === "visible" && (this.#lock === null || this.#lock.released)) {
      this.#lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    }
  }
}

/**
 * Where the worker is, while he looks at the map and only then: a phone that is asked all day is empty by noon.
 *
 * @typedef {{ lon: number, lat: number, accuracy: number }} Fix degrees and metres
 */

export class Here {
  /** @type {number | null} */
  #watch = null;
  #isWanted = false;

  /** @param {(fix: Fix) => void} moved @param {() => void} failed */
  constructor(moved, failed) {
    this.moved = moved;
    this.failed = failed;
    document.addEventListener("visibilitychange", () => this.#settle());
  }

  start() {
    this.#isWanted = true;
    this.#settle();
  }

  stop() {
    this.#isWanted = false;
    this.#settle();
  }

  #settle() {
    const isOn = this.#isWanted && !document.hidden;
    if (!isOn && this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    if (!isOn) this.#watch = null;
    if (!isOn || this.#watch !== null) return;
    if (!(window.isSecureContext && navigator.geolocation)) {
      this.failed();
      return;
    }
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.moved({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      () => this.failed(),
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 },
    );
  }
}

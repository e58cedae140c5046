/**
 * Where the report is: from the device while the form is open, until the worker moves the pin.
 *
 * The first fix is often wrong, so positions are followed and the better one is taken, and a report waits for it
 * a moment. A pin that was set by hand is never moved again by the device; where the device was then is kept
 * beside it. Both are WGS 84, as browsers give them.
 *
 * @typedef {object} Place
 * @property {number} lon degrees
 * @property {number} lat degrees
 * @property {number | null} accuracy_m
 * @property {"device" | "pin" | "map"} source
 *
 * @typedef {object} Device what the device itself says
 * @property {number} lon degrees
 * @property {number} lat degrees
 * @property {number} accuracy_m
 * @property {"wgs84"} datum
 */

/** From this accuracy on the worker is asked to check the pin (metres), and a report waits for a better fix. */
export const POOR_M = 50;
/** So long after the form was opened a better fix is worth waiting for. */
const BRIEFLY_MS = 8000;

export class Position {
  /** @type {Place | null} */
  place = null;
  /** @type {Device | null} the best fix so far */
  device = null;
  /** @type {number | null} */
  #watch = null;
  #since = 0;
  #hasFailed = false;

  /**
   * @param {(place: Place) => void} moved
   * @param {(reason: string) => void} failed with "unsupported", "denied" or "unavailable"
   */
  constructor(moved, failed) {
    this.moved = moved;
    this.failed = failed;
  }

  /** Follow the device; does nothing where the browser gives no position (plain http, no permission). */
  follow() {
    this.stop();
    this.#since = performance.now();
    this.#hasFailed = false;
    if (!(window.isSecureContext && navigator.geolocation)) {
      this.#fail("unsupported");
      return;
    }
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.#fix(coords),
      (error) => this.#fail(error.code === error.PERMISSION_DENIED ? "denied" : "unavailable"),
      { enableHighAccuracy: true, maximumAge: 5_000, timeout: 20_000 },
    );
  }

  stop() {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
  }

  /** Forget a pin set by hand and take the device's next fix. */
  reset() {
    this.place = null;
    this.device = null;
    this.follow();
  }

  /** @returns {number} milliseconds that a better fix than this one is still worth waiting for */
  get patience() {
    const isPoor =
      this.place === null || (this.place.source === "device" && (this.place.accuracy_m ?? 0) > POOR_M);
    if (!isPoor || this.#watch === null || this.#hasFailed) return 0;
    return Math.max(0, this.#since + BRIEFLY_MS - performance.now());
  }

  /**
   * @param {number} lon
   * @param {number} lat
   * @param {"pin" | "map"} source
   */
  setByHand(lon, lat, source) {
    this.place = { lon, lat, accuracy_m: null, source };
    this.moved(this.place);
  }

  /** Take both up again from a draft. @param {Place | null} place @param {Device | null} device */
  restore(place, device) {
    this.device = device;
    this.place = place;
    if (place) this.moved(place);
  }

  /** @param {GeolocationCoordinates} coords */
  #fix({ longitude: lon, latitude: lat, accuracy }) {
    if (this.device && accuracy > this.device.accuracy_m * 1.5) return;
    this.device = { lon, lat, accuracy_m: accuracy, datum: "wgs84" };
    if (this.place && this.place.source !== "device") return;
    this.place = { lon, lat, accuracy_m: accuracy, source: "device" };
    this.moved(this.place);
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#hasFailed = true;
    this.failed(reason);
  }
}

/**
 * Where the report is: from the device while the form is open, until the worker moves the pin.
 *
 * The first fix is often wrong, so positions are followed and the better one is taken; a pin that was
 * set by hand is never moved again by the device.
 */

/** @typedef {{ lon: number, lat: number, accuracy_m: number | null, source: "device" | "pin" | "map" }} Place */

export class Position {
  /** @type {Place | null} */
  place = null;
  /** @type {number | null} */
  #watch = null;

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
    if (!(window.isSecureContext && navigator.geolocation)) {
      this.failed("unsupported");
      return;
    }
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.#fix(coords),
      (error) => this.failed(error.code === error.PERMISSION_DENIED ? "denied" : "unavailable"),
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
    this.follow();
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

  /** @param {GeolocationCoordinates} coords */
  #fix(coords) {
    const known = this.place;
    if (known && known.source !== "device") return;
    if (known?.accuracy_m && coords.accuracy > known.accuracy_m * 1.5) return;
    this.place = {
      lon: coords.longitude,
      lat: coords.latitude,
      accuracy_m: coords.accuracy,
      source: "device",
    };
    this.moved(this.place);
  }
}

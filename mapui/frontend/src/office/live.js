/** The page follows its case: when there is something new, the server draws the page, and its parts are put in. */

/**
 * @typedef {import("../cases/case.js").Details} Details
 */

const EVERY_MS = 4000;

export class LivePage {
  #version;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /**
   * @param {object} options
   * @param {string} options.address of the details
   * @param {number} options.version that the page was drawn with
   * @param {(details: Details) => void} options.onNew the page shows this now
   * @param {(isReached: boolean) => void} options.onLink whether the server answers
   */
  constructor({ address, version, onNew, onLink }) {
    this.address = address;
    this.onNew = onNew;
    this.onLink = onLink;
    this.#version = version;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
  }

  /** Read the case once, and go on looking. @param {boolean} [isFirst] */
  async look(isFirst = false) {
    clearTimeout(this.#waiting);
    try {
      const response = await fetch(this.address, { headers: { Accept: "application/json" } });
      if (response.ok) await this.#take(await response.json(), isFirst);
      this.onLink(response.ok);
    } catch {
      this.onLink(false);
    }
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.look(), EVERY_MS);
  }

  /** @param {Details} details @param {boolean} isFirst */
  async #take(details, isFirst) {
    const isNew = details.card.version !== this.#version;
    if (isNew) await this.#redraw();
    this.#version = details.card.version;
    if (isNew || isFirst) this.onNew(details);
  }

  async #redraw() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new TypeError("The page can't be read");
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const drawn = fresh.getElementById(part.id);
      if (drawn) part.replaceWith(document.adoptNode(drawn));
    }
  }
}

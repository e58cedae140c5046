/** The cases that have ended within a day; read anew every minute. */
import { PHASES } from "../../layers/states.js";
import { DotLayer } from "../../map/dots.js";

const REFRESH_MS = 60_000;

export class EndedCases {
  #isShown = false;

  /**
   * @param {import("leaflet").Map} map
   * @param {object} tools
   * @param {number} tools.radius pixels
   * @param {(address: string) => Promise<any>} tools.read JSON below /api/wall/; nothing where it can't be read
   * @param {(id: number) => void} tools.onSelect
   */
  constructor(map, { radius, read, onSelect }) {
    const colour = PHASES.at(-1)?.colour ?? "";
    this.read = read;
    this.layer = new DotLayer(map, { radius, colour, onSelect });
    setInterval(() => this.#isShown && this.#read(), REFRESH_MS);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#isShown = isShown;
    if (isShown) this.#read();
    else this.layer.show([]);
  }

  async #read() {
    const found = await this.read("ended");
    if (found && this.#isShown) this.layer.show(found.cases);
  }
}

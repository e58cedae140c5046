/** To whom a case goes, chosen by a click at a post on the map; the form then says whose it is, and is sent. */
import { PickLayer } from "../../map/picks.js";
import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * @typedef {import("../../cases/case.js").Details} CaseDetails
 *
 * @typedef {object} Spot
 * @property {number} user_id
 * @property {number} unit_id
 * @property {string} post
 * @property {string} unit_name
 * @property {number} open_cases
 * @property {boolean} is_on_duty
 * @property {number} lon
 * @property {number} lat
 *
 * @typedef {object} Tools
 * @property {import("./calls.js").Calls} calls
 * @property {(action: string, values: Record<string, string>) => void} onBegin the form of an action
 * @property {number} scale of the screen
 * @property {() => number} covered pixels at the right of the map that the case's card covers
 */

/** What gives a case to somebody, the first that is possible. */
const GIVING = ["assign", "hand_over", "admit"];

export class Picking {
  root = element("div", "picking");
  #button = element("button", "", gettext("Choose on the map"));
  #said = element("p", "picking-said");
  /** @type {{ id: number, action: string } | null} */
  #offered = null;
  #isPicking = false;

  /** @param {import("leaflet").Map} map @param {Tools} tools */
  constructor(map, tools) {
    this.map = map;
    this.tools = tools;
    this.picks = new PickLayer(map, tools.scale);
    this.#button.type = "button";
    this.#button.setAttribute("aria-pressed", "false");
    this.#button.addEventListener("click", () => (this.#isPicking ? this.stop() : this.#begin()));
    this.#said.setAttribute("role", "status");
    this.root.append(this.#button, this.#said);
    this.root.hidden = true;
  }

  get isPicking() {
    return this.#isPicking;
  }

  /** These are the details of the case that is open. @param {CaseDetails} details */
  offer({ card, actions, candidates }) {
    const action = GIVING.find((each) => actions.some((offer) => offer.action === each));
    const offered = action && candidates.length > 0 ? { id: card.id, action } : null;
    // The same one stays: the posts that it can be given to may be on their way.
    if (offered?.id !== this.#offered?.id || offered?.action !== this.#offered?.action) {
      this.stop();
      this.#offered = offered;
    }
    this.root.hidden = this.#offered === null;
  }

  /** No case is open any more. */
  clear() {
    this.stop();
    this.#offered = null;
    this.root.hidden = true;
  }

  /** Somebody clicked a post of this unit on the map: begin with who can be given the case there. @param {number} unit */
  async at(unit) {
    if (this.#offered) await this.#begin((spot) => spot.unit_id === unit);
  }

  stop() {
    if (!this.#isPicking) return;
    this.#isPicking = false;
    this.picks.clear();
    this.#button.setAttribute("aria-pressed", "false");
    setText(this.#said, "");
    delete this.map.getContainer().dataset.tool;
  }

  /** @param {(spot: Spot) => boolean} [isMeant] */
  async #begin(isMeant = () => true) {
    const offered = this.#offered;
    if (!offered) return;
    const answer = await this.tools.calls.posts(offered.id);
    if (offered !== this.#offered) return;
    if (!answer.ok) return setText(this.#said, answer.message);
    /** @type {Spot[]} */
    const spots = answer.body.filter(isMeant);
    this.#isPicking = spots.length > 0;
    if (!this.#isPicking) return setText(this.#said, gettext("Nobody there can be given this case."));
    this.#button.setAttribute("aria-pressed", "true");
    this.map.getContainer().dataset.tool = "pick";
    setText(this.#said, gettext("Click at a post on the map."));
    const picks = spots.map((spot) => ({
      id: spot.user_id,
      lon: spot.lon,
      lat: spot.lat,
      label: label(spot),
    }));
    const onPick = (/** @type {number} */ person) => {
      this.stop();
      this.tools.onBegin(offered.action, { assignee: String(person) });
    };
    this.picks.show(picks, onPick, this.tools.covered());
  }
}

/** @param {Spot} spot */
function label({ post, unit_name: unit, open_cases: open, is_on_duty: isOnDuty }) {
  const box = element("span", isOnDuty ? "pick-label is-on-duty" : "pick-label");
  box.append(
    element("strong", "", post),
    element("span", "", unit),
    element("span", "", fill(gettext("%(n)s open"), { n: open })),
  );
  return box;
}

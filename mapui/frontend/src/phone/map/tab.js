/** The map: my grids and those next door, where I am, my tasks, the households by building, who is responsible. */
import { phaseOf } from "../../layers/states.js";
import { WorkerMap } from "../../map/worker.js";
import { element, setText } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { lateness } from "../../ui/lateness.js";
import { age } from "../age.js";
import { ask } from "../line.js";
import { byBuilding } from "../visits/round.js";
import { tilesFor } from "./archive.js";
import { responsibleAt } from "./ground.js";
import { Here } from "./position.js";
import { responsibleList } from "./responsible.js";

/** What the map shows: by which key it is kept, and where it is read. */
const SHOWN = /** @type {const} */ ([
  ["ground", "phone/ground"],
  ["households", "phone/households"],
  ["tasks", "my/tasks"],
]);
/** What is shown all over the map where the worker has no post with a level. */
const USUAL_LEVEL = "area";

export class MapTab {
  /** @type {WorkerMap | null} made when it is first seen: a map needs a size */
  #map = null;
  #box = element("div", "worker-map");
  #badge = element("p", "map-badge");
  #sheet = element("section", "map-sheet");
  /** @type {import("./ground.js").Ground | undefined} */
  #ground;
  /** @type {import("./position.js").Fix | null} */
  #fix = null;
  #isGoing = false;
  /** @type {[lon: number, lat: number] | null} whose answer is open */
  #asked = null;

  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    this.context = context;
    const locate = element("button", "map-locate", gettext("My position"));
    locate.type = "button";
    locate.addEventListener("click", () => this.#locate());
    this.#badge.setAttribute("role", "status");
    this.#sheet.hidden = true;
    this.#sheet.setAttribute("aria-live", "polite");
    this.here = new Here(
      (fix) => this.#moved(fix),
      () => this.#isGoing && this.context.notice(gettext("This phone gives no position."), "bad"),
    );
    panel.append(this.#badge, this.#box, locate, this.#sheet);
  }

  /** @param {string} argument the place to go to, "lon,lat" */
  async show(argument) {
    this.#map ??= this.#make();
    this.#map.refresh();
    this.here.start();
    const [lon, lat] = argument.split(",").map(Number);
    if (lon && lat) this.#map.goTo({ lon, lat });
    await this.#draw();
  }

  hide() {
    this.here.stop();
    this.#close();
  }

  #make() {
    const { profile, open } = this.context;
    return new WorkerMap(this.#box, {
      profile: { ...profile, tiles: tilesFor(this.context) },
      level: profile.posts[0]?.unit.level ?? USUAL_LEVEL,
      onTap: (lon, lat) => this.#ask(lon, lat),
      onTask: open,
      onHouse: (id) => {
        location.hash = `visits/building-${id}`;
      },
    });
  }

  /** What is kept is shown at once, what the server says when it has come. */
  async #draw() {
    const { data, time } = this.context;
    this.#show(await Promise.all(SHOWN.map(([key]) => data.get(key))));
    try {
      const read = await Promise.all(SHOWN.map(([key, path]) => data.fresh(key, path)));
      this.#show(read.map(({ value }) => value));
      const oldest = read.find(({ isOld }) => isOld);
      setText(this.#badge, oldest ? age(oldest, time) : "");
    } catch {
      // The log-in has ended, as the banner says: the map stays as it was.
    }
  }

  /** @param {readonly any[]} shown what `SHOWN` names, in its order */
  #show([ground, households, tasks]) {
    this.#ground = ground;
    if (ground) this.#map?.showAreas(ground.areas);
    this.#map?.showHouses(byBuilding(households));
    this.#map?.tasks.update(marks(tasks ?? [], this.context.clock.now()));
    if (this.#asked) this.#ask(...this.#asked);
  }

  #locate() {
    if (this.#fix) this.#map?.goTo(this.#fix);
    else {
      this.#isGoing = true;
      this.here.stop();
      this.here.start();
    }
  }

  /** @param {import("./position.js").Fix} fix */
  #moved(fix) {
    this.#fix = fix;
    this.#map?.showPosition(fix);
    if (this.#isGoing) this.#map?.goTo(fix);
    this.#isGoing = false;
  }

  /** Who is responsible there: from what was read ahead, else from the server. @param {number} lon @param {number} lat */
  async #ask(lon, lat) {
    /** @type {[number, number]} */
    const asked = [lon, lat];
    this.#asked = asked;
    this.#map?.mark({ lon, lat });
    const answer = await this.#responsible(lon, lat);
    if (this.#asked === asked) this.#answer(answer);
  }

  /** @param {number} lon @param {number} lat @returns {Promise<HTMLElement>} */
  async #responsible(lon, lat) {
    const known = responsibleAt(this.#ground, lon, lat);
    if (known) return responsibleList({ ...known, outsideM: null }, this.context.words);
    try {
      const { body } = await ask(this.context.door, `phone/responsible?lon=${lon}&lat=${lat}`);
      const found = { chain: body.chain, isMine: false, outsideM: body.outside_m };
      return responsibleList(found, this.context.words);
    } catch {
      return element("p", "", gettext("Without a network only your grids and those next door are known."));
    }
  }

  /** @param {HTMLElement} content */
  #answer(content) {
    const close = element("button", "map-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", gettext("Close"));
    close.addEventListener("click", () => this.#close());
    this.#sheet.replaceChildren(close, content);
    this.#sheet.hidden = false;
  }

  #close() {
    this.#asked = null;
    this.#sheet.hidden = true;
    this.#map?.mark(null);
  }
}

/** @param {readonly import("../today/deeds.js").Task[]} tasks @param {number} now */
const marks = (tasks, now) =>
  tasks.map(({ card }) => ({
    id: card.id,
    lon: card.lon,
    lat: card.lat,
    phase: phaseOf(card.state),
    lateness: lateness(card, now),
    isPaused: card.paused_since !== null,
    isUrgent: card.priority !== "normal",
    isEscalated: false,
  }));

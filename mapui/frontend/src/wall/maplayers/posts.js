/** The posts in view, read anew where the map goes and every minute: who is on duty changes with the clock. */
import { PostLayer } from "../../map/posts.js";
import { element } from "../../ui/dom.js";
import { fill, gettext, ngettext } from "../../ui/i18n.js";
import { coalesced } from "../../ui/painter.js";

/**
 * @typedef {import("../../map/posts.js").Post} Post
 * @typedef {import("../../map/posts.js").PostGroup} PostGroup
 *
 * @typedef {object} Tools
 * @property {(address: string) => Promise<any>} read JSON below /api/wall/; nothing where it can't be read
 * @property {(kind: string) => string} nameOf a kind of post
 * @property {number} radius pixels
 */

const REFRESH_MS = 60_000;
/** Dragging ends often; the server is asked once the map lies still. */
const SETTLED_MS = 400;

export class Posts {
  /** @type {((group: PostGroup) => void)[]} */
  #listeners = [];
  #isShown = false;
  #readSoon = coalesced(() => this.#read(), SETTLED_MS);

  /** @param {import("leaflet").Map} map @param {Tools} tools */
  constructor(map, tools) {
    this.map = map;
    this.tools = tools;
    this.layer = new PostLayer(map, {
      radius: tools.radius,
      words: (group) => words(group, tools.nameOf),
      onSelect: (group) => {
        for (const listener of this.#listeners) listener(group);
      },
    });
    map.on("moveend", () => this.#isShown && this.#readSoon());
    setInterval(() => this.#isShown && this.#read(), REFRESH_MS);
  }

  /** Hear which posts are clicked. @param {(group: PostGroup) => void} listener */
  onSelect(listener) {
    this.#listeners.push(listener);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#isShown = isShown;
    if (isShown) this.#read();
    else this.layer.show([]);
  }

  async #read() {
    const view = this.map.getBounds().pad(0.1);
    const box = new URLSearchParams({
      west: String(Math.max(-180, view.getWest())),
      south: String(Math.max(-90, view.getSouth())),
      east: String(Math.min(180, view.getEast())),
      north: String(Math.min(90, view.getNorth())),
    });
    const found = await this.tools.read(`posts?${box}`);
    if (found && this.#isShown) this.layer.show(grouped(found.posts));
  }
}

/** @param {readonly (Post & Omit<PostGroup, "posts">)[]} posts @returns {PostGroup[]} by unit, in the same order */
export function grouped(posts) {
  /** @type {Map<number, PostGroup & { posts: Post[] }>} */
  const groups = new Map();
  for (const { unit_id, unit_name, lon, lat, ...post } of posts) {
    const group = groups.get(unit_id) ?? { unit_id, unit_name, lon, lat, posts: [] };
    group.posts.push(post);
    groups.set(unit_id, group);
  }
  return [...groups.values()];
}

/** @param {PostGroup} group @param {(kind: string) => string} nameOf */
function words({ unit_name: unit, posts }, nameOf) {
  const box = element("div", "post-words");
  box.append(element("strong", "", unit));
  for (const kind of new Set(posts.map((post) => post.kind))) {
    const ofKind = posts.filter((post) => post.kind === kind);
    const held = ofKind.filter((post) => !post.is_vacant);
    const onDuty = held.filter((post) => post.is_on_duty).length;
    const counted = fill(ngettext("%(n)s post", "%(n)s posts", ofKind.length), { n: ofKind.length });
    const parts = [counted, fill(gettext("%(n)s on duty"), { n: onDuty })];
    if (held.length < ofKind.length) {
      parts.push(fill(gettext("%(n)s vacant"), { n: ofKind.length - held.length }));
    }
    box.append(element("span", "", `${nameOf(kind)}: ${parts.join(" · ")}`));
  }
  return box;
}

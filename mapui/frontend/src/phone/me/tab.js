/** Me: my posts, the duty, what waits, the map for without a network, the language, and the way out. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext, ngettext, pgettext } from "../../ui/i18n.js";
import { age } from "../age.js";
import { languageButtons } from "../language.js";
import { dutyNow, myTurns } from "./duty.js";
import { OfflineMap } from "./offlinemap.js";

export class MeTab {
  #now = element("ul", "plain");
  #turns = element("ul", "plain");
  #age = element("p", "age");
  #queue = element("a", "me-queue");

  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    this.context = context;
    const { profile, words } = context;
    const posts = element("ul", "plain");
    const out = element("button", "secondary", gettext("Log out"));
    posts.append(
      ...profile.posts.map(({ kind, unit }) => element("li", "", `${words.post(kind)} · ${unit.name}`)),
    );
    this.#queue.href = "#queue";
    this.map = new OfflineMap(context);
    out.type = "button";
    out.addEventListener("click", () => this.#leave());
    const boards = element("a", "me-queue", gettext("Notice boards"));
    boards.href = "/phone/boards/";
    panel.append(
      element("h2", "", profile.name),
      posts,
      this.#queue,
      ...(profile.hangs_boards ? [boards] : []),
      section(gettext("On duty now"), this.#now),
      section(gettext("My turns"), this.#turns, this.#age),
      section(gettext("Map without a network"), this.map.root),
      section(pgettext("phone", "Language"), languageButtons()),
      out,
    );
    context.onEvent(() => this.#drawQueue());
  }

  async show() {
    await this.#drawQueue();
    await this.map.show();
    try {
      const read = await this.context.data.fresh("duty", "phone/duty");
      if (!read.value) return;
      this.#now.replaceChildren(...dutyNow(read.value.now));
      this.#turns.replaceChildren(...myTurns(read.value.turns));
      setText(this.#age, read.isOld ? age(read, this.context.time) : "");
    } catch {
      // The log-in has ended, as the banner says.
    }
  }

  async #drawQueue() {
    const n = (await this.context.outbox.all()).length;
    const waiting = fill(ngettext("%(n)s waits to be sent", "%(n)s wait to be sent", n), { n });
    setText(this.#queue, n > 0 ? waiting : gettext("Everything is sent"));
    this.#queue.dataset.state = n > 0 ? "waiting" : "sent";
  }

  /** What waits stays on the phone, and goes only when he logs in here again: he should know. */
  async #leave() {
    const n = (await this.context.outbox.all()).length;
    const ask = gettext("What waits to be sent stays on this phone until you log in here again. Log out?");
    // biome-ignore lint/suspicious/noAlert: one question, that works everywhere
    if (n > 0 && !confirm(ask)) return;
    await this.context.logOut();
  }
}

/** @param {string} title @param {...HTMLElement} content */
function section(title, ...content) {
  const box = element("section", "me-part");
  box.append(element("h3", "", title), ...content);
  return box;
}

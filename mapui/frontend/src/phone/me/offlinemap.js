/** The map for without a network: how big and how old it is, to be read anew or taken off the phone. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { forgetMap, keptMap, mapSize, readMap } from "../map/archive.js";
import { size } from "../storage.js";

export class OfflineMap {
  #root = element("div", "offline-map");
  #state = element("p", "report-foot");
  #read = element("button", "primary");
  #forget = element("button", "quiet", gettext("Take it off this phone"));

  /** @param {import("../context.js").Context} context */
  constructor(context) {
    this.context = context;
    for (const button of [this.#read, this.#forget]) button.type = "button";
    this.#state.setAttribute("role", "status");
    this.#read.addEventListener("click", () => this.#load());
    this.#forget.addEventListener("click", async () => {
      await forgetMap(context);
      await this.show();
    });
    this.#root.append(this.#state, this.#read, this.#forget);
  }

  get root() {
    return this.#root;
  }

  async show() {
    const kept = await keptMap(this.context);
    this.#forget.hidden = kept === undefined;
    setText(this.#read, kept ? gettext("Read it anew") : gettext("Keep it on this phone"));
    if (kept) {
      const words = { size: size(kept.blob.size), at: this.context.time.short(kept.savedAt) };
      setText(this.#state, fill(gettext("On this phone: %(size)s, as of %(at)s"), words));
      return;
    }
    const bytes = await mapSize();
    setText(
      this.#state,
      bytes === null
        ? gettext("Not on this phone.")
        : fill(gettext("Not on this phone. It has %(size)s."), { size: size(bytes) }),
    );
  }

  async #load() {
    this.#read.disabled = true;
    setText(this.#state, gettext("Reading the map…"));
    try {
      await readMap(this.context);
    } catch {
      this.context.notice(gettext("The map can't be read without a network."), "bad");
    }
    this.#read.disabled = false;
    await this.show();
  }
}

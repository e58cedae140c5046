/** The pictures and videos of a report: taken or picked, shown small, and taken out again. */
import { fingerprint } from "../cases/upload.js";
import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

/**
 * @typedef {import("../live/messages.js").DeclaredFile} DeclaredFile
 * @typedef {{ declared: DeclaredFile, blob: Blob }} Picture
 */

/** As many as the server takes with a report, and the most bytes of each kind. */
const MOST = 9;
const MEGABYTE = 1024 * 1024;
/** @type {Record<string, number>} */
const LIMITS = {
  "image/jpeg": 20 * MEGABYTE,
  "image/png": 20 * MEGABYTE,
  "image/webp": 20 * MEGABYTE,
  "video/mp4": 200 * MEGABYTE,
  "video/quicktime": 200 * MEGABYTE,
};

export class Pictures {
  /** @type {Picture[]} */
  #chosen = [];
  /** @type {string[]} */
  #shown = [];

  /**
   * @param {HTMLInputElement} input of files
   * @param {HTMLElement} list
   * @param {(sentence: string) => void} say
   */
  constructor(input, list, say) {
    this.input = input;
    this.list = list;
    this.say = say;
    // Named one by one, so that a telephone turns its own kinds of pictures into one of these.
    input.accept = Object.keys(LIMITS).join(",");
    // The browser reckons the fingerprint of a file only on pages that nobody can have tampered with.
    input.disabled = !globalThis.isSecureContext;
    input.addEventListener("change", () => this.#add([...(input.files ?? [])]));
  }

  /** @returns {readonly Picture[]} */
  get chosen() {
    return this.#chosen;
  }

  /** Show these, of a report that is corrected, or none. @param {readonly Picture[]} [pictures] */
  set(pictures = []) {
    this.#chosen = [...pictures];
    this.#draw();
  }

  /** @param {File[]} files */
  async #add(files) {
    this.input.value = "";
    this.say("");
    for (const file of files) {
      const why = this.#refusal(file);
      if (why) this.say(why);
      else this.#chosen.push({ declared: await fingerprint(file), blob: file });
    }
    this.#draw();
  }

  /** @param {File} file @returns {string} why it can't be taken; empty if it can */
  #refusal(file) {
    const limit = LIMITS[file.type];
    if (this.#chosen.length >= MOST) return fill(gettext("At most %(n)s files."), { n: MOST });
    if (limit === undefined)
      return fill(gettext("%(name)s is no picture or video that can be sent."), { name: file.name });
    if (file.size > limit) {
      return fill(gettext("%(name)s is larger than %(limit)s MB."), {
        name: file.name,
        limit: limit / MEGABYTE,
      });
    }
    return file.size === 0 ? fill(gettext("%(name)s is empty."), { name: file.name }) : "";
  }

  #draw() {
    for (const address of this.#shown) URL.revokeObjectURL(address);
    this.#shown = [];
    this.list.replaceChildren(...this.#chosen.map((picture) => this.#item(picture)));
    this.list.hidden = this.#chosen.length === 0;
  }

  /** @param {Picture} picture */
  #item(picture) {
    const { declared, blob } = picture;
    const item = element("li", "picture");
    const away = element("button", "picture-away", "×");
    away.type = "button";
    away.setAttribute("aria-label", fill(gettext("Leave out %(name)s"), { name: declared.name }));
    away.addEventListener("click", () => this.set(this.#chosen.filter((each) => each !== picture)));
    if (declared.media_type.startsWith("image/")) {
      const image = element("img");
      image.src = URL.createObjectURL(blob);
      image.alt = declared.name;
      this.#shown.push(image.src);
      item.append(image);
    } else item.append(element("span", "picture-name", `▶ ${declared.name}`));
    item.append(away);
    return item;
  }
}

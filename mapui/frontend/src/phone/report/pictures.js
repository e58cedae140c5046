/** The pictures and videos of a report: taken or picked, made smaller, shown small, and taken out again. */
import { fingerprint } from "../../cases/upload.js";
import { element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";
import { shrink, UnreadablePictureError } from "../shrink.js";
import { roomLeft, size } from "../storage.js";

/**
 * @typedef {import("../../live/messages.js").DeclaredFile} DeclaredFile
 * @typedef {{ declared: DeclaredFile, blob: Blob }} Picture
 *
 * @typedef {object} Tools
 * @property {import("../boot.js").Profile["limits"]} limits
 * @property {(sentence: string) => void} say
 * @property {(added: readonly Picture[]) => void} changed
 * @property {(lon: number, lat: number) => void} onHint where a picture says that it was taken
 */

/** Room that the phone needs for what is written beside the files. */
const SPARE = 1024 * 1024;

export class Pictures {
  /** @type {Picture[]} */
  #chosen = [];
  /** @type {string[]} */
  #shown = [];

  /**
   * @param {readonly HTMLInputElement[]} inputs of files
   * @param {HTMLElement} list
   * @param {Tools} tools
   */
  constructor(inputs, list, tools) {
    this.list = list;
    this.tools = tools;
    for (const input of inputs) {
      // Named one by one, so that a telephone turns its own kinds of pictures into one of these.
      const kinds = Object.keys(tools.limits.bytes);
      const only = input.dataset.only;
      input.accept = kinds.filter((kind) => !only || kind.startsWith(only)).join(",");
      input.addEventListener("change", () => this.#add(input));
    }
  }

  /** @returns {readonly Picture[]} */
  get chosen() {
    return this.#chosen;
  }

  /** Show these, of a draft that is taken up again, or none. @param {readonly Picture[]} [pictures] */
  set(pictures = []) {
    this.#chosen = [...pictures];
    this.#draw();
  }

  /** @param {HTMLInputElement} input */
  async #add(input) {
    const files = [...(input.files ?? [])];
    input.value = "";
    this.tools.say("");
    this.list.setAttribute("aria-busy", "true");
    for (const file of files) {
      try {
        await this.#addOne(file);
      } catch (error) {
        if (!(error instanceof UnreadablePictureError)) throw error;
        this.tools.say(error.message);
      }
    }
    this.list.removeAttribute("aria-busy");
  }

  /** @param {File} file as it was chosen. Throws `UnreadablePictureError` */
  async #addOne(file) {
    const { blob, hint } = await shrink(file);
    const why = await this.#refusal(blob);
    if (why) this.tools.say(why);
    else await this.#take(blob, hint);
  }

  /** @param {File} file @param {{ lon: number, lat: number } | null} hint */
  async #take(file, hint) {
    const picture = { declared: await fingerprint(file), blob: file };
    this.#chosen.push(picture);
    this.#draw();
    this.tools.changed([picture]);
    if (hint) this.tools.onHint(hint.lon, hint.lat);
  }

  /** @param {File} file as it would be sent @returns {Promise<string>} why not; empty if it can be taken */
  async #refusal({ name, type, size: bytesOfFile }) {
    const { files: most, bytes } = this.tools.limits;
    const limit = bytes[type];
    if (this.#chosen.length >= most) return fill(gettext("At most %(n)s files."), { n: most });
    if (limit === undefined)
      return fill(gettext("%(name)s is no picture or video that can be sent."), { name });
    if (bytesOfFile > limit) {
      const words = { name, limit: size(limit), is: size(bytesOfFile) };
      return fill(
        gettext("%(name)s has %(is)s, and at most %(limit)s can be sent: take a shorter one."),
        words,
      );
    }
    if (bytesOfFile === 0) return fill(gettext("%(name)s is empty."), { name });
    const left = await roomLeft();
    if (left > bytesOfFile + SPARE) return "";
    return fill(
      gettext("This phone has only %(left)s left for it: free some space, or send without the file."),
      {
        left: size(Math.max(0, left)),
      },
    );
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
    away.addEventListener("click", () => {
      this.set(this.#chosen.filter((each) => each !== picture));
      this.tools.changed([]);
    });
    if (declared.media_type.startsWith("image/")) {
      const image = element("img");
      image.src = URL.createObjectURL(blob);
      image.alt = declared.name;
      this.#shown.push(image.src);
      item.append(image);
    } else item.append(element("span", "picture-name", `▶ ${declared.name}`));
    item.append(element("span", "picture-size", size(declared.size)), away);
    return item;
  }
}

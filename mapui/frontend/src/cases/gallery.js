import { element, setText } from "../ui/dom.js";
import { fill, gettext, ngettext } from "../ui/i18n.js";

/**
 * @typedef {import("./case.js").File} FileOfCase
 */

/** @param {FileOfCase} file */
const address = ({ id }) => `/media/${id}`;
/** @param {FileOfCase} file a small picture of it; of a video, how it begins */
const thumbnail = ({ id }) => `/media/${id}?size=thumb`;
/** @param {FileOfCase} file */
const isPicture = ({ media_type: type }) => type.startsWith("image/");

/** The pictures and videos of a case: small in a row, large in a dialog of their own. */
export class Gallery {
  #root = element("section", "gallery");
  #list = element("ul", "gallery-list");
  #awaited = element("p", "gallery-awaited");
  #dialog = element("dialog", "viewer");
  /** @type {FileOfCase[]} */
  #files = [];
  #at = 0;

  constructor() {
    this.#root.append(this.#list, this.#awaited);
    this.#root.setAttribute("aria-label", gettext("Pictures and videos"));
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") this.#turn(1);
      if (event.key === "ArrowLeft") this.#turn(-1);
    });
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    // A video that nobody sees any more falls silent.
    this.#dialog.addEventListener("close", () => this.#dialog.replaceChildren());
    document.body.append(this.#dialog);
  }

  get root() {
    return this.#root;
  }

  /** @param {readonly FileOfCase[]} files those that are still on their way among them */
  show(files) {
    const shown = files.filter((file) => file.completed_at !== null);
    const missing = files.filter((file) => file.is_missing).length;
    const known = this.#files.map(({ id }) => id).join();
    if (known !== shown.map(({ id }) => id).join()) {
      this.#files = shown;
      this.#list.replaceChildren(...shown.map((file, index) => this.#item(file, index)));
    }
    setText(this.#awaited, sentences(files.length, shown.length, missing).join(" "));
    this.#root.hidden = files.length === 0;
  }

  /** @param {FileOfCase} file @param {number} index */
  #item(file, index) {
    const item = element("li");
    const button = element("button", "thumbnail");
    const purpose = file.purpose === "result" ? gettext("What was done") : gettext("What was reported");
    button.type = "button";
    button.dataset.file = file.id;
    button.setAttribute("aria-label", `${purpose}: ${file.name}`);
    const image = element("img");
    image.src = thumbnail(file);
    image.alt = "";
    image.loading = "lazy";
    button.append(image);
    if (!isPicture(file)) button.append(element("span", "thumbnail-video", "▶"));
    button.append(element("span", "thumbnail-purpose", purpose));
    button.addEventListener("click", () => {
      this.#at = index;
      this.#draw();
      this.#dialog.showModal();
    });
    item.append(button);
    return item;
  }

  /** @param {number} step */
  #turn(step) {
    const count = this.#files.length;
    this.#at = (this.#at + step + count) % count;
    this.#draw();
  }

  #draw() {
    const file = this.#files[this.#at];
    if (!file) return;
    const bar = element("div", "viewer-bar");
    const close = element("button", "viewer-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", gettext("Close"));
    close.addEventListener("click", () => this.#dialog.close());
    bar.append(element("span", "", `${this.#at + 1} / ${this.#files.length} · ${file.name}`));
    if (this.#files.length > 1) bar.append(this.#turner("‹", gettext("Previous"), -1));
    if (this.#files.length > 1) bar.append(this.#turner("›", gettext("Next"), 1));
    bar.append(close);
    this.#dialog.replaceChildren(bar, isPicture(file) ? picture(file) : video(file));
    close.focus();
  }

  /** @param {string} sign @param {string} name @param {number} step */
  #turner(sign, name, step) {
    const button = element("button", "", sign);
    button.type = "button";
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => this.#turn(step));
    return button;
  }
}

/**
 * @param {number} all @param {number} there @param {number} missing
 * @returns {string[]} what is said of the files that can't be seen yet, or never
 */
function sentences(all, there, missing) {
  const said = [];
  if (there + missing < all) said.push(fill(gettext("Files: %(there)s/%(all)s"), { there, all }));
  if (missing > 0) {
    const sentence = ngettext("%(n)s file never arrived.", "%(n)s files never arrived.", missing);
    said.push(fill(sentence, { n: missing }));
  }
  return said;
}

/** @param {FileOfCase} file */
function picture(file) {
  const image = element("img", "viewer-content");
  image.src = address(file);
  image.alt = file.name;
  return image;
}

/** @param {FileOfCase} file */
function video(file) {
  const player = element("video", "viewer-content");
  player.src = address(file);
  player.poster = thumbnail(file);
  player.controls = true;
  player.playsInline = true;
  return player;
}

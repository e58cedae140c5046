import { sendFiles } from "../cases/upload.js";
import { element, setText } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

/**
 * @typedef {import("../cases/door.js").Door} Door
 * @typedef {import("../cases/case.js").Details} Details
 */

/** Pictures and videos: of what was done, by who handles the case; of what he saw, by who reported it. */
export class FilesBox {
  #root = element("div", "files-box");
  #input = element("input");
  #outcome = element("p", "outcome");
  #title = element("span");
  /** @type {import("../cases/upload.js").Purpose} */
  #purpose = "result";

  /** @param {Door} door @param {() => void} onSent */
  constructor(door, onSent) {
    const label = element("label");
    this.#input.type = "file";
    this.#input.multiple = true;
    this.#input.accept = "image/*,video/*";
    this.#outcome.setAttribute("role", "status");
    label.append(this.#title, this.#input);
    this.#root.append(label, this.#outcome);
    this.#root.hidden = true;
    this.door = door;
    this.onSent = onSent;
    this.incident = 0;
    this.#input.addEventListener("change", () => this.#send());
  }

  get root() {
    return this.#root;
  }

  /** @param {Details} details */
  show(details) {
    this.incident = details.card.id;
    // Who may speak to the reporter handles the case.
    const handles = details.actions.some((offer) => offer.action === "give_feedback");
    this.#purpose = handles ? "result" : "report";
    const result = gettext("Add pictures or videos of the result");
    setText(this.#title, handles ? result : gettext("Add pictures or videos"));
    this.#root.hidden = !details.actions.some((offer) => offer.action === "attach");
  }

  async #send() {
    const files = [...(this.#input.files ?? [])];
    if (files.length === 0) return;
    this.#input.disabled = true;
    this.#say("", "");
    try {
      await sendFiles(this.door, this.incident, this.#purpose, files, (sentence) => this.#say(sentence, ""));
      this.#input.value = "";
      this.#say(gettext("The files are stored."), "good");
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error), "bad");
    }
    this.#input.disabled = false;
    this.onSent();
  }

  /** @param {string} sentence @param {"" | "good" | "bad"} tone */
  #say(sentence, tone) {
    this.#outcome.dataset.tone = tone;
    setText(this.#outcome, sentence);
  }
}

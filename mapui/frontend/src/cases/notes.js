import { element } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

/**
 * @typedef {{ state: string, text: string }} Template a text to begin with, for the state it belongs to
 */

const LONGEST_NOTE = 2000;

/**
 * What somebody writes, with the texts of the office to begin with.
 *
 * @param {readonly Template[]} templates
 * @returns {{ roots: HTMLElement[], control: HTMLTextAreaElement }}
 */
export function noteBox(templates) {
  const control = element("textarea");
  control.name = "note";
  control.rows = 3;
  control.maxLength = LONGEST_NOTE;
  if (templates.length === 0) return { roots: [control], control };
  const offers = element("div", "templates");
  offers.setAttribute("role", "group");
  offers.setAttribute("aria-label", gettext("Begin with"));
  for (const { text } of templates) {
    const offer = element("button", "template", text);
    offer.type = "button";
    offer.title = text;
    offer.addEventListener("click", () => {
      // What is typed already is never thrown away.
      control.value = [control.value.trim(), text].filter(Boolean).join("\n");
      control.focus();
    });
    offers.append(offer);
  }
  return { roots: [control, offers], control };
}

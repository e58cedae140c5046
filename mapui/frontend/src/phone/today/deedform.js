/** The small form of a deed that needs words: what was done with pictures of it, or why it is sent back. */
import { element } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { noRoom } from "../calls.js";
import { Pictures } from "../report/pictures.js";
import { keepDeed } from "./deeds.js";

/**
 * @param {import("../context.js").Context} context
 * @param {import("./deeds.js").ShownTask} task
 * @param {import("./deeds.js").Offer} offer
 * @param {() => void} close
 */
export function deedForm(context, task, offer, close) {
  const form = element("form", "action-form");
  const label = element("label", "", prompts()[offer.needs[0] ?? ""] ?? context.words.action(offer.action));
  const text = element("textarea");
  const problem = element("p", "error");
  const buttons = element("div", "action-buttons");
  const send = element("button", "primary", context.words.action(offer.action));
  const cancel = element("button", "", gettext("Cancel"));
  text.required = true;
  text.rows = 2;
  text.maxLength = 2000;
  cancel.type = "button";
  problem.setAttribute("role", "alert");
  label.append(text);
  form.append(label);
  const needsPhoto = offer.action === "resolve" && context.words.matter(task.card.matter).needs_photo;
  const pictures = offer.action === "resolve" ? evidence(context, form, problem) : null;
  if (needsPhoto) form.append(element("p", "hint", gettext("This matter needs a photo of the result.")));
  buttons.append(send, cancel);
  form.append(problem, buttons);
  cancel.addEventListener("click", close);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = pictures?.chosen ?? [];
    if (needsPhoto && chosen.length === 0) {
      problem.textContent = gettext("Add a photo that shows what was done.");
      return;
    }
    send.disabled = true;
    try {
      await keepDeed(context, task, offer.action, { note: text.value.trim(), pictures: chosen });
    } catch {
      send.disabled = false;
      problem.textContent = noRoom();
      return;
    }
    close();
  });
  return form;
}

/** @returns {Record<string, string>} */
const prompts = () => ({
  result: gettext("What was done?"),
  reason: gettext("Why?"),
  message: gettext("What is to be said?"),
});

/** @param {import("../context.js").Context} context @param {HTMLElement} form @param {HTMLElement} problem */
function evidence({ profile }, form, problem) {
  const label = element("label", "extra", gettext("Photo or video"));
  const input = element("input", "unseen");
  const list = element("ul", "pictures");
  input.type = "file";
  input.multiple = true;
  list.hidden = true;
  label.prepend(input);
  form.append(label, list);
  return new Pictures([input], list, {
    limits: profile.limits,
    say: (sentence) => {
      problem.textContent = sentence;
    },
    changed: () => undefined,
    onHint: () => undefined,
  });
}

/** What is to happen in a drawn area: emergency mode with an order, or a message to its workers. */
import { element } from "../../ui/dom.js";
import { fill, gettext, ngettext, pgettext } from "../../ui/i18n.js";
import { Calls } from "./calls.js";

/**
 * @typedef {import("../../map/rings.js").Position} Position
 * @typedef {import("./calls.js").Answer} Answer
 */

const MOST = 500;
const HOURS = 12;
const MOST_HOURS = 72;

/**
 * A form that is folded away while another is open. Its call has one id until it is answered, so that sending it again does it once.
 *
 * @param {string} title
 * @param {string} send
 * @param {readonly HTMLElement[]} fields
 * @param {(id: string) => Promise<Answer>} onSend
 * @param {(answer: Answer) => void} onAnswer
 */
function folded(title, send, fields, onSend, onAnswer) {
  const fold = element("details", "command-form");
  fold.name = "command-form";
  const root = element("form");
  const button = element("button", "primary", send);
  let call = Calls.id();
  root.append(...fields, button);
  fold.append(element("summary", "", title), root);
  root.addEventListener("input", () => {
    call = Calls.id();
  });
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const answer = await onSend(call);
    button.disabled = false;
    onAnswer(answer);
  });
  return fold;
}

/** @param {string} words @param {HTMLInputElement | HTMLTextAreaElement} control */
function labelled(words, control) {
  const label = element("label");
  label.append(element("span", "", words), control);
  return label;
}

/** @param {boolean} isRequired */
function text(isRequired) {
  const control = element("textarea");
  control.rows = 2;
  control.required = isRequired;
  return limited(control);
}

/**
 * Say of a text that it is too long, rather than cut its end off unseen when it is pasted: it may be what matters.
 *
 * @template {HTMLInputElement | HTMLTextAreaElement} Control
 * @param {Control} control
 */
export function limited(control) {
  control.addEventListener("input", () => {
    const n = [...control.value].length - MOST;
    const fault = ngettext("Too long by %(n)s character.", "Too long by %(n)s characters.", n);
    control.setCustomValidity(n > 0 ? fill(fault, { n }) : "");
    if (n > 0) control.reportValidity();
  });
  return control;
}

/** @param {Calls} calls @param {readonly Position[]} ring @param {(answer: Answer) => void} onAnswer */
export function emergencyForm(calls, ring, onAnswer) {
  const reason = text(true);
  const order = text(false);
  const fields = [
    labelled(gettext("What has happened (it is shown on the wall: no names)"), reason),
    labelled(gettext("Order to all posts inside"), order),
  ];
  const send = (/** @type {string} */ id) =>
    calls.declare(id, { ring, reason: reason.value, order: order.value });
  const fold = folded(gettext("Emergency mode"), gettext("Declare the emergency"), fields, send, onAnswer);
  fold.open = true;
  return fold;
}

/** @param {Calls} calls @param {readonly Position[]} ring @param {(answer: Answer) => void} onAnswer */
export function broadcastForm(calls, ring, onAnswer) {
  const words = text(true);
  const hours = element("input");
  hours.type = "number";
  hours.min = "1";
  hours.max = String(MOST_HOURS);
  hours.value = String(HOURS);
  hours.required = true;
  const fields = [
    labelled(gettext("Message to the workers inside"), words),
    labelled(gettext("Hours on their phones"), hours),
  ];
  const send = (/** @type {string} */ id) =>
    calls.broadcast(id, { ring, text: words.value, hours: Number(hours.value) });
  return folded(pgettext("to workers", "Message"), gettext("Send the message"), fields, send, onAnswer);
}

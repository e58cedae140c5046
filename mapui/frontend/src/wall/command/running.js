/** What goes on by command, for who commands: its answers, a further order, its report, its end. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext, pgettext } from "../../ui/i18n.js";
import { answered } from "./alarms.js";
import { Calls } from "./calls.js";
import { limited } from "./forms.js";

/**
 * @typedef {import("../../live/messages.js").Emergency} Emergency
 * @typedef {import("../../live/messages.js").Broadcast} Broadcast
 *
 * @typedef {object} Tools
 * @property {Calls} calls
 * @property {{ short: (at: string) => string }} time
 * @property {boolean} mayCommand
 * @property {(area: import("geojson").Geometry) => void} onFind
 * @property {(sentence: string, tone: "good" | "bad") => void} say
 */

export class Running {
  root = element("div", "running");
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /** @param {Tools} tools */
  constructor(tools) {
    this.tools = tools;
  }

  /** Rows that stay keep what somebody types in them. @param {import("../../live/messages.js").Orders} orders */
  show({ emergencies, broadcasts }) {
    /** @type {Map<string, HTMLElement>} */
    const rows = new Map();
    for (const emergency of emergencies) {
      const key = `emergencies/${emergency.id}`;
      rows.set(key, this.#rows.get(key) ?? this.#emergency(emergency));
      refresh(rows.get(key), emergency);
    }
    for (const broadcast of broadcasts) {
      const key = `broadcasts/${broadcast.id}`;
      rows.set(key, this.#rows.get(key) ?? this.#broadcast(broadcast));
      refresh(rows.get(key), broadcast);
    }
    const isSame = rows.size === this.#rows.size && [...rows.keys()].every((key) => this.#rows.has(key));
    this.#rows = rows;
    if (isSame && this.root.hasChildNodes()) return;
    const nothing = element("p", "rest", gettext("Nothing goes on by command."));
    this.root.replaceChildren(...(rows.size > 0 ? rows.values() : [nothing]));
  }

  /** @param {Emergency} emergency */
  #emergency(emergency) {
    const { id, reason, unit_name: unit, since, area } = emergency;
    const row = this.#row("is-emergency", reason, `${unit} · ${this.tools.time.short(since)}`);
    const buttons = element("div", "running-buttons");
    if (area) buttons.append(this.#find(area));
    const report = element("a", "button", gettext("Situation report"));
    report.href = `/wall/emergencies/${id}/`;
    report.target = "_blank";
    buttons.append(report);
    row.append(buttons);
    if (!this.tools.mayCommand) return row;
    if (area) row.append(this.#further(id));
    buttons.append(this.#end("emergencies", id, gettext("End the emergency")));
    return row;
  }

  /** @param {Broadcast} broadcast */
  #broadcast({ id, unit_name: unit, sent_at: at, area }) {
    const title = pgettext("to workers", "Message");
    const row = this.#row("is-broadcast", title, `${unit} · ${this.tools.time.short(at)}`);
    const buttons = element("div", "running-buttons");
    buttons.append(this.#find(area));
    if (this.tools.mayCommand) buttons.append(this.#end("broadcasts", id, gettext("Take it back")));
    row.append(buttons);
    return row;
  }

  /** @param {string} className @param {string} title @param {string} where */
  #row(className, title, where) {
    const row = element("section", `running-row ${className}`);
    const answers = element("p", "running-answers");
    const bar = element("progress");
    answers.append(bar, element("span"));
    row.append(element("h3", "", title), element("p", "running-where", where), answers);
    return row;
  }

  /** @param {import("geojson").Geometry} area */
  #find(area) {
    const button = element("button", "", gettext("Show on the map"));
    button.type = "button";
    button.addEventListener("click", () => this.tools.onFind(area));
    return button;
  }

  /** Ending asks once more, at the same place. @param {"emergencies" | "broadcasts"} what @param {number} id @param {string} words */
  #end(what, id, words) {
    const button = element("button", "running-end", words);
    button.type = "button";
    button.addEventListener("click", async () => {
      if (button.dataset.sure === undefined) {
        button.dataset.sure = "";
        button.textContent = gettext("Really end it?");
        setTimeout(() => {
          delete button.dataset.sure;
          button.textContent = words;
        }, 5000);
        return;
      }
      button.disabled = true;
      const answer = await this.tools.calls.end(what, id);
      button.disabled = false;
      if (answer.ok) this.tools.say(gettext("It has ended; it is off the phones."), "good");
      else this.tools.say(answer.message, "bad");
    });
    return button;
  }

  /** @param {number} emergency */
  #further(emergency) {
    const form = element("form", "running-order");
    const text = limited(element("input"));
    const send = element("button", "", gettext("Order"));
    text.required = true;
    text.setAttribute("aria-label", gettext("A further order to all posts inside"));
    text.placeholder = gettext("A further order to all posts inside");
    let call = Calls.id();
    form.append(text, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      const answer = await this.tools.calls.order(emergency, call, text.value);
      send.disabled = false;
      if (!answer.ok) return this.tools.say(answer.message, "bad");
      call = Calls.id();
      form.reset();
      this.tools.say(fill(gettext("Sent to %(n)s people."), { n: answer.body.people }), "good");
    });
    return form;
  }
}

/** @param {HTMLElement | undefined} row @param {{ addressed: number, acknowledged: number }} answers */
function refresh(row, answers) {
  const bar = row?.querySelector("progress");
  const words = row?.querySelector(".running-answers span");
  if (!(bar && words)) return;
  bar.max = Math.max(1, answers.addressed);
  bar.value = answers.acknowledged;
  bar.setAttribute("aria-label", answered(answers));
  setText(words, answered(answers));
}

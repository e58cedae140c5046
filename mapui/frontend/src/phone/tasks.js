/** The list of my tasks: what is assigned to me, what can be done now first, with how late it is. */
import { element } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { clocks, lateness } from "../ui/lateness.js";

/**
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../cases/words.js").Words} Words
 * @typedef {{ card: Card, text: string, scheduled_for: string | null }} Task
 *
 * @typedef {object} Tools
 * @property {string} api the address of the interface
 * @property {Words} words
 * @property {{ short: (at: number) => string }} time
 * @property {() => number} now milliseconds, the server's clock
 * @property {(id: number) => void} onSelect
 * @property {(count: number) => void} onCount
 */

/** Tasks don't come over the socket, which carries one's own reports: they are looked up so often. */
const EVERY_MS = 15_000;

export class Tasks {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {HTMLElement} list @param {HTMLElement} empty @param {Tools} tools */
  constructor(list, empty, tools) {
    this.list = list;
    this.empty = empty;
    this.tools = tools;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
  }

  /** Read the tasks now, and go on looking. Without a network the list stays as it was. */
  async look() {
    clearTimeout(this.#waiting);
    try {
      const response = await fetch(`${this.tools.api}my/tasks`, { headers: { Accept: "application/json" } });
      if (response.ok) this.#show(await response.json());
    } catch {
      // Offline: what the bar says, and the next look will tell.
    }
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.look(), EVERY_MS);
  }

  /** @param {readonly Task[]} tasks */
  #show(tasks) {
    this.list.replaceChildren(...tasks.map((task) => this.#row(task)));
    this.empty.hidden = tasks.length > 0;
    this.tools.onCount(tasks.length);
  }

  /** @param {Task} task */
  #row({ card, text, scheduled_for: day }) {
    const { words, time, now } = this.tools;
    const row = element("li", "report task");
    const open = element("button", "row-open");
    const head = element("span", "report-head");
    const mark = card.priority === "normal" ? "" : ` · ${words.priority(card.priority)}`;
    open.type = "button";
    head.append(
      element("strong", "", words.matter(card.matter).name + mark),
      element("span", `state ${card.state}`, words.state(card.state)),
    );
    const when = day ? fill(gettext("Scheduled for %(day)s"), { day }) : this.#due(card);
    const late = element("span", "late", words.lateness(lateness(card, now()), card.paused_since !== null));
    late.dataset.late = lateness(card, now());
    const foot = element("span", "report-foot");
    foot.append(late, element("span", "", [when, words.place(card)].filter(Boolean).join(" · ")));
    open.append(head, foot);
    if (text) open.append(element("span", "task-text", text));
    open.append(
      element("span", "report-number", `${card.number} · ${time.short(Date.parse(card.received_at))}`),
    );
    open.addEventListener("click", () => this.tools.onSelect(card.id));
    row.dataset.incident = String(card.id);
    row.append(open);
    return row;
  }

  /** @param {Card} card @returns {string} when the next of its clocks is due */
  #due(card) {
    const running = clocks(card, this.tools.now()).filter((clock) => clock.stoppedAt === null);
    if (running.length === 0) return "";
    const next = Math.min(...running.map((clock) => clock.due));
    return fill(gettext("due %(at)s"), { at: this.tools.time.short(next) });
  }
}

/** Today: my reports and my tasks. */
import { byId, element, setText } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { showReports } from "../reports.js";
import { Tasks } from "../tasks.js";

export class TodayTab {
  #reports = element("ol", "reports");
  #empty = element("p", "empty", gettext("Nothing reported yet. Tap the big button when you see something."));

  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    this.context = context;
    const tasks = element("ol", "reports");
    const none = element("p", "empty", gettext("Nothing is assigned to you now."));
    const count = element("output", "count");
    const heading = element("h2", "", gettext("My tasks"));
    tasks.id = "tasks";
    this.#reports.id = "reports";
    heading.append(" ", count);
    panel.append(heading, tasks, none, element("h2", "", gettext("My reports")), this.#reports, this.#empty);
    this.tasks = new Tasks(tasks, none, {
      api: context.door.api,
      words: context.words,
      time: context.time,
      now: () => context.clock.now(),
      onSelect: context.open,
      onCount: (n) => setText(count, n > 0 ? String(n) : ""),
    });
    context.onEvent(() => this.#draw());
    byId("case").addEventListener("case:done", () => this.tasks.look());
  }

  show() {
    this.#draw();
    this.tasks.look();
  }

  #draw() {
    const { store, words, time, open } = this.context;
    showReports(this.#reports, store.cards.values(), { words, time: time.short, open });
    this.#empty.hidden = store.cards.size > 0;
  }
}

/** Today: what is announced and to be done, what waits, my reports, and what others report in my grids. */
import { element, setText } from "../../ui/dom.js";
import { fill, gettext, pgettext } from "../../ui/i18n.js";
import { lateness } from "../../ui/lateness.js";
import { age } from "../age.js";
import { noRoom } from "../calls.js";
import { showReports } from "../reports.js";
import { Announcements } from "./announcements.js";
import { refusal, taskCard } from "./card.js";
import { deedForm } from "./deedform.js";
import { keepDeed, refusedElsewhere, withDeeds } from "./deeds.js";
import { noteGone, readGone } from "./gone.js";

/**
 * @typedef {import("./deeds.js").Task} Task
 * @typedef {import("./deeds.js").ShownTask} ShownTask
 * @typedef {import("./deeds.js").Offer} Offer
 * @typedef {import("./gone.js").Gone} Gone
 */

/** The socket says when to look; where there is none, or a hint was lost, the tasks are looked up so often. */
const EVERY_MS = { live: 180_000, deaf: 30_000 };
/** What happens at once, such as a deed and its answer, is looked up once. */
const REST_MS = 500;
/** So many reports of others are seen at once. */
const MOST_AROUND = 20;

export class TodayTab {
  #figures = element("div", "figures");
  #news = element("div", "news");
  #tasks = element("ol", "reports");
  #none = element("p", "empty", gettext("Nothing is assigned to you now."));
  #count = element("output", "count");
  #reports = element("ol", "reports");
  #empty = element("p", "empty", gettext("Nothing reported yet. Tap the big button when you see something."));
  #around = element("ol", "reports");
  #others = element("details", "around");
  #age = element("p", "age");
  /** @type {Task[]} */
  #list = [];
  /** @type {Gone[]} */
  #gone = [];
  /** @type {number | null} the case whose deed somebody is writing */
  #open = null;
  #isShown = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;
  /** Something has happened since the last look began: what it read may be of before. */
  #isBehind = false;

  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    this.context = context;
    this.announcements = new Announcements(context);
    const heading = element("h2", "", gettext("My tasks"));
    const summary = element("summary", "", gettext("Reported by others in my grids"));
    this.#tasks.id = "tasks";
    this.#reports.id = "reports";
    this.#news.setAttribute("aria-live", "polite");
    heading.append(" ", this.#count);
    this.#others.append(summary, this.#around);
    this.#others.hidden = true;
    panel.append(
      this.announcements.root,
      this.#figures,
      this.#news,
      heading,
      this.#tasks,
      this.#none,
      element("h2", "", gettext("My reports")),
      this.#reports,
      this.#empty,
      this.#others,
      this.announcements.earlier,
      this.#age,
    );
    context.onEvent(() => this.#changed());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#changed();
    });
  }

  async show() {
    this.#isShown = true;
    await this.#draw();
    await this.look();
  }

  hide() {
    this.#isShown = false;
    clearTimeout(this.#waiting);
  }

  /** Something was announced, or is over: an order is to be seen whatever screen is shown. */
  async hear() {
    if (this.#isShown) {
      this.#changed();
      return;
    }
    await this.announcements.look().catch(() => undefined); // the log-in has ended, as the banner says
    await this.#draw();
  }

  /** Read the tasks now, and go on looking while somebody sees them. */
  async look() {
    clearTimeout(this.#waiting);
    this.#isBehind = false;
    const { data } = this.context;
    try {
      const read = await data.fresh("tasks", "my/tasks");
      this.#list = read.value ?? [];
      setText(this.#age, age(read, this.context.time));
      if (!read.isOld) this.#gone = await noteGone(this.context, this.#list);
      await this.#draw();
      await this.announcements.look();
      await this.#lookAround();
    } catch {
      // The log-in has ended, as the banner says: what is shown stays.
    }
    await this.#draw();
    clearTimeout(this.#waiting);
    if (!this.#isShown || document.hidden) return;
    const rest = this.context.online() ? EVERY_MS.live : EVERY_MS.deaf;
    this.#waiting = setTimeout(() => this.look(), this.#isBehind ? REST_MS : rest);
  }

  async #lookAround() {
    const { value } = await this.context.data.fresh("around", "phone/around");
    const { words, time, open } = this.context;
    const cards = (value ?? []).map((/** @type {{ card: Task["card"] }} */ { card }) => card);
    showReports(this.#around, cards.slice(0, MOST_AROUND), { words, time: time.short, open });
    this.#others.hidden = cards.length === 0;
  }

  /** Something has happened: show it at once, and look up what became of the tasks. */
  #changed() {
    this.#isBehind = true;
    this.#draw();
    if (!this.#isShown || document.hidden) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.look(), REST_MS);
  }

  async #draw() {
    const { store, words, time, open, outbox } = this.context;
    const items = await outbox.all();
    const tasks = this.#list.map((task) => withDeeds(task, items));
    this.announcements.draw(items);
    this.#drawFigures(tasks, items.length);
    this.#drawNews(refusedElsewhere(items, this.#list));
    // A form that somebody is filling in stays as it is.
    if (this.#open === null) this.#drawTasks(tasks);
    showReports(this.#reports, store.cards.values(), { words, time: time.short, open });
    this.#empty.hidden = store.cards.size > 0;
  }

  /** @param {ShownTask[]} tasks @param {number} waiting */
  #drawFigures(tasks, waiting) {
    const now = this.context.clock.now();
    const near = tasks.filter(({ card }) => ["soon", "late"].includes(lateness(card, now))).length;
    const figures = [
      { n: tasks.length, name: gettext("To do"), tone: "" },
      { n: near, name: gettext("Late or nearly"), tone: near > 0 ? "bad" : "" },
      { n: waiting, name: gettext("To be sent"), tone: waiting > 0 ? "warn" : "", href: "#queue" },
    ];
    this.#figures.replaceChildren(
      ...figures.map(({ n, name, tone, href }) => {
        const box = element(href ? "a" : "div", "figure");
        if (href && "href" in box) box.href = href;
        box.dataset.tone = tone;
        box.append(element("strong", "", String(n)), element("span", "", name));
        return box;
      }),
    );
    setText(this.#count, tasks.length > 0 ? String(tasks.length) : "");
  }

  /** @param {import("../outbox.js").Item[]} refused */
  #drawNews(refused) {
    const { words } = this.context;
    const read = (/** @type {import("../outbox.js").Item} */ { id }) => this.context.outbox.drop(id);
    this.#news.replaceChildren(
      ...refused.map((item) => refusal(item, words, read)),
      ...this.#gone.map((gone) => this.#goneNotice(gone)),
    );
  }

  /** @param {Gone} gone */
  #goneNotice(gone) {
    const { words, time } = this.context;
    const box = element("div", "notice gone");
    const seen = element("button", "quiet", gettext("Understood"));
    const what = gone.action ? words.action(gone.action) : pgettext("task", "No longer yours");
    seen.type = "button";
    seen.addEventListener("click", async () => {
      this.#gone = await readGone(this.context, gone.id);
      await this.#draw();
    });
    box.dataset.gone = String(gone.id);
    const title = fill(gettext("Not your task any more: %(matter)s"), {
      matter: words.matter(gone.matter).name,
    });
    const said = [what, gone.note, gone.number, time.short(gone.at)].filter(Boolean).join(" · ");
    box.append(element("strong", "", title), element("span", "", said), seen);
    return box;
  }

  /** @param {ShownTask[]} tasks */
  #drawTasks(tasks) {
    const { words, time, clock, open, outbox } = this.context;
    const tools = {
      words,
      time,
      now: clock.now(),
      open,
      act: (
        /** @type {ShownTask} */ task,
        /** @type {Offer} */ offer,
        /** @type {string | undefined} */ note,
      ) => this.#act(task, offer, note),
      read: (/** @type {{ id: string }} */ { id }) => void outbox.drop(id),
    };
    this.#tasks.replaceChildren(...tasks.map((task) => taskCard(task, tools)));
    this.#none.hidden = tasks.length > 0;
  }

  /** @param {ShownTask} task @param {Offer} offer @param {string} [note] */
  async #act(task, offer, note) {
    if (offer.needs.length === 0 || note !== undefined) {
      try {
        await keepDeed(this.context, task, offer.action, { note });
      } catch {
        this.context.notice(noRoom(), "bad");
      }
      return;
    }
    const row = this.#tasks.querySelector(`[data-incident="${task.card.id}"]`);
    this.#tasks.querySelector(".action-form")?.remove();
    this.#open = task.card.id;
    const form = deedForm(this.context, task, offer, () => {
      this.#open = null;
      this.#draw();
    });
    row?.append(form);
    form.querySelector("textarea")?.focus();
  }
}

import { element, setText } from "../../ui/dom.js";
import { fill, gettext, ngettext } from "../../ui/i18n.js";
import { SPEEDS } from "./replay.js";

/**
 * The bar of the replay: which day, which moment of it, how fast; and, above the map, that this isn't now.
 *
 * @typedef {object} Deeds
 * @property {() => void} open
 * @property {() => void} leave
 * @property {() => void} toggle play or pause
 * @property {(day: string) => void} day
 * @property {(second: number) => void} second of the day
 * @property {(speed: number) => void} speed
 *
 * @typedef {object} Told
 * @property {number} at milliseconds
 * @property {string} day
 * @property {boolean} isPlaying
 * @property {boolean} isWaiting for what is not loaded yet
 * @property {boolean} isOver the end of the day, or now, is reached
 * @property {number} speed
 * @property {number} missed what has happened meanwhile
 */

const DAY_MS = 86_400_000;
const LAST_SECOND = 86_399;

/** @param {string} day @returns {number} whole days since 1970 */
const number = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
/** @param {number} days @returns {string} YYYY-MM-DD */
const dayOf = (days) => new Date(days * DAY_MS).toISOString().slice(0, 10);

export class TimeBar {
  /** @type {number[]} the days on which grids changed */
  #changes = [];
  moment = element("time", "time-moment");
  news = element("span", "time-news");
  days = slider(gettext("Day"), 0);
  dayShown = element("output", "time-state");
  marks = element("div", "time-marks");
  before = button("time-step", "|◀", gettext("To the change of grids before"));
  after = button("time-step", "▶|", gettext("To the next change of grids"));
  play = button("time-step", "▶");
  hours = slider(gettext("Time of day"), LAST_SECOND);
  speed = element("select", "time-speed");
  state = element("output", "time-state");

  /** @param {HTMLElement} root @param {{ clock: (at: number) => string, day: (at: number) => string, second: (at: number) => number }} time @param {Deeds} deeds */
  constructor(root, time, deeds) {
    this.time = time;
    this.deeds = deeds;
    this.opener = button("time-open", gettext("Replay"));
    this.opener.addEventListener("click", deeds.open);
    this.opener.setAttribute("aria-keyshortcuts", "T");
    this.banner = element("div", "time-banner");
    this.bar = element("section", "time-bar");
    this.bar.setAttribute("aria-label", gettext("Replay of the past"));
    this.#makeBanner();
    this.#makeDays();
    this.#makeHours();
    this.banner.hidden = this.bar.hidden = true;
    root.append(this.opener, this.banner, this.bar);
  }

  /** @param {string} first day @param {string} last day @param {readonly { day: string, units: number }[]} changes */
  show(first, last, changes) {
    const [from, to] = [number(first), number(last)];
    this.days.min = String(from);
    this.days.max = String(to);
    this.days.value = String(to);
    const shown = changes.filter(({ day }) => number(day) >= from && number(day) <= to);
    this.#changes = shown.map(({ day }) => number(day));
    this.marks.replaceChildren(...shown.map((change) => this.#mark(change, from, to)));
    this.before.disabled = this.after.disabled = shown.length === 0;
    this.banner.hidden = this.bar.hidden = false;
    this.opener.hidden = true;
  }

  hide() {
    const hadFocus =
      this.bar.contains(document.activeElement) || this.banner.contains(document.activeElement);
    this.banner.hidden = this.bar.hidden = true;
    this.opener.hidden = false;
    if (hadFocus) this.opener.focus();
  }

  /** What was asked for is on its way. */
  wait() {
    this.bar.toggleAttribute("data-waiting", true);
    setText(this.state, gettext("Reading the past…"));
  }

  fail() {
    this.bar.toggleAttribute("data-waiting", false);
    setText(this.state, gettext("The past can't be read just now. Choose the moment again."));
  }

  /** @param {Told} told */
  tell({ at, day, isPlaying, isWaiting, isOver, speed, missed }) {
    const second = this.time.second(at);
    setText(this.moment, `${this.time.day(at)} ${this.time.clock(at)}`);
    setText(
      this.news,
      missed === 0
        ? ""
        : fill(ngettext("%(n)s event meanwhile", "%(n)s events meanwhile", missed), { n: missed }),
    );
    this.days.value = String(number(day));
    setText(this.dayShown, day);
    this.days.setAttribute("aria-valuetext", day);
    this.hours.value = String(second);
    this.hours.setAttribute("aria-valuetext", this.time.clock(at));
    this.bar.toggleAttribute("data-waiting", isWaiting);
    this.play.setAttribute("aria-pressed", String(isPlaying));
    setText(this.play, isPlaying ? "❚❚" : "▶");
    this.play.title = isPlaying ? gettext("Pause") : gettext("Play");
    this.play.setAttribute("aria-label", this.play.title);
    this.play.disabled = isOver;
    this.speed.value = String(speed);
    setText(
      this.state,
      isWaiting ? gettext("Reading the past…") : isOver ? gettext("The end of what there is.") : "",
    );
  }

  #makeBanner() {
    const word = element("strong", "time-word", gettext("Replay"));
    const note = element(
      "span",
      "time-note",
      gettext("This isn't now. Cards open as they are today; live goes on behind."),
    );
    note.setAttribute("role", "status");
    const leave = button("time-now", gettext("Back to now"));
    leave.addEventListener("click", this.deeds.leave);
    leave.append(element("kbd", "", "N"));
    leave.setAttribute("aria-keyshortcuts", "N Escape");
    this.banner.append(word, this.moment, note, this.news, leave);
  }

  #makeDays() {
    const row = element("div", "time-row");
    this.before.addEventListener("click", () => this.#jump(-1));
    this.after.addEventListener("click", () => this.#jump(1));
    const track = element("div", "time-track");
    this.days.addEventListener("change", () => this.deeds.day(dayOf(Number(this.days.value))));
    this.days.addEventListener("input", () => setText(this.dayShown, dayOf(Number(this.days.value))));
    track.append(this.marks, this.days);
    row.append(element("span", "time-label", gettext("Day")), this.before, track, this.after, this.dayShown);
    this.bar.append(row);
  }

  #makeHours() {
    const row = element("div", "time-row");
    this.play.addEventListener("click", this.deeds.toggle);
    const track = element("div", "time-track");
    this.hours.addEventListener("change", () => this.deeds.second(Number(this.hours.value)));
    track.append(this.hours);
    this.speed.setAttribute("aria-label", gettext("Speed"));
    this.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed))));
    this.speed.addEventListener("change", () => this.deeds.speed(Number(this.speed.value)));
    row.append(element("span", "time-label", gettext("Time")), this.play, track, this.speed, this.state);
    this.bar.append(row);
  }

  /** To the nearest change of the grids on that side. @param {1 | -1} side */
  #jump(side) {
    const now = Number(this.days.value);
    const found =
      side > 0 ? this.#changes.find((day) => day > now) : this.#changes.findLast((day) => day < now);
    if (found === undefined) return;
    this.days.value = String(found);
    setText(this.dayShown, dayOf(found));
    this.deeds.day(dayOf(found));
  }

  /** @param {{ day: string, units: number }} change @param {number} from @param {number} to */
  #mark({ day, units }, from, to) {
    const mark = element("span", "time-mark");
    mark.style.setProperty("--at", String((number(day) - from) / Math.max(1, to - from)));
    mark.title = fill(ngettext("%(day)s: %(n)s grid changed", "%(day)s: %(n)s grids changed", units), {
      day,
      n: units,
    });
    return mark;
  }
}

/** @param {string} className @param {string} text @param {string} [label] */
function button(className, text, label = "") {
  const made = element("button", className, text);
  made.type = "button";
  if (label) {
    made.title = label;
    made.setAttribute("aria-label", label);
  }
  return made;
}

/** @param {string} label @param {number} max */
function slider(label, max) {
  const made = element("input", "time-slider");
  Object.assign(made, { type: "range", min: "0", max: String(max), step: "1" });
  made.setAttribute("aria-label", label);
  return made;
}

import { byId } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * The trend of 24 hours, today against yesterday, and of 30 days.
 *
 * @typedef {import("./source.js").Counted} Counted
 * @typedef {import("./charts.js").Chart} Chart
 */

/** Told apart without colours, too: bars against lines, whole against dashed. */
const NOW = "#34d3f5";
const BEFORE = "#ffb066";

export class Trend {
  /** @type {Promise<[Chart, Chart] | null> | null} */
  #charts = null;

  /**
   * @param {Counted} counted
   * @param {number} hour of the day, in the district's zone
   */
  async show(counted, hour) {
    this.#charts ??= makeCharts();
    const charts = await this.#charts;
    if (!charts) {
      this.#charts = null; // the server is away: with the next figures it is asked again
      return;
    }
    const [hours, days] = charts;
    const { trend } = counted;
    const today = trend.today.map((count, n) => (n <= hour ? count : null));
    hours.show({
      labels: trend.today.map((_count, n) => String(n)),
      series: [
        { name: gettext("Today"), type: "bar", values: today, colour: NOW },
        { name: gettext("Yesterday"), type: "line", values: trend.yesterday, colour: BEFORE, isDashed: true },
      ],
      about: fill(gettext("Reported by the hour: today %(today)s, yesterday %(yesterday)s"), {
        today: sum(trend.today),
        yesterday: sum(trend.yesterday),
      }),
    });
    days.show({
      labels: trend.days.map(({ date }) => date.slice(5)),
      series: [
        {
          name: gettext("Received"),
          type: "bar",
          values: trend.days.map((day) => day.received),
          colour: NOW,
        },
        {
          name: gettext("Resolved"),
          type: "line",
          values: trend.days.map((day) => day.resolved),
          colour: BEFORE,
        },
      ],
      about: fill(gettext("30 days: %(received)s received, %(resolved)s resolved"), {
        received: sum(trend.days.map((day) => day.received)),
        resolved: sum(trend.days.map((day) => day.resolved)),
      }),
    });
  }
}

/** @returns {Promise<[Chart, Chart] | null>} null if the script of the charts can't be read */
async function makeCharts() {
  const script = await import("./charts.js").catch(() => null);
  if (!script) return null;
  const { Chart } = script;
  return [new Chart(byId("trend-hours")), new Chart(byId("trend-days"))];
}

/** @param {readonly number[]} counts */
const sum = (counts) => counts.reduce((total, count) => total + count, 0);

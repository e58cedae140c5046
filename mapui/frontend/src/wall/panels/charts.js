/**
 * The charts of the wall, in one style. ECharts is large, and comes in a piece of its own once a chart is
 * wanted; nothing moves in it, since a wall that draws all day must stay cool (docs/decisions/0026).
 */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {"bar" | "line"} type
 * @property {readonly (number | null)[]} values
 * @property {string} colour
 * @property {boolean} [isDashed]
 *
 * @typedef {object} Picture
 * @property {readonly string[]} labels of the horizontal axis
 * @property {readonly Series[]} series
 * @property {string} about what it shows, for who doesn't see it
 */

const INK_SOFT = "#a9bfd4";
const EDGE = "#1d3650";
const PANEL = "#0d1d2e";

export class Chart {
  /** @type {Picture | null} */
  #picture = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.chart = init(root, null, { renderer: "canvas" });
    new ResizeObserver(() => this.#fit()).observe(root);
  }

  /** @param {Picture} picture */
  show(picture) {
    this.#picture = picture;
    this.root.setAttribute("aria-label", picture.about);
    this.#draw();
  }

  #fit() {
    // A panel that lies behind another has no size.
    if (this.root.clientWidth === 0) return;
    this.chart.resize();
    this.#draw();
  }

  #draw() {
    if (!this.#picture || this.root.clientWidth === 0) return;
    const { labels, series } = this.#picture;
    const unit = Number.parseFloat(getComputedStyle(this.root).fontSize);
    const text = { color: INK_SOFT, fontSize: unit * 0.95 };
    this.chart.setOption(
      {
        animation: false,
        aria: { enabled: true },
        textStyle: { fontFamily: getComputedStyle(this.root).fontFamily },
        grid: { left: unit * 2.6, right: unit * 0.6, top: unit * 2, bottom: unit * 1.7 },
        legend: {
          top: 0,
          right: 0,
          padding: [unit * 0.3, 0],
          itemWidth: unit * 1.1,
          itemHeight: unit * 0.7,
          itemGap: unit * 0.6,
          textStyle: text,
          selectedMode: false,
        },
        tooltip: {
          trigger: "axis",
          renderMode: "richText",
          backgroundColor: PANEL,
          borderColor: EDGE,
          textStyle: { ...text, color: "#eaf3fb" },
        },
        xAxis: {
          type: "category",
          data: [...labels],
          axisLabel: { ...text, hideOverlap: true },
          axisTick: { show: false },
          axisLine: { lineStyle: { color: EDGE } },
        },
        yAxis: {
          type: "value",
          minInterval: 1,
          splitNumber: 3,
          axisLabel: text,
          splitLine: { lineStyle: { color: EDGE } },
        },
        series: series.map((one) => line(one, unit)),
      },
      { notMerge: true },
    );
  }
}

/** @param {Series} series @param {number} unit pixels */
function line({ name, type, values, colour, isDashed }, unit) {
  return {
    name,
    type,
    data: [...values],
    color: colour,
    barMaxWidth: unit * 1.2,
    barCategoryGap: "35%",
    symbol: isDashed ? "none" : "circle",
    symbolSize: unit * 0.35,
    lineStyle: { width: Math.max(1.5, unit * 0.13), type: isDashed ? "dashed" : "solid" },
  };
}

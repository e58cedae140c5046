import { pgettext } from "../ui/i18n.js";

/**
 * How the states of a case look on every map and list: a colour and a shape, never a colour alone.
 * Seventeen states are too many to tell apart from two metres, so they go by phases.
 *
 * @typedef {"triangle" | "circle" | "diamond" | "square" | "hexagon" | "ring" | "dot"} Shape
 *
 * @typedef {object} Phase
 * @property {string} key
 * @property {string} colour on dark; #rrggbb
 * @property {Shape} shape
 * @property {readonly string[]} states
 * @property {() => string} label
 */

/** @type {readonly Phase[]} */
export const PHASES = [
  {
    key: "new",
    colour: "#ff9f43",
    shape: "triangle",
    states: ["reported", "reopened"],
    label: () => pgettext("phase", "New"),
  },
  {
    key: "accepted",
    colour: "#34d3f5",
    shape: "circle",
    states: ["accepted"],
    label: () => pgettext("phase", "Accepted"),
  },
  {
    key: "assigned",
    colour: "#7aa7ff",
    shape: "diamond",
    states: ["assigned", "scheduled"],
    label: () => pgettext("phase", "Assigned"),
  },
  {
    key: "handling",
    colour: "#ae72d8",
    shape: "square",
    states: ["in_progress"],
    label: () => pgettext("phase", "In progress"),
  },
  {
    key: "waiting",
    colour: "#d5dde8",
    shape: "hexagon",
    states: ["need_info", "external", "admission_review", "district_review", "on_hold"],
    label: () => pgettext("phase", "Waiting"),
  },
  {
    key: "resolved",
    colour: "#56d68a",
    shape: "ring",
    states: ["resolved"],
    label: () => pgettext("phase", "Resolved"),
  },
  {
    key: "ended",
    colour: "#8494a8",
    shape: "dot",
    states: ["closed", "rejected", "cancelled", "void", "duplicate"],
    label: () => pgettext("phase", "Ended"),
  },
];

const ENDED = /** @type {Phase} */ (PHASES.at(-1));

/** @param {string} state @returns {Phase} */
export const phaseOf = (state) => PHASES.find((phase) => phase.states.includes(state)) ?? ENDED;

/** @param {string} state @returns {boolean} whether nobody has anything left to do */
export const isEnded = (state) => phaseOf(state) === ENDED;

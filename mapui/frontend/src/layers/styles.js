/**
 * The looks of the maps as plain tables; only map/ knows how they are drawn.
 * Widths of roads are metres on the ground, with a least width in pixels.
 *
 * @typedef {object} AreaStyle
 * @property {string} kind
 * @property {string} fill
 * @property {string} [stroke]
 * @property {number} [minzoom]
 *
 * @typedef {object} RoadStyle
 * @property {string} kind
 * @property {string} colour
 * @property {string} casing
 * @property {number} metres where the road doesn't tell its width
 * @property {number} least pixels
 * @property {number} [minzoom]
 * @property {number[]} [dash]
 * @property {number} labels from this zoom on
 *
 * @typedef {object} UnitStyle
 * @property {string} colour
 * @property {number} width pixels
 * @property {number} labels from this zoom on
 * @property {number} [hair] up to this zoom there are thousands in view: hairlines, which are drawn ten times as fast
 *
 * @typedef {object} MapStyle
 * @property {string} background
 * @property {readonly AreaStyle[]} areas bottom first
 * @property {AreaStyle} buildings
 * @property {readonly RoadStyle[]} roads least important first
 * @property {{ fill: string, halo: string }} roadLabels
 * @property {{ fill: string, halo: string }} placeLabels
 * @property {{ fill: string, halo: string }} unitLabels
 * @property {Record<string, UnitStyle>} units by level
 * @property {readonly string[]} ramp of a figure of units, from little to much; told apart without red and green
 * @property {HouseholdStyle} households
 *
 * @typedef {object} HouseholdStyle
 * @property {string} cell where many live, the more the less one sees through it
 * @property {string} party where party-member households are
 * @property {string} edge around what is drawn near
 * @property {string} ink
 */

/** @type {MapStyle} */
export const DARK = {
  background: "#08131f",
  areas: [
    { kind: "ground", fill: "#0d1c2d" },
    { kind: "green", fill: "#103027" },
    { kind: "water", fill: "#123a5c", stroke: "#1c527e" },
  ],
  buildings: { kind: "building", fill: "#21364f", stroke: "#34506f", minzoom: 14 },
  roads: [
    { kind: "lane", colour: "#1b2b3e", casing: "#0d1c2d", metres: 4, least: 0.5, minzoom: 15, labels: 19 },
    { kind: "street", colour: "#223349", casing: "#0a1725", metres: 8, least: 0.8, minzoom: 13, labels: 17 },
    { kind: "secondary", colour: "#2a3f59", casing: "#0a1725", metres: 16, least: 1.2, labels: 16.5 },
    { kind: "arterial", colour: "#36506f", casing: "#0a1725", metres: 28, least: 1.8, labels: 15 },
    {
      kind: "railway",
      colour: "#4a586b",
      casing: "#0a1725",
      metres: 5,
      least: 1.2,
      dash: [6, 5],
      labels: 17,
    },
  ],
  roadLabels: { fill: "#9fb6d1", halo: "#0a1725" },
  placeLabels: { fill: "#c3b58f", halo: "#0a1725" },
  unitLabels: { fill: "#e4f1ff", halo: "#08131f" },
  units: {
    city: { colour: "#bfe3ff", width: 4, labels: 6 },
    district: { colour: "#bfe3ff", width: 3.5, labels: 9 },
    street: { colour: "#8fe9ff", width: 4, labels: 11 },
    community: { colour: "#4fd8ff", width: 3, labels: 13 },
    area: { colour: "#3cc0f0", width: 2.2, labels: 15 },
    building_group: { colour: "#35aadb", width: 1.7, labels: 16.5, hair: 14 },
    resident_group: { colour: "#2f97c9", width: 1.3, labels: 17, hair: 15 },
  },
  ramp: ["#27436f", "#4f5d78", "#83806f", "#c2ab4e", "#ffe14d"],
  households: { cell: "#7be0c3", party: "#ff8a80", edge: "#06101b", ink: "#06221b" },
};

/** @type {MapStyle} */
export const LIGHT = {
  background: "#eef0ee",
  areas: [
    { kind: "ground", fill: "#f6f5f1" },
    { kind: "green", fill: "#d3e8c8" },
    { kind: "water", fill: "#a9d2ec", stroke: "#8cbfe0" },
  ],
  buildings: { kind: "building", fill: "#dfd8cc", stroke: "#c4bbab", minzoom: 14 },
  roads: [
    { kind: "lane", colour: "#ffffff", casing: "#d8d5cd", metres: 4, least: 0.6, minzoom: 15, labels: 18 },
    { kind: "street", colour: "#ffffff", casing: "#cfcbc1", metres: 8, least: 1, minzoom: 13, labels: 17 },
    { kind: "secondary", colour: "#fff6dc", casing: "#d9c99a", metres: 16, least: 1.4, labels: 16 },
    { kind: "arterial", colour: "#ffe6a6", casing: "#dcb765", metres: 28, least: 2, labels: 14 },
    {
      kind: "railway",
      colour: "#8d9299",
      casing: "#ffffff",
      metres: 5,
      least: 1.2,
      dash: [6, 5],
      labels: 17,
    },
  ],
  roadLabels: { fill: "#4c5560", halo: "#ffffff" },
  placeLabels: { fill: "#6d4d16", halo: "#ffffff" },
  unitLabels: { fill: "#12365a", halo: "#ffffff" },
  units: {
    city: { colour: "#0b4a86", width: 4, labels: 6 },
    district: { colour: "#0b4a86", width: 3.5, labels: 9 },
    street: { colour: "#0f5ca6", width: 3, labels: 11 },
    community: { colour: "#1769b8", width: 2.4, labels: 13 },
    area: { colour: "#2d7cc7", width: 1.8, labels: 15 },
    building_group: { colour: "#4a8fd2", width: 1.4, labels: 16, hair: 14 },
    resident_group: { colour: "#6aa3dc", width: 1.1, labels: 17, hair: 15 },
  },
  ramp: ["#fdf3b5", "#d3cf9a", "#979f93", "#5a6f8e", "#1d3f7f"],
  households: { cell: "#0c7a63", party: "#c62828", edge: "#ffffff", ink: "#ffffff" },
};

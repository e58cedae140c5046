/**
 * How the kinds of places look on every map: a colour and a picture, drawn with one stroke in a box of 24.
 *
 * @typedef {object} PlaceLook
 * @property {string} colour of the disc, on which a white picture is read
 * @property {string} path
 */

/** @type {Record<string, PlaceLook>} by the kind of `gis_grids.Facility` */
const LOOKS = {
  command_centre: { colour: "#b3395b", path: "M4 21V9l8-5 8 5v12M9 21v-6h6v6M12 4V1.500M12 1.500h4" },
  street_office: { colour: "#9a4a86", path: "M3 21h18M5 21V9M9.500 21V9M14.500 21V9M19 21V9M3 9h18L12 3z" },
  service_station: { colour: "#2f72b8", path: "M4 11l8-7 8 7M6 10v10h12V10M9 15.500l2 2 4-4" },
  school: { colour: "#8a6410", path: "M2 9l10-5 10 5-10 5zM6 11.500V17c4 3 8 3 12 0v-5.500M22 9v6" },
  hospital: { colour: "#b23a34", path: "M12 4v16M4 12h16" },
  market: {
    colour: "#7a6a17",
    path: "M4 10v11h16V10M3 10l2-7h14l2 7M3 10a3 3 0 0 0 6 0 3 3 0 0 0 6 0 3 3 0 0 0 6 0",
  },
  elder_care: {
    colour: "#a2537f",
    path: "M12 20.500C5 15.500 3 12 3 8.500A4.600 4.600 0 0 1 12 7a4.600 4.600 0 0 1 9 1.500c0 3.500-2 7-9 12z",
  },
  park: {
    colour: "#2f7d4b",
    path: "M12 22v-7M12 3a5 5 0 0 0-4.500 7A4 4 0 0 0 9 17h6a4 4 0 0 0 1.500-7A5 5 0 0 0 12 3z",
  },
  compound: { colour: "#54708c", path: "M3 21h18M5 21V6h7v15M12 21V11h7v10M8 10v.1M8 14v.1M15.500 15v.1" },
  other: { colour: "#5b6b78", path: "M12 21c4-5 6-8 6-11a6 6 0 0 0-12 0c0 3 2 6 6 11zM12 10.500v.1" },
};

const OTHER = /** @type {PlaceLook} */ (LOOKS.other);

/** @param {string} kind @returns {PlaceLook} */
export const placeLook = (kind) => LOOKS[kind] ?? OTHER;

import { fill, gettext } from "../ui/i18n.js";

/**
 * What the forms of a case offer to choose from, put together from its details.
 *
 * @typedef {import("./case.js").Details} Details
 * @typedef {import("./fields.js").Choices} Choices
 *
 * @typedef {Pick<Choices, "units" | "items">} Lists what is too long for the details: units to move to, items
 *   that are cited
 */

/** @type {Lists} */
const NO_LISTS = { units: [], items: [] };

/**
 * @param {string} address of the case's details
 * @param {Details} details
 * @param {AbortSignal} [signal]
 * @returns {Promise<Lists>} read only when an action needs one of them; empty when they can't be read
 */
export async function readLists(address, { actions }, signal) {
  const needs = actions.flatMap((offer) => offer.needs);
  if (!(needs.includes("unit") || needs.includes("item"))) return NO_LISTS;
  try {
    const response = await fetch(`${address}/choices`, {
      headers: { Accept: "application/json" },
      ...(signal && { signal }),
    });
    return response.ok ? await response.json() : NO_LISTS;
  } catch {
    return NO_LISTS;
  }
}

/** @param {Details} details @param {Lists} lists @returns {Choices} */
export function choicesOf({ similar, texts, proposal }, lists) {
  const masters = similar.map(({ number, metres, text }) => {
    const label = fill(gettext("%(metres)s m away"), { metres });
    return { number, label: [label, text.slice(0, 40)].filter(Boolean).join(" · ") };
  });
  return { ...lists, masters, templates: texts, proposal };
}

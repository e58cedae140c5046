/**
 * Which actions come first: those that lead the case on, then words, then what is done seldom.
 *
 * @typedef {import("./case.js").Offer} Offer
 */

/** Files are not sent by a command: see the gallery of the page. */
const NOT_BUTTONS = new Set(["attach"]);
const WORDS = new Set(["give_feedback", "add_note", "remind", "answer", "rate"]);
const SELDOM = new Set([
  "void", "merge", "unmerge", "hold", "recall", "hand_over", "cancel", "review", "split", "recategorise",
  "prioritise", "move", "extend", "refuse_extension", "request_extension", "follow_up", "self_handle",
]); // biome-ignore format: a list of words

/**
 * @param {readonly Offer[]} offers in the order of the workflow's table
 * @returns {{ first: Offer[], seldom: Offer[], words: Offer[], more: Offer[] }} `more` is folded away
 */
export function grouped(offers) {
  const buttons = offers.filter(({ action }) => !NOT_BUTTONS.has(action));
  const first = buttons.filter(({ action }) => !(WORDS.has(action) || SELDOM.has(action)));
  const words = buttons.filter(({ action }) => WORDS.has(action));
  const seldom = buttons.filter(({ action }) => SELDOM.has(action));
  // Nothing is folded away where there is nothing else to do; but none of it leads on.
  return first.length > 0 ? { first, seldom: [], words, more: seldom } : { first, seldom, words, more: [] };
}

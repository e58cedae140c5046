import { ask } from "../line.js";

/**
 * Tasks that were taken from the worker while he was away: he is told what happened, until he has read it.
 *
 * @typedef {import("../context.js").Context} Context
 * @typedef {import("./deeds.js").Task} Task
 *
 * @typedef {object} Gone
 * @property {number} id of the case
 * @property {string} number
 * @property {string} matter
 * @property {string | null} action by which it went; null: not known
 * @property {string} note what was said with it
 * @property {string} at
 */
const KEY = "gone";
/** The tasks that he was shown last; what others read ahead is not what he has seen. */
const SEEN = "tasks-seen";

/**
 * @param {Context} context
 * @param {readonly Task[]} now as the server has just said
 * @returns {Promise<Gone[]>} all that was not read yet
 */
export async function noteGone({ data, door, clock }, now) {
  /** @type {readonly Task[]} */
  const before = (await data.get(SEEN)) ?? [];
  const mine = new Set(now.map(({ card }) => card.id));
  /** @type {Gone[]} */
  const known = ((await data.get(KEY)) ?? []).filter((/** @type {Gone} */ { id }) => !mine.has(id));
  const told = new Set(known.map(({ id }) => id));
  const left = before.filter(({ card }) => !(mine.has(card.id) || told.has(card.id)));
  const reasons = await reasonsOf(door, left);
  for (const { card } of left) {
    const why = reasons.find(({ id }) => id === card.id);
    if (why?.is_own) continue;
    known.push({
      id: card.id,
      number: card.number,
      matter: card.matter,
      action: why?.action ?? null,
      note: why?.note ?? "",
      at: why?.at ?? new Date(clock.now()).toISOString(),
    });
  }
  await data.put(KEY, known);
  await data.put(SEEN, now);
  return known;
}

/** @param {Context} context @param {number} id of a case that was read about @returns {Promise<Gone[]>} the others */
export async function readGone({ data }, id) {
  const left = ((await data.get(KEY)) ?? []).filter((/** @type {Gone} */ each) => each.id !== id);
  await data.put(KEY, left);
  return left;
}

/**
 * @param {Context["door"]} door
 * @param {readonly Task[]} left
 * @returns {Promise<{ id: number, action: string, note: string, at: string, is_own: boolean }[]>}
 */
async function reasonsOf(door, left) {
  if (left.length === 0) return [];
  const { status, body } = await ask(
    door,
    `my/tasks/gone?${left.map(({ card }) => `id=${card.id}`).join("&")}`,
  );
  return status === 200 ? body : [];
}

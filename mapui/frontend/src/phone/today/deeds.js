/**
 * What the worker does with a task: a call of the outbox, so that it is kept without a network and done once;
 * and how the task looks while its deeds are on their way.
 *
 * @typedef {import("../context.js").Context} Context
 * @typedef {import("../outbox.js").Item} Item
 * @typedef {import("../../live/messages.js").Card} Card
 * @typedef {import("../../live/messages.js").DeclaredFile} DeclaredFile
 * @typedef {{ action: string, target: string | null, needs: readonly string[] }} Offer
 *
 * @typedef {object} Task as `GET /api/my/tasks` gives it
 * @property {Card} card
 * @property {string} text
 * @property {string | null} scheduled_for
 * @property {readonly Offer[]} actions
 *
 * @typedef {Task & { waiting: Item[], refused: Item[] }} ShownTask with the deeds that the server doesn't have
 */
import { v7 } from "uuid";

/** Where a deed leads, and what can follow before the server has answered it. */
const AFTER = /** @type {Record<string, { state: string, actions: Offer[] }>} */ ({
  take: { state: "in_progress", actions: [{ action: "resolve", target: "resolved", needs: ["result"] }] },
  resolve: { state: "resolved", actions: [] },
  send_back: { state: "accepted", actions: [] },
});

/** @param {number} incident */
const pathOf = (incident) => `incidents/${incident}/actions`;

/**
 * Keep a deed to be sent; the pictures that prove it are declared before it.
 *
 * @param {Context} context
 * @param {ShownTask} task
 * @param {string} action
 * @param {{ note?: string, pictures?: readonly { declared: DeclaredFile, blob: Blob }[] }} [told]
 */
export async function keepDeed(
  { outbox, words },
  { card, waiting },
  action,
  { note = "", pictures = [] } = {},
) {
  const label = `${words.action(action)} · ${words.matter(card.matter).name}`;
  const [first] = pictures;
  if (first) {
    await outbox.keep({
      // The answer lists the files that were declared: the call goes by the first of them.
      id: first.declared.id,
      kind: "call",
      path: `incidents/${card.id}/attachments`,
      method: "POST",
      body: { purpose: "result", files: pictures.map(({ declared }) => declared) },
      files: pictures.map(({ declared, blob }) => ({ ...declared, blob })),
      label,
    });
  }
  const id = v7();
  await outbox.keep({
    id,
    kind: "call",
    path: pathOf(card.id),
    method: "POST",
    body: { id, action, expected_version: card.version + waiting.length, note },
    label,
  });
}

/**
 * A deed was done: those kept after it for the same case rest on what it led to.
 *
 * @param {Pick<Context["outbox"], "all" | "update">} outbox
 * @param {Item} done
 * @param {{ version?: number }} answer
 */
export async function followUp(outbox, done, { version }) {
  if (done.kind !== "call" || version === undefined) return;
  const later = (await outbox.all()).filter(({ id, path }) => path === done.path && id !== done.id);
  for (const [n, { id }] of later.entries()) {
    await outbox.update(id, (item) => ({
      ...item,
      body: { ...item.body, expected_version: version + n },
    }));
  }
}

/**
 * The task as it is once what waits has arrived.
 *
 * @param {Task} task
 * @param {readonly Item[]} items of the outbox
 * @returns {ShownTask}
 */
export function withDeeds(task, items) {
  const deeds = items.filter(({ kind, path }) => kind === "call" && path === pathOf(task.card.id));
  const refused = deeds.filter(({ state }) => state === "needs_attention");
  const waiting = deeds.filter(({ state }) => state !== "needs_attention" && state !== "accepted");
  const after = waiting.map(({ body }) => AFTER[body.action]).findLast((each) => each !== undefined);
  if (!after) return { ...task, waiting, refused };
  return { ...task, card: { ...task.card, state: after.state }, actions: after.actions, waiting, refused };
}

/**
 * Deeds that were refused for cases that aren't the worker's any more.
 *
 * @param {readonly Item[]} items
 * @param {readonly Task[]} tasks
 */
export function refusedElsewhere(items, tasks) {
  const mine = new Set(tasks.map(({ card }) => pathOf(card.id)));
  return items.filter(
    ({ kind, path, state }) =>
      kind === "call" && path.endsWith("/actions") && state === "needs_attention" && !mine.has(path),
  );
}

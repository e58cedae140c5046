/** Which drafts are open in a page that lives: another page leaves them alone, unless it's told to open one. */

/** @param {string} id */
const nameOf = (id) => `linge-draft-${id}`;

let release = () => {};

/** This page has the draft open; and no other any more. @param {string} id empty: none */
export function hold(id) {
  release();
  if (!(id && navigator.locks)) return;
  /** @type {Promise<void>} */
  const done = new Promise((resolve) => {
    release = resolve;
  });
  navigator.locks.request(nameOf(id), () => done).catch(() => undefined);
}

/** @param {string} id @returns {Promise<boolean>} false where the browser can't tell: then it's opened under a new id */
export async function isHeld(id) {
  const state = await navigator.locks?.query().catch(() => null);
  return state?.held?.some(({ name }) => name === nameOf(id)) ?? false;
}

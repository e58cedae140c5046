/**
 * What is being written, kept with the outbox: every keystroke, and the bytes of chosen files once.
 *
 * @typedef {object} Draft its other fields are the form's business
 * @property {string} id
 * @property {number} [saved]
 * @property {{ id: string }[]} files whose bytes lie here
 */

/** @param {import("./shelf.js").Shelf} shelf @param {() => void} changed */
export const draftsOf = (shelf, changed) => ({
  /** Newest first. @returns {Promise<any[]>} */
  drafts: async () => (await shelf.read("drafts")).sort((a, b) => b.saved - a.saved),
  /** @param {Draft} draft @param {readonly { id: string, blob: Blob }[]} [added] bytes of its files that are new */
  async saveDraft(draft, added = []) {
    await shelf.write(async ({ drafts, blobs }) => {
      const left = new Set(draft.files.map(({ id }) => id));
      const before = await drafts.get(draft.id);
      for (const { id } of before?.files ?? []) if (!left.has(id)) await blobs.delete(id);
      for (const file of added) await blobs.put(file);
      await drafts.put({ ...draft, saved: Date.now() });
    });
  },
  /** @param {string} id */
  async dropDraft(id) {
    await shelf.write(async ({ drafts, blobs }) => {
      for (const file of (await drafts.get(id))?.files ?? []) await blobs.delete(file.id);
      await drafts.delete(id);
    });
    changed();
  },
  /**
   * Open a draft under a new id, and its files too: two tabs that open the same one then write, and send, two.
   *
   * @param {string} id
   * @param {(draft: any) => any} renew gives it and its files new ids
   * @returns {Promise<any>} the draft under its new id; undefined if it's gone
   */
  claimDraft: (id, renew) =>
    shelf.write(async ({ drafts, blobs }) => {
      const draft = await drafts.get(id);
      if (!draft) return undefined;
      const claimed = renew(draft);
      await copy(blobs, draft.files, claimed.files, false);
      await drafts.delete(id);
      await drafts.put(claimed);
      return claimed;
    }),
  /**
   * Make a draft of an item that has to be corrected; the item stays until its successor is kept.
   *
   * @param {string} id
   * @param {(item: import("./outbox.js").Item) => any} make a draft with as many files, under new ids
   */
  draftOf: (id, make) =>
    shelf.write(async ({ items, drafts, blobs }) => {
      const item = await items.get(id);
      if (!item) return undefined;
      const draft = make(item);
      await copy(blobs, item.files, draft.files, true);
      await drafts.put(draft);
      return draft;
    }),
});

/**
 * @param {import("./shelf.js").Store} blobs
 * @param {readonly { id: string }[]} from
 * @param {readonly { id: string }[]} to as many
 * @param {boolean} keepsBoth
 */
async function copy(blobs, from, to, keepsBoth) {
  for (const [n, { id }] of from.entries()) {
    const kept = await blobs.get(id);
    if (!keepsBoth) await blobs.delete(id);
    if (kept) await blobs.put({ id: to[n]?.id, blob: kept.blob });
  }
}

/** What is still on this phone, item by item: how far it is, why it waits, and what can be done about it. */
import { element } from "../../ui/dom.js";
import { fill, gettext, ngettext, pgettext } from "../../ui/i18n.js";
import { FILE_CHANGES, FILE_GONE } from "../sender.js";
import { size } from "../storage.js";

/**
 * @typedef {import("../outbox.js").Item} Item
 * @typedef {import("../outbox.js").KeptFile} KeptFile
 *
 * @typedef {object} Tools
 * @property {import("../context.js").Context["words"]} words
 * @property {(at: string | number) => string} time
 * @property {import("../outbox.js").Outbox} outbox
 * @property {() => void} sendNow
 * @property {(what: { id: string }) => void} correct open an item or a draft in the form
 * @property {(items: readonly Item[]) => Promise<void>} exportItems as a file
 * @property {() => Promise<string>} room what is left on the phone, in a sentence
 */

export class QueueScreen {
  #list = element("ol", "reports queue");
  #empty = element("p", "empty", gettext("Everything has been sent."));
  #room = element("p", "queue-room");
  #drafts = element("section", "drafts");
  #now;
  #export;

  /** @param {HTMLElement} panel @param {Tools} tools */
  constructor(panel, tools) {
    this.tools = tools;
    this.#now = button(gettext("Send now"), "primary", () => tools.sendNow());
    this.#export = button(gettext("Export all as a file"), "secondary", async () =>
      tools.exportItems(await tools.outbox.all()),
    );
    const buttons = element("div", "queue-buttons");
    buttons.append(this.#now, this.#export);
    panel.append(
      element("h2", "", gettext("To be sent")),
      buttons,
      this.#list,
      this.#empty,
      this.#drafts,
      this.#room,
    );
  }

  async show() {
    const { outbox } = this.tools;
    const [items, drafts, room] = await Promise.all([outbox.all(), outbox.drafts(), this.tools.room()]);
    this.#list.replaceChildren(...items.toReversed().map((item) => this.#row(item)));
    this.#empty.hidden = items.length > 0;
    this.#now.hidden = this.#export.hidden = items.length === 0;
    this.#room.textContent = room;
    const list = element("ol", "reports");
    list.append(...drafts.map((draft) => this.#draft(draft)));
    this.#drafts.replaceChildren(element("h2", "", gettext("Begun, not sent")), list);
    this.#drafts.hidden = drafts.length === 0;
  }

  /** @param {any} draft */
  #draft(draft) {
    const { words, time, outbox, correct } = this.tools;
    const row = element("li", "report");
    const head = element("div", "report-head");
    const title = draft.matter ? words.matter(draft.matter).name : gettext("Report");
    head.append(element("strong", "", title), element("span", "report-foot", time(draft.saved)));
    const buttons = element("div", "queue-buttons");
    const discard = async () => {
      await outbox.dropDraft(draft.id);
      await this.show();
    };
    buttons.append(
      button(gettext("Write on"), "quiet", () => correct(draft)),
      button(gettext("Discard"), "quiet", discard),
    );
    row.append(head, element("p", "task-text", draft.text), buttons);
    return row;
  }

  /** @param {Item} item */
  #row(item) {
    const { words, time } = this.tools;
    const row = element("li", "report outstanding");
    const head = element("div", "report-head");
    const title = item.label || (item.kind === "report" ? words.matter(item.body.matter).name : item.path);
    const [state, tone] = stateOf(item);
    const badge = element("span", "state", state);
    badge.dataset.tone = tone;
    row.dataset.item = item.id;
    row.dataset.state = item.state;
    head.append(element("strong", "", title), badge);
    const reason = reasonOf(item);
    row.append(head);
    if (reason) row.append(element("p", "queue-reason", reason));
    if (item.body.text) row.append(element("p", "task-text", item.body.text));
    row.append(this.#progress(item), element("p", "report-foot", foot(item, time)), this.#buttons(item));
    return row;
  }

  /** @param {Item} item */
  #progress({ files, state }) {
    const box = element("p", "queue-progress");
    if (files.length === 0) return box;
    const bytes = files.reduce((sum, { size: all }) => sum + all, 0);
    const sent = files.reduce((sum, file) => sum + (file.isDone ? file.size : file.sent), 0);
    const done = files.filter(({ isDone }) => isDone).length;
    const words = { done, all: files.length, sent: size(sent), bytes: size(bytes) };
    const bar = element("progress");
    bar.max = bytes;
    bar.value = sent;
    bar.setAttribute("aria-label", gettext("Files sent"));
    if (state === "accepted") box.append(bar);
    box.append(element("span", "", fill(gettext("Files %(done)s/%(all)s · %(sent)s of %(bytes)s"), words)));
    return box;
  }

  /** @param {Item} item */
  #buttons(item) {
    const { outbox, sendNow, correct, exportItems } = this.tools;
    const box = element("div", "queue-buttons");
    const refused = item.files.filter(({ refusal }) => refusal !== "");
    const retry = async () => {
      await outbox.retry(item.id);
      sendNow();
    };
    box.append(button(gettext("Try again"), "quiet", retry));
    if (item.kind === "report" && item.state === "needs_attention") {
      box.append(button(gettext("Correct it"), "quiet", () => correct(item)));
    }
    if (item.state === "accepted" && refused.length > 0) {
      box.append(button(gettext("Leave the file out"), "quiet", () => this.#leaveOut(item, refused)));
    }
    if (item.kind === "call" && item.state === "needs_attention") {
      box.append(button(gettext("Discard"), "quiet", () => this.#discard(item)));
    }
    box.append(button(gettext("Export"), "quiet", () => exportItems([item])));
    return box;
  }

  /** Go without the files that the server can't take. @param {Item} item @param {KeptFile[]} refused */
  async #leaveOut(item, refused) {
    const out = new Set(refused.map(({ id }) => id));
    await this.tools.outbox.update(item.id, (each) => ({
      ...each,
      files: each.files.filter(({ id }) => !out.has(id)),
    }));
    await this.show();
  }

  /** @param {Item} item */
  async #discard(item) {
    // biome-ignore lint/suspicious/noAlert: what is thrown away here is nowhere else
    if (!confirm(gettext("Throw it away? It has not been sent."))) return;
    await this.tools.outbox.drop(item.id);
    await this.show();
  }
}

/** @param {Item} item @returns {string} why it is still here; empty while it's only its turn */
function reasonOf({ state, tries, refusal, files }) {
  const said = refusal || files.find((file) => file.refusal !== "")?.refusal || "";
  if (said === FILE_GONE) return gettext("The file is no longer on this phone.");
  if (said === FILE_CHANGES) return gettext("The file changes on its way.");
  const isCut = state === "retry_wait" || (state === "accepted" && tries > 0);
  return said || (isCut ? gettext("No network") : "");
}

/** @param {Item} item @returns {[string, "waiting" | "bad" | "good"]} */
export function stateOf({ state, files }) {
  const left = files.filter(({ isDone }) => !isDone).length;
  if (state === "needs_attention") return [pgettext("item", "Needs attention"), "bad"];
  if (state === "auth_needed") return [pgettext("item", "Log in to send it"), "bad"];
  if (state === "sending") return [pgettext("item", "Sending…"), "waiting"];
  if (state === "accepted") {
    const isStuck = files.some(({ refusal }) => refusal !== "");
    const sentence = ngettext("%(n)s file on its way", "%(n)s files on their way", left);
    return isStuck ? [pgettext("item", "Needs attention"), "bad"] : [fill(sentence, { n: left }), "waiting"];
  }
  return [pgettext("item", "Waiting"), "waiting"];
}

/** @param {Item} item @param {(at: number) => string} time */
function foot({ saved, tries, nextAt, state }, time) {
  const parts = [fill(gettext("kept %(at)s"), { at: time(saved) })];
  if (tries > 0) parts.push(fill(ngettext("%(n)s try", "%(n)s tries", tries), { n: tries }));
  if (nextAt > Date.now() && state !== "needs_attention") {
    parts.push(fill(gettext("next try %(at)s"), { at: time(nextAt) }));
  }
  return parts.join(" · ");
}

/** @param {string} name @param {string} className @param {() => void} onClick */
function button(name, className, onClick) {
  const made = element("button", className, name);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

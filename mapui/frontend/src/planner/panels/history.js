/** What was drawn, by whom and when, the latest first; each may be taken back while nothing stands on it. */
import { byId, element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * @typedef {import("../contract.js").HistoryEntry} HistoryEntry
 * @typedef {import("../desk.js").Desk} Desk
 */

export class HistoryPanel {
  /** @type {HistoryEntry[]} */
  #entries = [];

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = byId("panel-history");
  }

  /** Ask and show, if somebody looks. */
  async show() {
    if (this.root.hidden) return;
    await this.desk.attempt(async () => {
      const { entries } = await this.desk.api.get("/history");
      this.#entries = entries;
      this.#draw();
    });
  }

  async #older() {
    await this.desk.attempt(async () => {
      const { entries } = await this.desk.api.get(`/history?before=${this.#entries.at(-1)?.seq}`);
      this.#entries.push(...entries);
      this.#draw(entries.length === 0);
    });
  }

  #draw(isAll = false) {
    const list = element("ol", "history");
    for (const entry of this.#entries) list.append(this.#row(entry));
    if (this.#entries.length === 0) {
      this.root.replaceChildren(element("p", "note-quiet", gettext("Nothing was drawn yet.")));
      return;
    }
    const older = element("button", "quiet", gettext("Older ones"));
    older.type = "button";
    older.hidden = isAll || this.#entries.at(-1)?.seq === 1;
    older.addEventListener("click", () => this.#older());
    this.root.replaceChildren(list, older);
  }

  /** @param {HistoryEntry} entry */
  #row({ seq, message, by, at, zones, undone_by: undoneBy, may_undo: mayUndo }) {
    const { desk } = this;
    const item = element("li", "history-row");
    item.toggleAttribute("data-undone", undoneBy !== null);
    const what = element("button", "history-what", message);
    what.type = "button";
    what.addEventListener("click", () => desk.view.zoomTo(zones));
    const head = element("p", "history-head", `#${seq} · ${desk.time.short(at)} · ${by}`);
    item.append(what, head);
    if (undoneBy !== null) head.append(` · ${fill(gettext("taken back by #%(seq)s"), { seq: undoneBy })}`);
    if (mayUndo && desk.mayDraw) {
      const undo = element("button", "history-undo", gettext("Take back"));
      undo.type = "button";
      undo.addEventListener("click", () => desk.turn("undo", seq));
      item.append(undo);
    }
    return item;
  }
}

/** Comments on the plan, on a zone or on a place, and their pins on the map. */
import { byId, element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/**
 * @typedef {import("../contract.js").PlanComment} PlanComment
 * @typedef {import("../contract.js").Position} Position
 * @typedef {import("../desk.js").Desk} Desk
 */

const LONGEST = 1000;

export class CommentsPanel {
  /** @type {PlanComment[]} */
  #comments = [];
  /** @type {Position | null} of the comment that is being written */
  #place = null;
  #list = element("ol", "comments");
  #text = element("textarea");
  #where = element("p", "note-quiet");

  /** @param {Desk} desk @param {import("../tools/toolbox.js").Toolbox} box @param {(tab: string) => void} openTab */
  constructor(desk, box, openTab) {
    this.desk = desk;
    this.box = box;
    this.openTab = openTab;
    this.root = byId("panel-comments");
    this.root.append(this.#form(), this.#list);
    desk.onSelect(() => this.#sayWhere());
  }

  async load() {
    await this.desk.attempt(async () => {
      const { comments } = await this.desk.api.get("/comments");
      this.#comments = comments;
      this.#show();
    });
  }

  #form() {
    const form = element("form", "comment-form");
    const text = this.#text;
    text.rows = 3;
    text.maxLength = LONGEST;
    text.required = true;
    text.setAttribute("aria-label", gettext("Comment"));
    text.placeholder = gettext("Write a comment…");
    const pin = element("button", "", gettext("Pin to a place"));
    pin.type = "button";
    pin.addEventListener("click", () => this.#pickPlace());
    const send = element("button", "primary", gettext("Send"));
    const buttons = element("p", "buttons");
    buttons.append(pin, send);
    form.append(text, this.#where, buttons);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#sayWhere();
    return form;
  }

  #pickPlace() {
    this.box.grab((at) => {
      this.#place = at;
      this.desk.view.marks.showPlace(at);
      this.#sayWhere();
      this.openTab("comments");
      this.#text.focus();
    }, gettext("Click the place that the comment is about."));
  }

  #sayWhere() {
    const zone = this.desk.selected;
    if (this.#place) this.#where.textContent = gettext("About the place that is ringed on the map.");
    else if (zone) this.#where.textContent = fill(gettext("About %(name)s."), { name: zone.properties.name });
    else this.#where.textContent = gettext("About the plan as a whole.");
  }

  async #send() {
    const place = this.#place;
    const content = {
      text: this.#text.value.trim(),
      zone: place ? "" : (this.desk.selected?.id ?? ""),
      place,
    };
    // The text stays until the server has it.
    if (!(await this.desk.attempt(() => this.desk.api.send("/comments", content)))) return;
    this.#text.value = "";
    this.#place = null;
    this.desk.view.marks.showPlace(null);
    this.#sayWhere();
    await this.load();
  }

  #show() {
    this.#list.replaceChildren(...this.#comments.map((comment) => this.#row(comment)));
    const pinned = this.#comments.filter(({ place }) => place !== null);
    this.desk.view.marks.showPins(
      pinned.map(({ id, place, text, state }) => ({
        id,
        at: /** @type {Position} */ (place),
        label: text,
        isOpen: state !== "resolved",
      })),
      (id) => this.#open(id),
    );
  }

  /** @param {PlanComment} comment */
  #row({ id, zone, place, text, by, at, reply, state }) {
    const { desk } = this;
    const item = element("li", "comment");
    item.dataset.comment = String(id);
    item.toggleAttribute("data-resolved", state === "resolved");
    item.append(element("p", "comment-text", text));
    const head = element("p", "history-head", `${desk.time.short(at)} · ${by}`);
    item.append(head);
    if (reply) item.append(element("p", "comment-reply", reply));
    if (place || desk.store.zones.has(zone)) {
      const show = element("button", "quiet", place ? gettext("Show the place") : desk.store.nameOf(zone));
      show.type = "button";
      show.addEventListener("click", () => desk.view.zoomTo(zone ? [zone] : [], place));
      head.append(" · ", show);
    }
    if (state !== "resolved" && desk.mayDraw) item.append(this.#resolver(id));
    return item;
  }

  /** @param {number} id */
  #resolver(id) {
    const button = element("button", "history-undo", gettext("Dealt with"));
    button.type = "button";
    button.addEventListener("click", async () => {
      if (await this.desk.attempt(() => this.desk.api.send(`/comments/${id}/resolve`, {}))) await this.load();
    });
    return button;
  }

  /** @param {number} id */
  #open(id) {
    this.openTab("comments");
    const row = this.#list.querySelector(`[data-comment="${id}"]`);
    row?.scrollIntoView({ block: "nearest" });
    for (const other of this.#list.children) other.toggleAttribute("data-selected", other === row);
  }
}

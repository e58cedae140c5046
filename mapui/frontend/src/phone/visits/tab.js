export class VisitsTab {
  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    this.panel = panel;
    this.context = context;
  }

  show() {
    this.panel.hidden = false;
  }
}

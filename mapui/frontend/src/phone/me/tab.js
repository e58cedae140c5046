/** Me: who holds the phone, in which language, and the way out. */
import { element } from "../../ui/dom.js";
import { gettext } from "../../ui/i18n.js";
import { languageButtons } from "../language.js";

export class MeTab {
  /** @param {HTMLElement} panel @param {import("../context.js").Context} context */
  constructor(panel, context) {
    const { profile, words } = context;
    const posts = element("ul");
    posts.append(
      ...profile.posts.map(({ kind, unit }) => element("li", "", `${words.post(kind)} · ${unit.name}`)),
    );
    const out = element("button", "secondary", gettext("Log out"));
    out.type = "button";
    out.addEventListener("click", () => context.logOut());
    panel.append(element("h2", "", profile.name), posts, languageButtons(), out);
  }

  show() {}
}

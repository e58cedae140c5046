/** Who is responsible at a place: its units from the smallest up, each with its posts, names and telephone. */
import { element } from "../../ui/dom.js";
import { fill, gettext } from "../../ui/i18n.js";

/** @typedef {import("./ground.js").Responsible} Responsible */

/**
 * @param {{ chain: readonly Responsible[], isMine: boolean, outsideM: number | null }} found
 * @param {import("../../cases/words.js").Words} words
 */
export function responsibleList({ chain, isMine, outsideM }, words) {
  const smallest = chain.at(-1);
  const box = element("div", "responsible");
  const title = isMine ? gettext("In your grid") : gettext("Next door");
  box.append(element("h2", "", smallest ? `${title}: ${smallest.name}` : title));
  if (outsideM !== null) {
    box.append(
      element(
        "p",
        "hint",
        fill(gettext("Outside every grid; the nearest is %(m)s m away."), { m: Math.round(outsideM) }),
      ),
    );
  }
  const list = element("ol", "units");
  const staffed = chain.filter(({ posts }) => posts.length > 0).toReversed();
  list.append(...staffed.map((unit) => unitRow(unit, words)));
  box.append(list);
  if (staffed.length === 0) box.append(element("p", "", gettext("Nobody has a post here.")));
  return box;
}

/** @param {Responsible} unit @param {import("../../cases/words.js").Words} words */
function unitRow({ level, name, posts }, words) {
  const row = element("li", "unit");
  row.append(element("strong", "", name), element("span", "unit-level", words.level(level)));
  for (const { kind, is_deputy: isDeputy, holder_name: holder, contact } of posts) {
    const line = element("p", "unit-post");
    const post = isDeputy ? fill(gettext("%(post)s (deputy)"), { post: words.post(kind) }) : words.post(kind);
    line.append(element("span", "", `${post}: ${holder || gettext("vacant")}`));
    if (contact) {
      const call = element("a", "unit-call", contact);
      call.href = `tel:${contact}`;
      line.append(" ", call);
    }
    row.append(line);
  }
  return row;
}

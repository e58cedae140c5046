/** The phone's screens, of which one is seen: home with its two lists, the form, one case. */
import { byId, element } from "../ui/dom.js";

const SCREENS = /** @type {const} */ (["home", "form-screen", "case-screen"]);
const LISTS = /** @type {const} */ (["reports", "tasks"]);

/** Where home was scrolled to when it was left. */
let homeAt = 0;

/** @param {(typeof SCREENS)[number]} screen */
export function show(screen) {
  if (!byId("home").hidden) homeAt = scrollY;
  for (const id of SCREENS) byId(id).hidden = id !== screen;
  scrollTo(0, screen === "home" ? homeAt : 0);
}

/** The button that leads home. @param {string} id @param {() => void} then */
export function onLeave(id, then) {
  byId(id).addEventListener("click", () => {
    then();
    show("home");
  });
}

/** @param {(typeof LISTS)[number]} list */
export function chooseList(list) {
  for (const each of LISTS) {
    const isChosen = each === list;
    byId(`tab-${each}`).setAttribute("aria-selected", String(isChosen));
    byId(`tab-${each}`).tabIndex = isChosen ? 0 : -1;
    byId(`panel-${each}`).hidden = !isChosen;
  }
}

/** @param {string} sentence @param {"good" | "bad"} tone @param {string} [detail] */
export function notice(sentence, tone, detail) {
  const box = element("div", `notice ${tone}`);
  box.append(element("strong", "", sentence));
  if (detail) box.append(element("span", "", detail));
  byId("notices").replaceChildren(box);
}

for (const list of LISTS) {
  byId(`tab-${list}`).addEventListener("click", () => chooseList(list));
  byId(`tab-${list}`).addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = list === "reports" ? "tasks" : "reports";
    chooseList(other);
    byId(`tab-${other}`).focus();
  });
}

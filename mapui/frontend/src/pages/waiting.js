/** What the server works on for seconds, such as the report on a whole district, is waited for in sight. */
import { byId } from "../ui/dom.js";

const words = byId("waiting");

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-slow]");
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented;
  if (link && !isElsewhere) words.hidden = false;
});
document.addEventListener("submit", ({ target }) => {
  if (target instanceof Element && target.matches("form[data-slow]")) words.hidden = false;
});
// Who comes back to a page that the browser has kept waits no more.
addEventListener("pageshow", () => {
  words.hidden = true;
});

/** The list of plans: the form that opens a draft. */
import { csrfToken } from "../ui/csrf.js";
import { byId } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("open"));

/** Offer the levels below the chosen scope only. @param {HTMLSelectElement} scope @param {HTMLSelectElement} level */
function offerLevels(scope, level) {
  const depth = Number(scope.selectedOptions[0]?.dataset.depth);
  for (const option of level.options) option.hidden = option.disabled = Number(option.dataset.depth) <= depth;
  if (!level.selectedOptions[0]?.disabled) return;
  level.selectedIndex = [...level.options].findIndex((option) => !option.disabled);
}

/** @param {HTMLFormElement} opening */
async function open(opening) {
  const content = Object.fromEntries(new FormData(opening));
  const response = await fetch("/api/plans", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify({ ...content, scope: Number(content.scope) }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.message);
  location.assign(`/planner/${body.id}/`);
}

if (form) {
  const scope = /** @type {HTMLSelectElement} */ (byId("open-scope"));
  const level = /** @type {HTMLSelectElement} */ (byId("open-level"));
  scope.addEventListener("change", () => offerLevels(scope, level));
  offerLevels(scope, level);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const refusal = byId("open-error");
    refusal.hidden = true;
    try {
      await open(form);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      refusal.textContent = error instanceof TypeError ? gettext("The server can't be reached.") : message;
      refusal.hidden = false;
    }
  });
}

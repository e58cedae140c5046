/** The list of plans: the form that opens a draft. */
import { ask, writing } from "../ui/asking.js";
import { csrfToken } from "../ui/csrf.js";
import { byId } from "../ui/dom.js";

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
  const plan = { ...content, scope: Number(content.scope) };
  const body = await ask("/api/plans", writing("POST", csrfToken(), plan));
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
      refusal.textContent = /** @type {Error} */ (error).message;
      refusal.hidden = false;
    }
  });
}

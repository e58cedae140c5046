/** The worklist of places: one household after the other, a click on the map sets where it lives. */
import { v4 } from "uuid";
import { lightBase } from "../map/base.js";
import { fitExtent } from "../map/extent.js";
import { PlacingMap } from "../map/placing.js";
import { mapReady } from "../map/ready.js";
import { ask as askServer, writing } from "../ui/asking.js";
import { csrfToken } from "../ui/csrf.js";
import { byId, element, pageData, setText } from "../ui/dom.js";
import { fill, gettext, language } from "../ui/i18n.js";

/** @typedef {import("../map/placing.js").Task} Task */

const data = pageData();
const rows = [...document.querySelectorAll("[data-household]")].map(
  (row) => /** @type {HTMLElement} */ (row),
);
const undo = /** @type {HTMLButtonElement} */ (byId("placing-undo"));
/** What was set and can be taken back, the last one last. @type {{ change: string, at: number }[]} */
const done = [];
let here = -1;
/** @type {Task | null} */
let task = null;

/** @param {string} sentence @param {boolean} [isFault] */
function say(sentence, isFault = false) {
  const status = byId("placing-status");
  setText(status, sentence);
  status.classList.toggle("is-fault", isFault);
}

/** @param {string} path @param {string} [method] @param {object} [content] */
const ask = (path, method = "GET", content) =>
  askServer(`${data.api}${path}`, writing(method, csrfToken(), content));

/** Do something, and say what went wrong if it did. @param {() => Promise<void>} deed */
async function trying(deed) {
  try {
    await deed();
  } catch (error) {
    say(/** @type {Error} */ (error).message, true);
  }
}

/** Go to a household of the list. @param {number} n */
const go = (n) =>
  trying(async () => {
    const row = rows[n];
    if (!row) {
      document.getElementById("placing-more")?.focus();
      say(gettext("This was the last one of this page."));
      return;
    }
    rows[here]?.removeAttribute("aria-current");
    here = n;
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    say(gettext("Click on the map where it lives."));
    await look({ moves: true });
  });

/** Read the household anew, and show it. @param {{ moves: boolean }} view */
async function look(view) {
  const row = rows[here];
  if (!row) return;
  const found = await ask(`households/${row.dataset.household}`);
  if (row !== rows[here]) return; // somebody has gone on meanwhile
  task = found;
  map.show(found, view);
  showFacts(found);
  row.classList.toggle("is-done", found.fault === null);
  const badge = /** @type {HTMLElement} */ (row.querySelector(".placing-fault"));
  setText(badge, found.fault === null ? gettext("In its place") : data.faults[found.fault]);
}

/** @param {Task} shown */
function showFacts(shown) {
  const accuracy = shown.accuracy_m ? `±${Math.round(shown.accuracy_m)} m` : "";
  const facts = [
    [gettext("Address"), shown.address],
    [gettext("Building"), shown.building],
    [gettext("Unit"), shown.unit],
    [gettext("Place"), [shown.source, accuracy, shown.placed_on].filter(Boolean).join(" · ")],
  ];
  byId("placing-task").replaceChildren(
    ...facts.flatMap(([name, said]) => [element("dt", "", name), element("dd", "", said || "–")]),
  );
  const offers = shown.suggestions.map((one, n) => {
    const offer = element("button", "", `${n + 1} · ${one.label}`);
    offer.type = "button";
    offer.addEventListener("click", () => set(one.lon, one.lat));
    return offer;
  });
  const title = element("p", "note", gettext("Suggested by its address:"));
  byId("placing-suggestions").replaceChildren(...(offers.length ? [title, ...offers] : []));
}

/** @param {number} lon @param {number} lat */
const set = (lon, lat) =>
  trying(async () => {
    const row = rows[here];
    if (!row) return say(gettext("Choose a household first."), true);
    const change = v4();
    const household = Number(row.dataset.household);
    const at = here;
    await ask(change, "PUT", { household, lon, lat, at: new Date().toISOString() });
    done.push({ change, at });
    undo.disabled = false;
    await look({ moves: false });
    say(
      task?.fault === null
        ? gettext("It is in its place. J goes on to the next one.")
        : fill(gettext("Placed, but still: %(fault)s. Click again, or go on."), {
            fault: data.faults[task?.fault ?? ""],
          }),
    );
  });

const takeBack = () =>
  trying(async () => {
    const last = done.at(-1);
    if (!last) return;
    await ask(`${last.change}/undo`, "POST");
    done.pop();
    undo.disabled = done.length === 0;
    await go(last.at);
    say(gettext("Taken back."));
  });

const canvas = await mapReady("placing-map");
fitExtent(canvas, data.extent);
lightBase(data.tiles, { latitude: canvas.getCenter().lat, language: language() }).addTo(canvas);
const map = new PlacingMap(canvas, gettext("Place of the household"));
map.onPick((lon, lat) => set(lon, lat));

for (const [n, row] of rows.entries()) row.addEventListener("click", () => go(n));
byId("placing-next").addEventListener("click", () => go(here + 1));
byId("placing-before").addEventListener("click", () => go(Math.max(0, here - 1)));
undo.addEventListener("click", takeBack);

addEventListener("keydown", (event) => {
  const typed = /** @type {Element} */ (event.target).closest("input, textarea, select");
  if (typed || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") go(here + 1);
  else if (event.key === "k") go(Math.max(0, here - 1));
  else if (event.key === "u") takeBack();
  else {
    const offer = task?.suggestions[Number(event.key) - 1];
    if (offer) set(offer.lon, offer.lat);
  }
});
await go(0);

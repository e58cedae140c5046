/** One case: the server draws it; here it is followed, acted on and put on the map. */
import { Actions } from "../cases/actions.js";
import { NO_CHOICES } from "../cases/fields.js";
import { HttpCommands } from "../cases/http.js";
import { caseWords } from "../cases/words.js";
import { lightBase } from "../map/base.js";
import { showOnMap } from "../map/place.js";
import { mapReady } from "../map/ready.js";
import { FilesBox } from "../office/files.js";
import { LivePage } from "../office/live.js";
import { csrfToken } from "../ui/csrf.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { gettext, language } from "../ui/i18n.js";

const data = pageData();

const live = new LivePage({
  address: `${data.api}${data.id}`,
  version: data.version,
  onNew: (details) => {
    actions.show(details, choices());
    files.show(details);
  },
  onLink: (isReached) => {
    const sentence = gettext("The server can't be reached; this is the case as it was.");
    setText(byId("followed"), isReached ? "" : sentence);
  },
});
const files = new FilesBox({ api: data.interface, token: csrfToken }, () => live.look());
const actions = new Actions(caseWords(data), new HttpCommands({ api: data.api, token: csrfToken }), () =>
  live.look(),
);

/** @returns {import("../cases/fields.js").Choices} what the server drew with the case */
function choices() {
  const drawn = document.getElementById("choices");
  return drawn ? { ...NO_CHOICES, ...JSON.parse(drawn.textContent ?? "{}") } : NO_CHOICES;
}

byId("actions").append(actions.root, files.root);
document.addEventListener("click", (event) => {
  const begin = /** @type {Element} */ (event.target).closest("[data-merge]");
  if (begin) actions.begin("merge", { master: begin.getAttribute("data-merge") ?? "" });
});
live.look(true);

const map = await mapReady("case-map");
lightBase(data.tiles, { latitude: data.place.lat, language: language() }).addTo(map);
showOnMap(map, data.place, data.outline && JSON.parse(data.outline), data.device);

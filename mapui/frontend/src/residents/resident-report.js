/** The page behind the QR code: what a script adds to a form that works without one. */
import { mapReady } from "../map/ready.js";
import { byId, pageData, setText } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";
import { maybe } from "./old.js";
import { Pinning } from "./pinning.js";
import { offerPictures, sendPictures } from "./sending.js";

const data = pageData();
const form = /** @type {HTMLFormElement | null} */ (maybe("report"));
/** @type {ReturnType<typeof offerPictures>} */
let pictures = null;
let isSending = false;

/** @param {string} sentence */
const say = (sentence) => setText(byId("progress"), sentence);

/** @param {string} sentence */
function complain(sentence) {
  const fault = document.createElement("p");
  fault.className = "fault";
  fault.setAttribute("role", "alert");
  fault.textContent = sentence;
  byId("faults").replaceChildren(fault);
  fault.scrollIntoView({ block: "center" });
}

/** Send text first, then the photos; a report that has arrived is safe, whatever becomes of them. */
async function sendWithPictures() {
  const chosen = pictures?.chosen ?? [];
  const files = /** @type {HTMLInputElement} */ (byId("id_pictures"));
  files.value = JSON.stringify(chosen.map(({ declared }) => declared));
  say(gettext("Sending…"));
  const response = await fetch(location.href, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(/** @type {any} */ (new FormData(/** @type {HTMLFormElement} */ (form)))),
  });
  const answer = await response.json();
  if (typeof answer.follow !== "string") return refuse(answer);
  const token = answer.follow.split("/").filter(Boolean).pop();
  try {
    await sendPictures(`/api/follow/${token}/`, chosen, say);
  } finally {
    const language = new URLSearchParams(location.search).get("language");
    location.replace(`${answer.follow}?sent=1${language ? `&language=${language}` : ""}`);
  }
}

/** @param {{ message: string, page?: string }} answer */
function refuse({ message, page }) {
  if (page) /** @type {HTMLInputElement} */ (byId("id_page")).value = page;
  complain(message);
  release();
}

function release() {
  isSending = false;
  say("");
  /** @type {HTMLButtonElement} */ (byId("send")).disabled = false;
}

/** @param {SubmitEvent} event */
function submit(event) {
  if (isSending) return event.preventDefault();
  isSending = true;
  if (!pictures || pictures.chosen.length === 0) return say(gettext("Sending…"));
  event.preventDefault();
  /** @type {HTMLButtonElement} */ (byId("send")).disabled = true;
  sendWithPictures().catch(() => {
    release();
    complain(gettext("No network: nothing is lost. Send it again in a moment; it arrives once."));
  });
}

function begin() {
  if (!form) return;
  pictures = offerPictures(data.limits, (sentence) => sentence && complain(sentence));
  form.addEventListener("submit", submit);
  // Whoever comes back to the page by the button of the browser can send again.
  addEventListener("pageshow", release);
  mapReady("map").then((map) => new Pinning(map, data.ground, data.spot));
}

begin();

/** The page behind the private link: copy it, and add photos. */
import { byId, pageData, setText } from "../ui/dom.js";
import { gettext } from "../ui/i18n.js";
import { declarePictures, offerPictures, sendPictures } from "./sending.js";

const data = pageData();

/** @param {string} sentence */
const say = (sentence) => setText(byId("progress"), sentence);

function offerCopy() {
  const link = /** @type {HTMLInputElement} */ (byId("link"));
  const copy = byId("copy");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    link.select();
    // Old WebViews and plain http have no clipboard of their own.
    if (navigator.clipboard) await navigator.clipboard.writeText(link.value).catch(() => undefined);
    else document.execCommand("copy");
    setText(copy, gettext("Copied"));
  });
}

/** A file that was declared but never came keeps its id. @param {import("../phone/report/pictures.js").Picture} picture */
function known(picture) {
  const { name, size } = picture.declared;
  /** @type {{ id: string, name: string, size: number }[]} */
  const awaited = data.awaited;
  const same = awaited.find((file) => file.name === name && file.size === size);
  return same ? { ...picture, declared: { ...picture.declared, id: same.id } } : picture;
}

function offerSending() {
  const send = document.createElement("button");
  send.type = "button";
  send.className = "primary";
  send.hidden = true;
  send.textContent = gettext("Send the photos");
  const pictures = offerPictures(
    data.limits,
    (sentence) => sentence && say(sentence),
    () => {
      send.hidden = !pictures?.chosen.length;
    },
  );
  if (!pictures) return;
  byId("pictures").after(send);
  send.addEventListener("click", async () => {
    const chosen = pictures.chosen.map(known);
    send.disabled = true;
    try {
      await declarePictures(data.api, chosen);
      await sendPictures(data.api, chosen, say);
      location.reload();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      send.disabled = false;
    }
  });
}

offerCopy();
offerSending();

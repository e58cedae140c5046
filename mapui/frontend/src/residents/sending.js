/** Pictures of a resident's report on their way: declared for the case of the private link, sent in pieces. */
import { RefusedFileError, sendPieces } from "../cases/upload.js";
import { Pictures } from "../phone/report/pictures.js";
import { byId } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";
import { canSendPictures, maybe } from "./old.js";

/**
 * @typedef {import("../phone/report/pictures.js").Picture} Picture
 */

/**
 * Offer to choose pictures, where this browser can send them.
 *
 * @param {import("../phone/boot.js").Profile["limits"]} limits
 * @param {(sentence: string) => void} say
 * @param {(added: readonly Picture[]) => void} [changed] called when one was added
 * @returns {Pictures | null}
 */
export function offerPictures(limits, say, changed = () => undefined) {
  const box = maybe("pictures-box");
  if (!(box && canSendPictures())) return null;
  box.hidden = false;
  const input = /** @type {HTMLInputElement} */ (byId("files"));
  return new Pictures([input], byId("pictures"), { limits, say, changed, onHint: () => undefined });
}

/**
 * Send declared pictures one after the other; one that is refused holds up no other.
 *
 * @param {string} api the address of the link's files
 * @param {readonly Picture[]} pictures
 * @param {(sentence: string) => void} say
 */
export async function sendPictures(api, pictures, say) {
  const door = { api, token: () => "" };
  for (const [index, { declared, blob }] of pictures.entries()) {
    /** @param {number} percent */
    const onProgress = (percent) =>
      say(
        fill(gettext("Photo %(n)s of %(all)s: %(percent)s/100"), {
          n: index + 1,
          all: pictures.length,
          percent,
        }),
      );
    onProgress(0);
    try {
      await sendPieces(door, declared.id, blob, onProgress);
    } catch (error) {
      if (!(error instanceof RefusedFileError)) throw error;
      say(error.message);
    }
  }
}

/**
 * Declare pictures for the case of the link.
 *
 * @param {string} api the address of the link's files
 * @param {readonly Picture[]} pictures
 */
export async function declarePictures(api, pictures) {
  const response = await fetch(`${api}attachments`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ files: pictures.map(({ declared }) => declared) }),
  });
  if (!response.ok) throw new Error((await response.json()).message);
}

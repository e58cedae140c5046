/**
 * Pictures made smaller on the phone, before anything is kept or sent: fewer bytes for a weak network, and
 * nothing of what the camera wrote beside the pixels. Where it was taken is read before, as a hint only.
 */
import { fill, gettext } from "../ui/i18n.js";

/**
 * @typedef {{ lon: number, lat: number }} Place as the camera wrote it, in degrees; some write GCJ-02, so it
 *   is a hint for a person, never a position
 * @typedef {{ source: CanvasImageSource, width: number, height: number, free: () => void }} Decoded
 */

/** The longer side, in pixels, and the quality as JPEG: a licence plate across the street can be read. */
const SIDE = 2048;
const QUALITY = 0.8;
/** What a camera writes beside the pixels stands within so many bytes from the start. */
const METADATA = 256 * 1024;
/** Android gives its HEIC files no type. */
const HEIC = /\.hei[cf]$/i;

/** The browser can't show this picture; the message says what to do. */
export class UnreadablePictureError extends Error {}

/**
 * Turn a picture into a JPEG of at most 2048 pixels a side, upright, without metadata. Other files, such as
 * videos, are given back as they are. Throws `UnreadablePictureError`.
 *
 * @param {File} file
 * @returns {Promise<{ blob: File, hint: Place | null }>}
 */
export async function shrink(file) {
  if (!(file.type.startsWith("image/") || HEIC.test(file.name))) return { blob: file, hint: null };
  const hint = await placeOf(file);
  const name = `${file.name.replace(/\.[^.]*$/, "") || "picture"}.jpg`;
  try {
    return { blob: new File([await repack(file)], name, { type: "image/jpeg" }), hint };
  } catch (error) {
    const sentence = gettext("%(name)s can't be read as a picture. Take it anew, or choose a JPEG.");
    throw new UnreadablePictureError(fill(sentence, { name: file.name }), { cause: error });
  }
}

/** @param {File} file @returns {Promise<Blob>} its pixels, as JPEG. Throws for what the browser can't show */
async function repack(file) {
  const picture = await decode(file);
  try {
    return await pack(picture);
  } finally {
    picture.free();
  }
}

/** @param {File} file @returns {Promise<Place | null>} */
async function placeOf(file) {
  try {
    // Only who adds a picture loads it.
    const { default: reader } = await import("exifreader");
    const beginning = await file.slice(0, METADATA).arrayBuffer();
    const { gps } = reader.load(beginning, { expanded: true, includeTags: { gps: true } });
    const { Longitude: lon = 0, Latitude: lat = 0 } = gps ?? {};
    const isPlace = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
    return isPlace ? { lon, lat } : null;
  } catch {
    return null;
  }
}

/** @param {File} file @returns {Promise<Decoded>} upright */
async function decode(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    return { source: bitmap, width: bitmap.width, height: bitmap.height, free: () => bitmap.close() };
  } catch {
    // Not there in an old WebView, or too large for it: an element is decoded in parts.
    return decodeByElement(file);
  }
}

/** @param {File} file @returns {Promise<Decoded>} */
async function decodeByElement(file) {
  const image = new Image();
  const address = URL.createObjectURL(file);
  const free = () => URL.revokeObjectURL(address);
  image.src = address;
  try {
    await image.decode();
  } catch (error) {
    free();
    throw error;
  }
  return { source: image, width: image.naturalWidth, height: image.naturalHeight, free };
}

/** @param {Decoded} picture @returns {Promise<Blob>} as JPEG */
function pack({ source, width, height }) {
  const share = Math.min(1, SIDE / Math.max(width, height));
  const sheet = newSheet(Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share)));
  const pen = /** @type {CanvasRenderingContext2D | null} */ (sheet.getContext("2d", { alpha: false }));
  if (!pen) throw new Error("no canvas");
  // JPEG has no transparency: what shines through is white, as on paper.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, 0, 0, sheet.width, sheet.height);
  if ("convertToBlob" in sheet) return sheet.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return new Promise((done, fail) =>
    sheet.toBlob((blob) => (blob ? done(blob) : fail(new Error("no room"))), "image/jpeg", QUALITY),
  );
}

/** @param {number} width @param {number} height */
function newSheet(width, height) {
  if (globalThis.OffscreenCanvas) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

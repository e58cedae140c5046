/**
 * Files of a case on their way to the server: declared with size and hash, then sent piece by piece. What
 * was cut off goes on from where it was.
 *
 * @typedef {"report" | "result"} Purpose
 *
 * @typedef {object} Door
 * @property {string} api the address of the interface, such as "/api/"
 * @property {() => string} token against forged requests
 */
import { v7 } from "uuid";
import { fill, gettext } from "../ui/i18n.js";

/** Under the server's limit of 2 MiB for a piece. */
const PIECE = 1024 * 1024;
const AGAIN_MS = 3000;
const MOST_TRIES = 20;
/** The server could not take it just now; the same again later will do. */
const LATER = new Set([429, 502, 503, 504]);

/** @param {Blob} file @returns {Promise<string>} its SHA-256 in hexadecimal */
async function hash(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Door} door
 * @param {string} address below the interface
 * @param {RequestInit} request
 * @returns {Promise<any>} the answer's body. Throws an `Error` with the server's sentence if it refuses
 */
async function ask(door, address, request, tries = MOST_TRIES) {
  const again = async () => {
    if (tries <= 1) throw new Error(gettext("The server can't be reached; try again later."));
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    return ask(door, address, request, tries - 1);
  };
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`${door.api}${address}`, request);
  } catch {
    return again();
  }
  if (LATER.has(response.status)) return again();
  const body = await response.json();
  // Some of it had come already: go on from there.
  if (response.status === 409 && typeof body.details?.received === "number") return body.details;
  if (!response.ok) throw new Error(body.message);
  return body;
}

/**
 * @param {Door} door
 * @param {number} incident
 * @param {Purpose} purpose
 * @param {readonly File[]} files
 * @param {(sentence: string) => void} onProgress
 */
export async function sendFiles(door, incident, purpose, files, onProgress) {
  onProgress(gettext("Reading the files…"));
  const headers = { "X-CSRFToken": door.token() };
  const declared = await Promise.all(
    files.map(async (file) => ({
      id: v7(),
      name: file.name.slice(0, 120),
      media_type: file.type,
      size: file.size,
      sha256: await hash(file),
    })),
  );
  await ask(door, `incidents/${incident}/attachments`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ purpose, files: declared }),
  });
  for (const [index, file] of files.entries()) {
    let offset = 0;
    while (offset < file.size) {
      const share = Math.floor((100 * offset) / file.size);
      onProgress(fill(gettext("%(name)s: %(share)s/100"), { name: file.name, share }));
      const answer = await ask(door, `attachments/${declared[index]?.id}?offset=${offset}`, {
        method: "PUT",
        headers: { ...headers, "Content-Type": "application/octet-stream" },
        body: file.slice(offset, offset + PIECE),
      });
      offset = answer.received;
    }
  }
}

/**
 * Files of a case on their way to the server: declared with size and hash, then sent piece by piece. What
 * was cut off goes on from where it was.
 *
 * @typedef {"report" | "result"} Purpose
 * @typedef {import("../live/messages.js").DeclaredFile} DeclaredFile
 *
 * @typedef {import("./door.js").Door} Door
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { v7 } from "uuid";
import { fill, gettext } from "../ui/i18n.js";
import { holderOf, signed, writing } from "./door.js";

/** Under the server's limit of 2 MiB for a piece. */
const PIECE = 1024 * 1024;
const AGAIN_MS = 3000;
const MOST_TRIES = 20;
/** The server could not take it just now; the same again later will do. */
const LATER = new Set([429, 502, 503, 504, 507]);
/** The server will never take it, whenever it's sent: it knows no such file, or it is none that is taken. */
const NEVER = new Set([404, 422]);
/** A file that arrived otherwise than it was declared is sent again from its start, but not for ever. */
const MOST_STARTS = 3;

/** The server will never take this file; the message is its sentence. */
export class RefusedFileError extends Error {}

/** @param {File} file @returns {Promise<DeclaredFile>} what the file must turn out to be, under an id of its own */
export async function fingerprint(file) {
  return {
    id: v7(),
    name: file.name.slice(0, 120),
    media_type: file.type,
    size: file.size,
    sha256: await hash(file),
  };
}

/**
 * Piece by piece: a video is larger than the memory of a cheap phone, and the browser's own hash wants it whole.
 *
 * @param {Blob} file
 * @returns {Promise<string>} its SHA-256 in hexadecimal
 */
export async function hash(file) {
  const digest = sha256.create();
  for (let at = 0; at < file.size; at += PIECE) {
    digest.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  return bytesToHex(digest.digest());
}

/**
 * @param {Door} door
 * @param {string} address below the interface
 * @param {RequestInit} request
 * @param {number} [tries] so often, before it's given up
 * @returns {Promise<any>} the answer's body. Throws `RefusedFileError` if the server refuses, and an `Error`
 *   when it can't be reached
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
  if (NEVER.has(response.status)) throw new RefusedFileError(body.message);
  if (!response.ok) throw new Error(body.message);
  return body;
}

/**
 * Send the bytes of a declared file, from where it was cut off; or the first, if the server has none yet.
 *
 * @param {Door} door
 * @param {string} id of the file
 * @param {Blob} blob
 * @param {(percent: number) => void} [onProgress]
 */
export async function sendPieces(door, id, blob, onProgress = () => undefined) {
  let { received: offset, completed_at: completedAt } = await ask(door, `attachments/${id}`, {
    headers: holderOf(door),
  });
  for (let starts = 0; completedAt === null || completedAt === undefined; ) {
    if (offset === 0) starts += 1;
    if (starts > MOST_STARTS) throw new RefusedFileError(gettext("The file changes on its way."));
    onProgress(Math.floor((100 * offset) / blob.size));
    const piece = {
      method: "PUT",
      headers: { ...signed(door), "Content-Type": "application/octet-stream" },
      body: blob.slice(offset, offset + PIECE),
    };
    ({ received: offset, completed_at: completedAt } = await ask(
      door,
      `attachments/${id}?offset=${offset}`,
      piece,
    ));
  }
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
  const declared = await Promise.all(files.map(fingerprint));
  const declaration = writing(door, "POST", { purpose, files: declared });
  await ask(door, `incidents/${incident}/attachments`, declaration);
  for (const [index, file] of files.entries()) {
    await sendPieces(door, declared[index]?.id ?? "", file, (share) =>
      onProgress(fill(gettext("%(name)s: %(share)s/100"), { name: file.name, share })),
    );
  }
}

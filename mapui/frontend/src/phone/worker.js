/**
 * The phone's service worker: the shell opens without a network, and is never anybody else's page.
 *
 * The server puts the list of files in front of this text (mapui/phone/shell.py), each with the hash that the
 * browser checks it by: the log-in page of a stranger's network is never taken for one of them. Whatever isn't in
 * the list goes to the network untouched: writes, /api/, /media/, /ws/ and other pages.
 *
 * @typedef {object} Shell
 * @property {string} version
 * @property {Record<string, string>} files address → its integrity
 * @property {Record<string, string>} pages language → the address of the page in it; the first is the site's own
 */

import { PREFIX, SETTINGS } from "./caches.js";
import { Pieces, sendByHttp } from "./delivery.js";
import { openOutbox } from "./outbox.js";
import { Sender } from "./sender.js";
import { SYNC_TAG, shareNews, Turn } from "./turn.js";

/** @type {any} */
const worker = globalThis;
/** @type {Shell} */
const shell = worker.LINGE_SHELL;

const CACHE = `${PREFIX}${shell.version}`;
const HOME = "/phone/";

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    Object.entries(shell.files).map(async ([address, integrity]) => {
      const response = await fetch(address, { integrity, cache: "no-cache", redirect: "error" });
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      await cache.put(address, response);
    }),
  );
}

/** Drop the files of earlier versions. */
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE && name !== SETTINGS) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** @param {string} address */
async function kept(address) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(address);
}

/** The page in the language that it was last seen in. */
async function page() {
  const settings = await caches.open(SETTINGS);
  const chosen = await (await settings.match("language"))?.text();
  return kept(shell.pages[chosen ?? ""] ?? Object.values(shell.pages)[0] ?? HOME);
}

/** The token against forged requests, where a service worker can read cookies. */
async function csrfToken() {
  const cookies = (await worker.cookieStore?.getAll()) ?? [];
  return cookies.find((/** @type {any} */ { name }) => name.endsWith("csrftoken"))?.value ?? "";
}

/**
 * Send what waits while no page is open: the browser says when there is a network, and asks again if this fails.
 *
 * @param {string} owner
 */
async function sendFor(owner) {
  const token = await csrfToken();
  const door = { api: "/api/", token: () => token, holder: owner };
  const outbox = await openOutbox(owner, { changed: shareNews(owner) });
  const pieces = new Pieces(door);
  const sender = new Sender({
    outbox,
    turn: new Turn(outbox, `${SYNC_TAG}${owner}`, worker.navigator.locks),
    send: (item) => sendByHttp(door, item),
    sendPiece: (file, blob) => pieces.send(file, blob),
    isQuiet: () => true,
  });
  await sender.wake();
  if (sender.status !== "") throw new Error(sender.status);
}

worker.addEventListener("sync", (/** @type {any} */ event) => {
  if (event.tag.startsWith(SYNC_TAG)) event.waitUntil(sendFor(event.tag.slice(SYNC_TAG.length)));
});
worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "take over") worker.skipWaiting();
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== worker.location.origin) return;
  if (mode === "navigate" && pathname === HOME) event.respondWith(page());
  else if (pathname in shell.files) event.respondWith(kept(pathname));
});

/** The outbox and its sender, put together for a page: who sends, over what, and what wakes it. */
import { Pieces, sendByHttp } from "./delivery.js";
import { openOutbox } from "./outbox.js";
import { Sender } from "./sender.js";
import { SYNC_TAG, shareNews, Turn } from "./turn.js";

/**
 * @param {string} owner
 * @param {import("../cases/door.js").Door} door
 * @param {object} tools
 * @param {(item: import("./outbox.js").Item) => Promise<import("./answers.js").Meaning | null>} tools.bySocket
 * @param {(item: import("./outbox.js").Item, answer: any) => void} tools.accepted
 * @param {() => void} tools.changed what waits, or why, has changed: here, or in another page of the same person
 * @param {() => void} tools.onBlocked
 */
export async function startSending(owner, door, { bySocket, accepted, changed, onBlocked }) {
  const tellOthers = shareNews(owner, changed);
  const outbox = await openOutbox(owner, {
    onBlocked,
    changed: () => {
      tellOthers();
      changed();
    },
  });
  const pieces = new Pieces(door);
  const sender = new Sender({
    outbox,
    turn: new Turn(outbox, `${SYNC_TAG}${owner}`, navigator.locks),
    send: async (item) => (item.kind === "report" && (await bySocket(item))) || sendByHttp(door, item),
    sendPiece: (file, blob) => pieces.send(file, blob),
    accepted,
    changed,
    isQuiet: () => document.hidden,
  });
  const wake = () => void sender.wake({ isNews: true });
  for (const event of ["online", "focus", "pageshow"]) addEventListener(event, wake);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wake();
  });
  return { outbox, sender };
}

/**
 * Have the browser itself wake the service worker once there is a network, where it can; see worker.js.
 *
 * @param {string} owner
 */
export async function askForSync(owner) {
  if (!("serviceWorker" in navigator && "SyncManager" in globalThis)) return;
  /** @type {any} */
  const registration = await navigator.serviceWorker.getRegistration();
  await registration?.sync?.register(`${SYNC_TAG}${owner}`).catch(() => undefined);
}

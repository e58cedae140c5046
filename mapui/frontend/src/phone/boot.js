/**
 * Who holds this phone. The shell knows nobody: the profile is asked of the server, and without a network it is
 * that of who held the phone last, until he logs out.
 *
 * @typedef {import("../cases/door.js").Door} Door
 * @typedef {import("./data.js").Data} Data
 *
 * @typedef {object} Profile as mapui/pages/profile.py makes it
 * @property {number} id
 * @property {string} user the log-in name
 * @property {string} name
 * @property {{ kind: string, unit: { id: number, code: string, level: string, name: string } }[]} posts
 * @property {boolean} hangs_boards whether the pages of notice boards are his
 * @property {string} language
 * @property {string} time_zone
 * @property {import("../map/base.js").TileSources} tiles
 * @property {import("../map/extent.js").Extent} extent
 * @property {{ files: number, bytes: Record<string, number> }} limits of what is sent with a report
 * @property {Parameters<typeof import("../cases/words.js").caseWords>[0]} words
 *
 * @typedef {{ is: "known", profile: Profile, data: Data, door: Door, mustLogIn: boolean }
 *   | { is: "nobody" | "offline" | "left" } | { is: "refused", sentence: string }} Holder
 *   nobody: log in first; offline: nobody has logged in on this phone, and there is no network to do so; left: he
 *   logged out without a network, and the server has not heard of it yet. The door of who is known is his alone
 */

import { writing } from "../cases/door.js";
import { openData } from "./data.js";
import { ask, NoLineError } from "./line.js";

const OWNER = "linge.phone.owner";
const LEFT = "linge.phone.left";
const KEY = "profile";
/** A line that stalls, as in a lift, must not keep who has held this phone before from his work. */
const PATIENCE_MS = 3000;

/** What the browser remembers in one word; nothing, where it refuses to. */
const memory = {
  /** @param {string} key */
  get: (key) => attempt(() => localStorage.getItem(key)),
  /** @param {string} key @param {string} value */
  put: (key, value) => attempt(() => localStorage.setItem(key, value)),
  /** @param {string} key */
  drop: (key) => attempt(() => localStorage.removeItem(key)),
};

/** @template Result @param {() => Result} work */
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/** @param {Door} door @returns {Promise<Holder>} */
export async function boot(door) {
  const left = memory.get(LEFT);
  if (left && !(await leave({ ...door, holder: left }))) return { is: "left" };
  const owner = memory.get(OWNER);
  const his = { ...door, holder: owner ?? "" };
  const data = owner === null ? null : await openData(owner, his);
  /** @type {{ profile: Profile, etag: string | null } | undefined} */
  const kept = await data?.get(KEY);
  try {
    const answer = await askWho(door, kept);
    if (answer.status === 200) return await take(answer, owner, data, door);
    if (answer.status === 401 && !kept) return { is: "nobody" };
    if (answer.status === 403) return { is: "refused", sentence: answer.body.message };
    return known(kept, data, his, answer.status === 401);
  } catch (error) {
    if (!(error instanceof NoLineError)) throw error;
    return known(kept, data, his, false);
  }
}

/** @param {Door} door @param {{ etag: string | null } | undefined} kept */
function askWho(door, kept) {
  /** @type {Record<string, string>} */
  const headers = kept?.etag ? { "If-None-Match": kept.etag } : {};
  const patience = kept ? { patienceMs: PATIENCE_MS } : {};
  return ask(door, "phone/profile", { headers, cache: "no-store", ...patience });
}

/**
 * @param {{ profile: Profile } | undefined} kept
 * @param {Data | null} data
 * @param {Door} door
 * @param {boolean} mustLogIn
 * @returns {Holder}
 */
const known = (kept, data, door, mustLogIn) =>
  kept && data ? { is: "known", profile: kept.profile, data, door, mustLogIn } : { is: "offline" };

/**
 * @param {import("./line.js").Answer} answer
 * @param {string | null} owner who held the phone before
 * @param {Data | null} before what was kept for him
 * @param {Door} door
 * @returns {Promise<Holder>}
 */
async function take({ body: profile, headers }, owner, before, door) {
  const isSame = owner === profile.user && before !== null;
  if (!isSame) await before?.wipe();
  const his = { ...door, holder: profile.user };
  const data = isSame ? before : await openData(profile.user, his);
  memory.put(OWNER, profile.user);
  await data.put(KEY, { profile, etag: headers.get("ETag") });
  return { is: "known", profile, data, door: his, mustLogIn: false };
}

/**
 * Forget who holds the phone, here at once and at the server as soon as it can be reached. What waits to be sent
 * stays, and goes when he logs in again.
 *
 * @param {Door} door his
 * @param {Data} data
 */
export async function logOut(door, data) {
  memory.put(LEFT, door.holder ?? "");
  memory.drop(OWNER);
  await data.wipe();
  await leave(door);
}

/** @param {Door} door @returns {Promise<boolean>} whether the server knows */
async function leave(door) {
  try {
    // Whoever has no token yet is given one with the profile.
    if (!door.token()) await ask(door, "phone/profile");
    const answer = await ask(door, "phone/log-out", writing(door, "POST", {}));
    if (answer.status !== 200 && answer.status !== 401) return false;
    memory.drop(LEFT);
    return true;
  } catch {
    return false;
  }
}

/**
 * What is recorded here and sent by itself, also days later: a call under an id of its own, so that the server
 * stores it once.
 */
import { v7 } from "uuid";
import { gettext } from "../ui/i18n.js";

/**
 * @param {"follow-ups" | "places" | "readings" | "views" | "visits"} records what kind of record it becomes
 * @param {object} body
 * @param {string} label what it's called in the list of what waits
 * @returns {import("./outbox.js").New}
 */
export function newCall(records, body, label) {
  const id = v7();
  return { id, kind: "call", path: `phone/${records}/${id}`, method: "PUT", body, label };
}

/**
 * @param {Pick<import("./context.js").Context, "outbox" | "notice">} context
 * @param {import("./outbox.js").New} call
 * @returns {Promise<boolean>} false: there is no room for it, as the notice says
 */
export async function keepOrSay({ outbox, notice }, call) {
  try {
    await outbox.keep(call);
    return true;
  } catch {
    notice(noRoom(), "bad");
    return false;
  }
}

export const noRoom = () => gettext("This phone can't keep it: free some space and send it again.");

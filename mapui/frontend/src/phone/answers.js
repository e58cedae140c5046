/**
 * What an answer means for what was sent: the one table of docs/phone.md.
 *
 * @typedef {{ kind: "accepted", incident: number | null, answer: any }
 *   | { kind: "later", sentence: string, afterMs: number, isForAll: boolean }
 *   | { kind: "log-in" }
 *   | { kind: "refused", sentence: string }} Meaning
 */
import { names } from "./line.js";

/** The server could not do it just now; the same again later will do. Too many at once concerns all. */
const LATER = new Set([408, 423, 425, 429, 500, 502, 503, 504, 507]);
const TOO_MANY = 429;
/** The same as codes, which the socket says instead. */
const LATER_CODES = new Set(["unavailable", "rate_limited", "server_error"]);

/**
 * @param {import("./line.js").Answer} answer
 * @param {string} id which a positive answer has to name
 * @returns {Meaning | null} null: this is none of our server's answers
 */
export function meaningOf({ status, body, headers }, id) {
  if (status >= 200 && status < 300) {
    return names(body, id) ? { kind: "accepted", incident: body.incident ?? null, answer: body } : null;
  }
  if (typeof body?.code !== "string" || typeof body.message !== "string") return null;
  if (status === 401) return { kind: "log-in" };
  if (LATER.has(status) || body.code === "csrf") {
    const seconds = Number(headers.get("Retry-After") ?? body.details?.retry_after_s) || 0;
    return { kind: "later", sentence: body.message, afterMs: seconds * 1000, isForAll: status === TOO_MANY };
  }
  return { kind: "refused", sentence: body.message };
}

/**
 * @param {import("../live/messages.js").Ack | import("../live/messages.js").ErrorMessage} message of the socket
 * @returns {Meaning}
 */
export function meaningOfMessage(message) {
  if (message.kind === "ack") return { kind: "accepted", incident: message.incident, answer: message };
  const { code, message: sentence, details } = message;
  if (!LATER_CODES.has(code)) return { kind: "refused", sentence };
  const afterMs = (Number(details?.retry_after_s) || 0) * 1000;
  return { kind: "later", sentence, afterMs, isForAll: code === "rate_limited" };
}

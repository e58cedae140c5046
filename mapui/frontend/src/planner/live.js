/**
 * Hints that the plan has changed. The socket tells at once, a question every few seconds tells for certain:
 * a hint may be lost, an operation never.
 *
 * @typedef {{ kind: "rev", rev: number, status?: string } | { kind: "here", people: string[] }} Hint
 */
import { backoff } from "../live/backoff.js";

const ASK_MS = 5000;
/** Close codes by which the server says that coming again won't help. */
const REFUSALS = new Set([4401, 4403]);

export class PlanHints {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #askedAt = 0;
  #isAsking = false;

  /**
   * @param {string} path of the socket
   * @param {{ onHint: (hint: Hint) => void, ask: () => Promise<unknown>,
   *   onLink: (status: "live" | "polling" | "cut") => void }} options `ask` fails when nobody answers
   */
  constructor(path, { onHint, ask, onLink }) {
    this.path = path;
    this.onHint = onHint;
    this.ask = ask;
    this.onLink = onLink;
  }

  start() {
    this.#connect();
    setInterval(() => this.#askIfDue(), 1000);
    for (const event of ["online", "focus"]) addEventListener(event, () => this.askNow());
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
    socket.addEventListener("open", () => {
      this.#socket = socket;
      this.#attempt = 0;
      this.askNow();
    });
    socket.addEventListener("message", ({ data }) => this.onHint(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => {
      this.#socket = null;
      this.onLink("polling");
      if (!REFUSALS.has(code)) setTimeout(() => this.#connect(), backoff(this.#attempt++));
    });
  }

  #askIfDue() {
    if (Date.now() - this.#askedAt >= ASK_MS) this.askNow();
  }

  /** Ask what is new; if nobody answers, again before long. */
  async askNow() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = Date.now();
    try {
      await this.ask();
      this.onLink(this.#socket ? "live" : "polling");
    } catch {
      this.onLink("cut");
    } finally {
      this.#isAsking = false;
    }
  }
}

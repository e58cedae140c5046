import { backoff } from "./backoff.js";
import { Link, SILENCE_MS } from "./link.js";

/**
 * @typedef {import("./messages.js").ServerMessage} ServerMessage
 * @typedef {import("./messages.js").ClientMessage} ClientMessage
 *
 * @typedef {object} SocketOptions
 * @property {string} path the socket's path, for example /ws/wall/
 * @property {() => number | null} position where the listener stands in the feed
 * @property {boolean} [packed] whether much may come packed at once, as binary frames
 * @property {string} [holder] the log-in name of whose page this is, where it may outlive his log-in
 * @property {(message: ServerMessage) => void} onMessage
 * @property {() => void} [onChange] the link may stand differently now
 * @property {() => void} [onClose] what was sent and not answered may be lost
 * @property {(code: number) => void} [onRefused] the server won't talk to us: log in, or no right
 */

/** Close codes by which the server says that coming again won't help. */
const REFUSALS = new Set([4401, 4403]);
const CHECK_MS = 1000;
const CAN_UNPACK = "DecompressionStream" in globalThis;

/** @param {ArrayBuffer} data the gzip of a message */
const unpacked = (data) =>
  new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).text();

/**
 * A websocket that keeps itself alive: says hello with the last position, sends heartbeats, gives up a
 * silent connection and comes back, sooner when the network or the page returns.
 */
export class LiveSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #attempt = 0;
  #heartbeatMs = 4000;
  #pingedAt = 0;
  #isRefused = false;
  #isResting = false;
  /** What waits for something packed before it; the order of the frames is kept. */
  #line = Promise.resolve();
  #waiting = 0;

  /** @param {SocketOptions} options */
  constructor(options) {
    this.options = options;
    this.link = new Link(Date.now());
  }

  start() {
    this.#connect();
    setInterval(() => this.#check(), CHECK_MS);
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#hurry();
    });
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} whether it was handed to an open socket; keep it until it is answered
   */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Ask for everything since the last position: after a gap, or when the server says so. */
  hello() {
    const { position, holder, packed } = this.options;
    this.link.fellBehind();
    this.send({ kind: "hello", position: position(), holder, ...(packed && CAN_UNPACK && { packed }) });
  }

  /** Close, and come back when the page is seen again: a phone in a pocket needs no line. */
  rest() {
    clearTimeout(this.#retry);
    this.#isResting = true;
    this.#socket?.close();
  }

  #connect() {
    this.#isResting = false;
    clearTimeout(this.#retry);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.options.path}`);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.hello());
    socket.addEventListener("message", (event) => this.#receive(socket, event.data));
    socket.addEventListener("close", (event) => this.#closed(socket, event.code));
  }

  /** @param {WebSocket} socket @param {string | ArrayBuffer} data */
  #receive(socket, data) {
    if (typeof data === "string" && this.#waiting === 0) {
      this.#take(socket, data);
      return;
    }
    const text = typeof data === "string" ? data : unpacked(data);
    this.#waiting++;
    this.#line = this.#line
      .then(async () => this.#take(socket, await text))
      .catch((fault) => {
        socket.close(); // what was lost comes again after the hello
        reportError(fault);
      })
      .finally(() => {
        this.#waiting--;
      });
  }

  /** @param {WebSocket} socket @param {string} data */
  #take(socket, data) {
    if (socket !== this.#socket) return;
    /** @type {ServerMessage} */
    const message = JSON.parse(data);
    if (message.kind === "error" && !message.id) this.#again();
    else this.link.heard(Date.now());
    if (message.kind === "welcome") this.#welcomed(message.heartbeat_s, message.head);
    if (message.kind === "resume") this.hello();
    else this.options.onMessage(message);
    this.link.reached(this.options.position());
    this.options.onChange?.();
  }

  /** @param {number} heartbeatS @param {number} head */
  #welcomed(heartbeatS, head) {
    this.#attempt = 0;
    this.#heartbeatMs = heartbeatS * 1000;
    this.link.welcomed(head);
  }

  /** The hello could not be answered just now (an error that names nothing of ours): say it again later. */
  #again() {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.hello(), backoff(this.#attempt++));
  }

  /** @param {WebSocket} socket @param {number} code */
  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.link.closed();
    this.options.onClose?.();
    this.options.onChange?.();
    this.#isRefused = REFUSALS.has(code);
    if (this.#isRefused) {
      this.options.onRefused?.(code);
      return;
    }
    if (this.#isResting) return;
    this.#retry = setTimeout(() => this.#connect(), backoff(this.#attempt++));
  }

  #check() {
    const now = Date.now();
    if (this.#socket?.readyState === WebSocket.OPEN) {
      if (this.link.silence(now) > 2 * SILENCE_MS) this.#abandon();
      else if (now - this.#pingedAt >= this.#heartbeatMs) {
        this.#pingedAt = now;
        this.send({ kind: "ping" });
      }
    }
    this.options.onChange?.();
  }

  /** A half-open connection never closes by itself: leave it, whatever it still says is not heard. */
  #abandon() {
    const socket = this.#socket;
    this.#socket = null;
    this.link.closed();
    this.options.onClose?.();
    socket?.close();
    this.#connect();
  }

  #hurry() {
    if (this.#socket || this.#isRefused) return;
    this.#attempt = 0;
    this.#connect();
  }
}

/**
 * What every tab of the phone works with.
 *
 * @typedef {import("../live/messages.js").FeedEvent} FeedEvent
 * @typedef {import("./outbox.js").Outbox} Outbox
 *
 * @typedef {object} Context
 * @property {import("./boot.js").Profile} profile who holds the phone
 * @property {import("./data.js").Data} data what the server has said, kept until the log-out
 * @property {Omit<Outbox, "lease" | "release">} outbox
 *   what is kept here goes by itself
 * @property {() => Promise<void>} sendNow
 * @property {import("../live/store.js").Store} store my own reports, live
 * @property {import("../live/clock.js").ServerClock} clock
 * @property {import("../cases/words.js").Words} words
 * @property {ReturnType<typeof import("../ui/time.js").zonedTime>} time
 * @property {import("../cases/door.js").Door} door
 * @property {() => boolean} online whether the server was heard lately
 * @property {(incident: number) => void} open a case
 * @property {(prefill?: Prefill) => void} report open the form
 * @property {(sentence: string, tone: "good" | "bad", detail?: string) => void} notice
 * @property {(listener: (events: readonly FeedEvent[]) => void) => void} onEvent
 *   told when something has happened to my reports (without events when it was to my tasks, `store` or the outbox)
 * @property {() => Promise<void>} logOut
 *
 * @typedef {object} Prefill
 * @property {string} [matter]
 * @property {string} [text]
 * @property {number} [lon]
 * @property {number} [lat]
 * @property {{ visit: string, household: number }} [follows] the visit that the report comes out of
 * @property {string} [draft] the id of a draft, or of an item that needs attention
 *
 * @typedef {object} Tab
 * @property {(argument: string) => void} show
 * @property {() => void} [hide]
 */

export {};

/**
 * The details of a case, as `GET /api/incidents/<id>` answers them; types only.
 *
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {import("../live/messages.js").UnitRef} UnitRef
 *
 * @typedef {"message" | "reason" | "result" | "date" | "assignee" | "master" | "item" | "parts" | "matter"
 *   | "priority" | "unit" | "step" | "score"} Need
 *
 * @typedef {object} Person
 * @property {number} user_id
 * @property {string} name masked where the reader may not know it
 *
 * @typedef {object} HistoryEntry
 * @property {number} seq
 * @property {string} at
 * @property {string} action
 * @property {string} to_state
 * @property {string} by_role
 * @property {Person | null} by null: the system
 * @property {string} note
 *
 * @typedef {object} Offer an action that the reader may do now
 * @property {string} action
 * @property {string | null} target null: none is changed, or back to the state before
 * @property {Need[]} needs
 *
 * @typedef {object} Candidate somebody whom the case can be assigned to, by the post nearest to it
 * @property {number} user_id
 * @property {string} name
 * @property {string} post
 * @property {string} unit_name
 * @property {number} open_cases
 *
 * @typedef {object} Step of an errand
 * @property {number} number
 * @property {string} title
 * @property {string | null} due_on
 * @property {string | null} done_at
 *
 * @typedef {object} Details
 * @property {Card} card
 * @property {string} text
 * @property {UnitRef[]} chain
 * @property {Person} reporter
 * @property {Person | null} assignee
 * @property {string | null} scheduled_for
 * @property {HistoryEntry[]} history oldest first
 * @property {Offer[]} actions
 * @property {Candidate[]} candidates
 * @property {Step[]} [steps]
 */

export {};

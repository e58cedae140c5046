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
 * @property {string[]} said what else it was told, in words
 * @property {boolean} is_internal only those read it who handle the case
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
 * @property {boolean} is_on_duty
 *
 * @typedef {object} Proposal who is to get the case by the routes, null if nobody on the way could
 * @property {number | null} user_id
 * @property {string[]} reasons
 *
 * @typedef {object} Related a case around this one
 * @property {"parent" | "child" | "master" | "duplicate" | "follows" | "follower"} relation
 * @property {number} incident_id
 * @property {string} number
 * @property {string} matter
 * @property {string} state
 * @property {string} text
 *
 * @typedef {object} Similar a case that may be the same, for who can merge; the nearest first
 * @property {number} incident_id
 * @property {string} number
 * @property {string} matter
 * @property {string} state
 * @property {number} metres
 * @property {string} received_at
 * @property {boolean} is_mine
 * @property {string} text
 *
 * @typedef {object} Step of an errand
 * @property {number} number
 * @property {string} title
 * @property {string | null} due_on
 * @property {string | null} done_at
 * @property {Person | null} done_by
 *
 * @typedef {object} Escalation
 * @property {number} cycle
 * @property {string} clock
 * @property {number} step per cent of the time
 * @property {string} level
 * @property {string} unit_name
 * @property {Person[]} told
 * @property {string} due_at
 * @property {string} at
 *
 * @typedef {object} File of the case; it can be looked at once `completed_at` is there
 * @property {string} id
 * @property {"report" | "result"} purpose
 * @property {string} name
 * @property {string} media_type
 * @property {number} size bytes
 * @property {number} received bytes
 * @property {string | null} completed_at
 * @property {boolean} is_missing declared so long ago that nobody waits for it any more
 *
 * @typedef {object} Rating
 * @property {number} cycle
 * @property {number} score
 * @property {string} comment
 * @property {string} at
 *
 * @typedef {object} Household whom an errand is for, masked
 * @property {number} id
 * @property {string} householder
 * @property {string} phone
 * @property {string} address
 *
 * @typedef {object} Details
 * @property {Card} card
 * @property {string} text
 * @property {UnitRef[]} chain
 * @property {Person | null} reporter null: a resident without account
 * @property {string} contact the number that the resident left, masked; empty if none
 * @property {Person | null} assignee
 * @property {(Person | null)[]} co_reporters
 * @property {Household | null} household
 * @property {string | null} scheduled_for
 * @property {string | null} held_until
 * @property {string | null} extension_asked
 * @property {Related[]} related
 * @property {HistoryEntry[]} history oldest first
 * @property {Offer[]} actions
 * @property {Candidate[]} candidates
 * @property {Proposal | null} proposal
 * @property {Similar[]} similar
 * @property {{ state: string, text: string }[]} texts to begin a message with
 * @property {Step[]} steps
 * @property {Escalation[]} escalations
 * @property {File[]} attachments
 * @property {Rating[]} ratings
 * @property {string | null} rating_link for who sends it
 * @property {import("./fields.js").Choices | null} choices of the forms, if they were asked for
 */

export {};

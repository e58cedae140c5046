/**
 * The messages of the websocket, as mapui/wire.py defines them; types only.
 * Positions are lon/lat (WGS 84), times ISO 8601 in UTC.
 */

/**
 * @typedef {object} UnitRef a unit of the chain, from the city down
 * @property {number} id
 * @property {string} code
 * @property {string} level
 * @property {string} name
 *
 * @typedef {object} Card an incident as the wall shows it
 * @property {number} id
 * @property {string} number
 * @property {number} version
 * @property {string} matter
 * @property {string} state
 * @property {number} lon
 * @property {number} lat
 * @property {number} unit
 * @property {string} unit_name
 * @property {number | null} outside_m
 * @property {string} observed_at
 * @property {string} received_at
 * @property {string} opened_at when the present cycle began: reception, or the last reopening
 * @property {string | null} first_feedback_at
 * @property {string | null} first_handling_at
 * @property {string | null} resolved_at
 * @property {string | null} closed_at
 * @property {string} feedback_due_at
 * @property {string} handling_due_at
 * @property {string} resolve_due_at
 * @property {string} feedback_warn_at
 * @property {string} handling_warn_at
 * @property {string} resolve_warn_at
 * @property {string | null} paused_since the clocks stand still since then
 * @property {string} priority
 * @property {string} escalated_to the level that has to answer by now; empty while nothing was late
 * @property {number | null} parent
 * @property {boolean} is_by_resident reported without account
 * @property {boolean} is_late
 *
 * @typedef {object} FeedEvent
 * @property {number} seq
 * @property {string} at
 * @property {number} incident
 * @property {string} action
 * @property {string} to_state
 *
 * @typedef {object} Figures medians in seconds
 * @property {number} today
 * @property {number} open
 * @property {number} late
 * @property {number | null} collection_s
 * @property {number | null} feedback_s
 * @property {number | null} handling_s
 */

/**
 * From the server.
 *
 * @typedef {object} Welcome
 * @property {"welcome"} kind
 * @property {"snapshot" | "replay"} mode
 * @property {number} position
 * @property {number} head how far the feed is: until then what comes is the past
 * @property {string} now
 * @property {number} heartbeat_s
 *
 * @typedef {object} Snapshot
 * @property {"snapshot"} kind
 * @property {number} position
 * @property {number} part of so many `parts`; the last one makes it whole
 * @property {number} parts
 * @property {Card[]} cards
 * @property {Figures | null} [figures]
 * @property {string | null} [last_at] when the last event happened, if lately
 *
 * @typedef {object} Events
 * @property {"events"} kind
 * @property {number} after
 * @property {number} position
 * @property {FeedEvent[]} events
 * @property {Card[]} cards
 * @property {number[]} [gone] cases that this listener may not see any more
 * @property {Figures | null} [figures]
 *
 * @typedef {object} Tick
 * @property {"tick"} kind
 * @property {number} position
 * @property {string} now
 * @property {Figures | null} [figures]
 *
 * @typedef {object} Emergency what goes on, with the answers to its latest order
 * @property {number} id
 * @property {number} unit
 * @property {string} unit_name
 * @property {string} reason
 * @property {string} since
 * @property {import("geojson").MultiPolygon | null} area null: the whole unit
 * @property {number} orders how many were given
 * @property {number} addressed people
 * @property {number} acknowledged people
 *
 * @typedef {object} Broadcast
 * @property {number} id
 * @property {number} unit
 * @property {string} unit_name
 * @property {string} sent_at
 * @property {string} until
 * @property {import("geojson").MultiPolygon} area
 * @property {number} addressed people
 * @property {number} acknowledged people
 *
 * @typedef {object} Orders all that goes on by command here
 * @property {"orders"} kind
 * @property {Emergency[]} emergencies
 * @property {Broadcast[]} broadcasts
 *
 * @typedef {object} Here who else has the case open
 * @property {"here"} kind
 * @property {number} incident
 * @property {{ post: string, unit_name: string }[]} others
 *
 * @typedef {object} Resume
 * @property {"resume"} kind
 *
 * @typedef {object} Look read again what I have to do or to read
 * @property {"look"} kind
 * @property {"tasks" | "announcements"} at
 *
 * @typedef {object} Ack
 * @property {"ack"} kind
 * @property {string} id
 * @property {number} incident
 * @property {string} number
 * @property {string} received_at
 * @property {UnitRef[]} chain
 * @property {number | null} outside_m
 * @property {boolean} is_repeat
 *
 * @typedef {object} Done
 * @property {"done"} kind
 * @property {string} id
 * @property {number} incident
 * @property {number} version
 * @property {string} state
 *
 * @typedef {object} ErrorMessage
 * @property {"error"} kind
 * @property {string} code
 * @property {string} message
 * @property {string | null} [id]
 * @property {Record<string, unknown>} [details]
 *
 * @typedef {Welcome | Snapshot | Events | Tick | Orders | Here | Resume | Look | Ack | Done | ErrorMessage} ServerMessage
 */

/**
 * From the page.
 *
 * @typedef {object} Hello
 * @property {"hello"} kind
 * @property {number | null} position
 * @property {string} [holder] the log-in name of whose page it is
 *
 * @typedef {object} Ping
 * @property {"ping"} kind
 *
 * @typedef {object} Report
 * @property {"report"} kind
 * @property {string} id
 * @property {string} matter
 * @property {string} text
 * @property {number} lon
 * @property {number} lat
 * @property {number | null} accuracy_m
 * @property {"device" | "pin" | "map"} position_source
 * @property {string} observed_at
 * @property {string} sent_at
 * @property {"normal" | "urgent" | "critical"} [priority]
 * @property {DeclaredFile[]} [attachments] files that are sent once the report has arrived
 *
 * @typedef {object} DeclaredFile a file, and what it must turn out to be
 * @property {string} id
 * @property {string} name
 * @property {string} media_type
 * @property {number} size in bytes
 * @property {string} sha256 in hexadecimal
 *
 * @typedef {object} Part one part that a case is split into
 * @property {string} text
 * @property {string | null} matter null: the case's own
 * @property {number | null} assignee
 *
 * @typedef {object} Command
 * @property {"command"} kind
 * @property {string} id
 * @property {number} incident
 * @property {string} action
 * @property {number} expected_version
 * @property {string} [note]
 * @property {number} [assignee]
 * @property {string} [date]
 * @property {number} [master]
 * @property {string} [item]
 * @property {string | null} [matter]
 * @property {"normal" | "urgent" | "critical"} [priority]
 * @property {number} [unit]
 * @property {Part[]} [parts]
 * @property {number} [step]
 * @property {number} [score]
 *
 * @typedef {object} Watch this case is open here now
 * @property {"watch"} kind
 * @property {number | null} incident
 *
 * @typedef {Hello | Ping | Report | Command | Watch} ClientMessage
 */

export {};

/**
 * What is spoken with the server about plans, as docs/planner.md says; types only.
 * Positions are [lon, lat] (EPSG:4326) with nine decimals.
 *
 * @typedef {[lon: number, lat: number]} Position
 * @typedef {"E" | "W" | "I"} Severity
 *
 * @typedef {object} ZoneProperties
 * @property {string} name
 * @property {string} code
 * @property {string} level
 * @property {string} parent the key of the zone above; "" for the scope itself
 * @property {boolean} is_locked
 * @property {boolean} is_new
 * @property {boolean} is_leaf there is no level below it
 * @property {boolean} is_changed
 * @property {string} purpose
 *
 * @typedef {object} Zone a GeoJSON feature
 * @property {"Feature"} type
 * @property {string} id its key
 * @property {import("geojson").Polygon | import("geojson").MultiPolygon} geometry
 * @property {ZoneProperties} properties
 *
 * @typedef {object} Norm
 * @property {number} households
 * @property {number} tolerance a share
 * @property {string} basis
 *
 * @typedef {object} Figures
 * @property {number} households
 * @property {number} residents
 * @property {number} party_households
 * @property {number} hub_households
 * @property {number} buildings
 * @property {number} area_m2
 * @property {number} compactness
 * @property {number | null} deviation a share of the norm
 * @property {number} staff
 * @property {number} workers
 *
 * @typedef {object} Plan
 * @property {number} id
 * @property {string} title
 * @property {string} purpose
 * @property {string} status
 * @property {string} status_name in the reader's language
 * @property {number} rev
 * @property {{ id: number, code: string, name: string, level: string }} scope
 * @property {string} level
 * @property {{ code: string, name: string }[]} levels from the top down
 * @property {[number, number, number, number]} extent west, south, east, north
 * @property {Record<string, boolean>} may
 * @property {string} author
 * @property {number | null} undo
 * @property {number | null} redo
 * @property {boolean} is_stale
 *
 * @typedef {object} ZonesAnswer
 * @property {number} rev
 * @property {string} level
 * @property {Zone[]} features
 * @property {Zone[]} neighbours units outside of the scope
 *
 * @typedef {object} FiguresAnswer
 * @property {number} rev
 * @property {Norm | null} norm
 * @property {Record<string, Figures>} zones
 * @property {Record<string, Figures>} before today's units
 *
 * @typedef {{ kind: string } & Record<string, any>} Operation without what the queue adds: id, base_rev, level
 *
 * @typedef {object} Result
 * @property {number} seq
 * @property {number} rev
 * @property {string} kind
 * @property {string} by
 * @property {string} at
 * @property {string} message
 * @property {string} level
 * @property {Zone[]} features
 * @property {string[]} ended
 * @property {Record<string, Figures>} figures
 * @property {number | null} undo
 * @property {number | null} redo
 *
 * @typedef {object} Problem
 * @property {string} code
 * @property {Severity} severity
 * @property {string} message
 * @property {string[]} zones
 * @property {string} level of its zones; "" if none of them is there
 * @property {Position | null} where
 * @property {import("geojson").Geometry | null} ground that lies in no zone, in two, or beyond the scope
 * @property {number} households how many the list of it has
 * @property {string} mark
 * @property {string} reason
 *
 * @typedef {object} HistoryEntry
 * @property {number} seq
 * @property {string} kind
 * @property {string} by
 * @property {string} at
 * @property {string} message
 * @property {string[]} zones
 * @property {number | null} undoes
 * @property {number | null} undone_by
 * @property {boolean} may_undo
 *
 * @typedef {object} PlanComment
 * @property {number} id
 * @property {string} zone
 * @property {Position | null} place
 * @property {string} text
 * @property {string} by
 * @property {string} at
 * @property {string} state
 * @property {string} reply
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {Record<string, number | string | boolean | string[] | { zones: number, median_deviation: number }>} metrics
 * @property {Zone[]} features
 * @property {Record<string, Figures>} figures
 *
 * @typedef {object} Proposal
 * @property {"running" | "done" | "stopped" | "failed"} state
 * @property {number} progress 0 to 1
 * @property {string} error
 * @property {Candidate[]} candidates
 *
 * @typedef {{ id: number, name: string, households: number, rings: Position[][] }} Building
 * @typedef {{ roads: Position[][], buildings: Building[] }} Guides
 *
 * @typedef {{ kind: string, holder: number | null, is_deputy: boolean }} PostToBe
 * @typedef {object} StaffAnswer
 * @property {PostToBe[]} staff
 * @property {{ code: string, name: string }[]} kinds
 * @property {{ id: number, name: string }[]} people
 */

export {};

import { fill, gettext, pgettext } from "../ui/i18n.js";

/**
 * What screens call things, in the page's language; the catalogue and the workflow come from the server.
 *
 * @typedef {import("../live/messages.js").Card} Card
 * @typedef {{ code: string, name: string, icon: string, colour: string, is_errand: boolean, needs_photo: boolean }} Matter
 *
 * @typedef {Record<string, string>} Labels
 *
 * @typedef {object} Words
 * @property {readonly Matter[]} matters that can be reported now
 * @property {readonly (readonly [string, string])[]} priorities with their names
 * @property {(code: string) => Matter} matter
 * @property {(state: string) => string} state
 * @property {(action: string) => string} action
 * @property {(role: string) => string} role what somebody is for a case
 * @property {(kind: string) => string} post
 * @property {(code: string) => string} level of the grids
 * @property {(code: string) => string} priority
 * @property {(card: Pick<Card, "unit_name" | "outside_m">) => string} place
 * @property {(state: import("../ui/lateness.js").Lateness, isPaused?: boolean) => string} lateness
 */

/**
 * @param {{ matters: Matter[], states: Labels, actions: Labels, roles: Labels, posts: Labels,
 *   priorities: Labels, unit_levels: Labels }} data
 * @returns {Words}
 */
export function caseWords(data) {
  const matters = new Map(data.matters.map((matter) => [matter.code, matter]));
  const latenessWords = {
    none: "",
    good: pgettext("lateness", "In time"),
    soon: pgettext("lateness", "Soon late"),
    late: pgettext("lateness", "Late"),
  };
  const paused = pgettext("lateness", "Paused");
  return {
    matters: data.matters,
    priorities: Object.entries(data.priorities),
    matter: (code) =>
      matters.get(code) ?? {
        code,
        name: code,
        icon: "other",
        colour: "#888888",
        is_errand: false,
        needs_photo: false,
      },
    state: (state) => data.states[state] ?? state,
    action: (action) => data.actions[action] ?? action,
    role: (role) => data.roles[role] ?? role,
    post: (kind) => data.posts[kind] ?? kind,
    level: (code) => data.unit_levels[code] ?? code,
    priority: (code) => data.priorities[code] ?? code,
    place: ({ unit_name: unit, outside_m: metres }) =>
      metres === null
        ? unit
        : fill(gettext("%(metres)s m outside %(unit)s"), { metres: Math.round(metres), unit }),
    lateness: (state, isPaused = false) => (isPaused && state !== "none" ? paused : latenessWords[state]),
  };
}

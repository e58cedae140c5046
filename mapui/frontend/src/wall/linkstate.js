import { setText } from "../ui/dom.js";
import { fill, gettext } from "../ui/i18n.js";

/**
 * @typedef {import("../live/link.js").Link} Link
 * @typedef {{ clock: (at: number) => string }} Time
 */

/**
 * Say how the link stands, always: a wall that looks alive and isn't is worse than a dark one.
 *
 * @param {HTMLElement} target
 * @param {Link} link
 * @param {number | null} position
 * @param {Time} time
 */
export function showLink(target, link, position, time) {
  const now = Date.now();
  const status = link.status(now);
  target.dataset.status = status;
  document.body.dataset.link = status;
  document.body.toggleAttribute("data-forgotten", link.isForgotten(now));
  setText(target, sentence(status, link, position, time));
}

/** @param {import("../live/link.js").LinkStatus} status @param {Link} link @param {number | null} position @param {Time} time */
function sentence(status, link, position, time) {
  const at = position === null ? "–" : position;
  if (status === "live") return fill(gettext("● Live · #%(position)s"), { position: at });
  if (status === "reconnecting") return fill(gettext("◐ Reconnecting · #%(position)s"), { position: at });
  const since = time.clock(link.heardAt ?? link.startedAt);
  return fill(gettext("○ Stale since %(since)s · #%(position)s"), { since, position: at });
}

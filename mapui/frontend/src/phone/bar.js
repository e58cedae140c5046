/** The bar at the top: whether the server is heard, and in one word how things stand with what is to be sent. */
import { byId, element, setText } from "../ui/dom.js";
import { fill, gettext, ngettext, pgettext } from "../ui/i18n.js";
import { keptNowhere } from "./storage.js";

/**
 * @typedef {import("./outbox.js").Item} Item
 * @typedef {import("../live/link.js").LinkStatus} LinkStatus
 */

/** @param {LinkStatus} status */
export function showLink(status) {
  const label = {
    live: gettext("Live"),
    catching: gettext("Catching up…"),
    reconnecting: gettext("Reconnecting…"),
    stale: gettext("Offline: reports are kept"),
  };
  setText(byId("link-state"), label[status]);
  byId("link-state").dataset.status = status;
}

/** @param {readonly Item[]} items */
export function showOutgoing(items) {
  const bad = items.filter(needsAttention).length;
  const state = bad > 0 ? "attention" : items.length > 0 ? "waiting" : "sent";
  const words = {
    attention: fill(ngettext("%(n)s needs attention", "%(n)s need attention", bad), { n: bad }),
    waiting: fill(ngettext("%(n)s waiting", "%(n)s waiting", items.length), { n: items.length }),
    sent: pgettext("outbox", "All sent"),
  };
  const link = byId("outgoing");
  setText(link, words[state]);
  link.dataset.state = state;
}

/** @param {Item} item */
const needsAttention = ({ state, files }) =>
  state === "needs_attention" || files.some(({ refusal }) => refusal !== "");

/**
 * What has to be known before anything else: the log-in has ended, or this browser keeps nothing.
 *
 * @param {{ mustLogIn: boolean, isKept: boolean, waiting: number }} how
 */
export function showBanner({ mustLogIn, isKept, waiting }) {
  const banner = byId("banner");
  banner.hidden = !mustLogIn && isKept;
  if (banner.hidden) return;
  const words = element("span");
  banner.replaceChildren(words);
  if (!isKept) words.append(keptNowhere(), " ");
  if (!mustLogIn) return;
  const kept = fill(ngettext("%(n)s item is kept.", "%(n)s items are kept.", waiting), { n: waiting });
  const link = element("a", "", gettext("Log in again"));
  link.href = "/accounts/login/?next=/phone/";
  words.append(`${gettext("Your log-in has ended.")} ${kept}`);
  banner.append(link);
}

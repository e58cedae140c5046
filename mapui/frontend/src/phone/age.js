/** How old what is shown is, in words: said when there was no line to read it anew. */
import { fill, gettext } from "../ui/i18n.js";

/**
 * @param {Pick<import("./data.js").Fresh, "savedAt" | "isOld">} read
 * @param {{ short: (at: number) => string }} time
 * @returns {string}
 */
export function age({ savedAt, isOld }, time) {
  if (savedAt === null) return gettext("Not read yet: there is no network.");
  const at = time.short(savedAt);
  return isOld
    ? fill(gettext("No network: as it was %(at)s"), { at })
    : fill(gettext("As of %(at)s"), { at });
}

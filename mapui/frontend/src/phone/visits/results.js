/** What came of a visit, in words. */
import { pgettext } from "../../ui/i18n.js";

/** @returns {Record<string, string>} in the order in which they are offered */
export const results = () => ({
  met: pgettext("visit", "All is well"),
  to_do: pgettext("visit", "Something to do"),
  not_at_home: pgettext("visit", "Nobody at home"),
  declined: pgettext("visit", "Wants no visit"),
  moved_away: pgettext("visit", "Moved away"),
});

/** @param {string} code */
export const resultName = (code) => results()[code] ?? code;

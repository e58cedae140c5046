/** What people of a case are called. */
import { gettext } from "../ui/i18n.js";

/** @param {{ name: string } | null} person null: a resident without account */
export const reporterName = (person) => person?.name ?? gettext("Resident, without account");

/** The list of cases: what the page does without a script, by keyboard and with less to look at. */
import { BulkBar } from "../office/bulk.js";
import { Rows } from "../office/rows.js";
import { byId } from "../ui/dom.js";

const keys = /** @type {HTMLDialogElement} */ (byId("keys"));
const help = byId("show-keys");
const form = /** @type {HTMLFormElement} */ (byId("bulk"));

help.hidden = false;
help.addEventListener("click", () => keys.showModal());
new Rows(form, { search: document.getElementById("q"), keys });
if (form.querySelector("#bulk-bar")) new BulkBar(form);

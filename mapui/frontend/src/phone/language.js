/** The language of the phone, chosen without the server: both shells are kept here. */
import { byId, element } from "../ui/dom.js";
import { language } from "../ui/i18n.js";
import { keepLanguage } from "./update.js";

const YEAR_S = 365 * 24 * 3600;

/** @returns {HTMLElement} a button for each of the other languages */
export function languageButtons() {
  const box = element("p", "languages");
  /** @type {[string, string][]} */
  const languages = JSON.parse(byId("languages").textContent ?? "[]");
  for (const [code, name] of languages.filter(([each]) => each !== language())) {
    const button = element("button", "secondary", name);
    button.type = "button";
    button.lang = code;
    button.addEventListener("click", () => choose(code));
    box.append(button);
  }
  return box;
}

/** What the server says is in the language of the page. */
export function tellLanguage(code = language()) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the store of cookies is missing in many phones
  document.cookie = `django_language=${code}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
}

/** @param {string} code */
async function choose(code) {
  tellLanguage(code);
  await keepLanguage(code);
  location.reload();
}

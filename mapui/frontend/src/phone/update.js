/** The service worker, from the page's side: it is installed, and a new version waits until the worker agrees. */
import { byId } from "../ui/dom.js";
import { SETTINGS } from "./caches.js";

/** @param {string} code of the language that the service worker opens the phone in */
export async function keepLanguage(code) {
  if (!("caches" in globalThis)) return;
  const settings = await caches.open(SETTINGS).catch(() => null);
  await settings?.put("language", new Response(code));
}

/**
 * @param {string} language of this page
 * @param {() => boolean} isBusy a form is open, which a reload would disturb
 * @returns {Promise<ServiceWorkerRegistration | null>} null where there are no service workers
 */
export async function installWorker(language, isBusy) {
  if (!("serviceWorker" in navigator)) return null;
  try {
    await keepLanguage(language);
    const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
    offerUpdates(registration, isBusy);
    return registration;
  } catch {
    return null; // Without it the phone works as any page does.
  }
}

/** @param {ServiceWorkerRegistration} registration @param {() => boolean} isBusy */
function offerUpdates(registration, isBusy) {
  const offer = () => {
    // The very first worker has nothing to take over from.
    byId("update").hidden = !(registration.waiting && navigator.serviceWorker.controller) || isBusy();
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  addEventListener("hashchange", offer);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) registration.update().catch(() => undefined);
  });
  byId("update-now").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("take over");
  });
  offer();
}

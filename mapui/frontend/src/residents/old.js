/**
 * What a browser must be able to do before anything is added to these pages, which work without scripts. The
 * oldest WebViews that people still carry (WeChat's on old Android phones) know less.
 *
 * @returns {boolean} whether pictures can be fingerprinted and sent in pieces
 */
export const canSendPictures = () =>
  window.isSecureContext && "fetch" in window && "arrayBuffer" in Blob.prototype;

/** @param {string} id @returns {HTMLElement | null} an element that this page may not have */
export const maybe = (id) => document.getElementById(id);

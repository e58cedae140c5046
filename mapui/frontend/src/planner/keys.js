/** The keys of the planner's screen. */

/**
 * @param {{ box: import("./tools/toolbox.js").Toolbox, undo: () => void, redo: () => void, next: () => void }} does
 */
export function listenToKeys({ box, undo, redo, next }) {
  /** @type {Record<string, () => void>} */
  const plain = {
    Escape: () => box.cancel(),
    Enter: () => box.finish(),
    Backspace: () => box.back(),
    n: next,
    N: next,
  };
  for (let digit = 1; digit <= 9; digit += 1) plain[digit] = () => box.useKey(String(digit));
  /** @type {Record<string, () => void>} */
  const withControl = { z: undo, y: redo, Z: redo };

  document.addEventListener("keydown", (event) => {
    if (isWriting(event) || event.altKey) return;
    const isControlled = event.ctrlKey || event.metaKey;
    const deed = (isControlled ? withControl : plain)[event.key];
    // Enter on a button is that button's.
    if (!deed || (event.key === "Enter" && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    // Leaflet listens here too, once the map is clicked, and takes a 6 for the minus of a French keyboard.
    event.stopImmediatePropagation();
    deed();
  });
}

/** @param {KeyboardEvent} event */
function isWriting({ target }) {
  if (document.querySelector("dialog[open]")) return true;
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select");
}

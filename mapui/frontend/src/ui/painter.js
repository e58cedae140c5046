/**
 * Gather reasons to redraw, and redraw at most so often: fifty events a second must not lay out fifty times.
 *
 * @param {() => void} draw
 * @param {number} [everyMs]
 * @returns {() => void} call it when something changed
 */
export function coalesced(draw, everyMs = 250) {
  let isWaiting = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const flush = () => {
    isWaiting = false;
    drawnAt = performance.now();
    draw();
  };
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(flush, Math.max(0, drawnAt + everyMs - performance.now()));
  };
}

/**
 * Two fingers that come together or go apart. From the second finger on until the last one is lifted, nothing below the element
 * hears of their moves: one that is left behind would be taken for a drag from where the first one began.
 *
 * @param {HTMLElement} element
 * @param {() => void} begin
 * @param {(factor: number) => void} move  how many times as far apart as at the beginning
 * @returns {() => void} to listen no more
 */
export function listenToPinch(element, begin, move) {
  let pinching = false;
  let first = NaN; // pixels between the fingers at the beginning

  /** @param {TouchEvent} event */
  function hear(event) {
    const { touches } = event;
    if (touches.length === 2 && event.type === "touchstart") {
      pinching = true;
      first = apart(touches);
      begin();
    }
    if (!pinching) return;
    if (touches.length === 0) pinching = false;
    if (event.type !== "touchmove") return;
    event.preventDefault();
    event.stopPropagation();
    if (touches.length === 2) move(apart(touches) / first);
  }

  const kinds = /** @type {const} */ (["touchstart", "touchmove", "touchend", "touchcancel"]);
  for (const kind of kinds) element.addEventListener(kind, hear, { capture: true, passive: false });
  return () => {
    for (const kind of kinds) element.removeEventListener(kind, hear, { capture: true });
  };
}

/** @param {TouchList} touches */
const apart = ([one, other]) => Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1);

/**
 * Looking at a point of a figure: with the pointer over it, or by keyboard with a cross-hair that can have the focus.
 *
 * @import {Figure} from "./figure.js"
 * @import {Point} from "./types.js"
 */

import { createHandle } from "./handle.js";

/**
 * @param {Figure} figure
 * @param {{ look: (at: Point) => void, nudge: (across: number, up: number) => void, leave: () => void }} eye
 */
export function createPointer(figure, { look, nudge, leave }) {
  const { element } = figure;
  const cross = createHandle(element, "look", { drag() {}, nudge });
  // It shows itself only to the keyboard; a mouse looks at once, wherever it is.
  cross.element.addEventListener("focus", () => nudge(0, 0));
  cross.element.addEventListener("blur", leave);

  /** @param {PointerEvent} event */
  function point({ target, buttons, pointerType, clientX, clientY }) {
    const taken = target instanceof Element && target.closest(".hand");
    if (taken || (buttons !== 0 && pointerType === "mouse")) return;
    const { left, top } = element.getBoundingClientRect();
    look([clientX - left, clientY - top]);
  }
  const listened = /** @type {const} */ ([
    ["pointerdown", point],
    ["pointermove", point],
    ["pointerleave", (/** @type {PointerEvent} */ { pointerType }) => pointerType !== "touch" && leave()],
  ]);
  for (const [type, listener] of listened) element.addEventListener(type, listener);

  return {
    cross,
    destroy() {
      for (const [type, listener] of listened) element.removeEventListener(type, listener);
    },
  };
}

/** @import { Box } from "./typeset.js" */

/** Boxes as MathML, which the browser typesets; where only numbers are new, only they are written. */

import { setText } from "../dom.js";
import { shape, shown, slots } from "./typeset.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** How operators are set where it is otherwise than usual. */
const SETTINGS = /** @type {Record<string, Record<string, string>>} */ ({
  "|": { stretchy: "false" },
  "/": { lspace: "0", rspace: "0" },
  "∑": { largeop: "false" },
});

/** An equation that stands on a line of its own. */
export function createEquation() {
  const math = document.createElementNS(MATHML, "math");
  math.setAttribute("displaystyle", "true");
  // Formulas are the same in every language, and so are their fonts.
  math.setAttribute("lang", "en");
  let form = "";
  /** @type {Element[]} */
  let numbers = [];

  return {
    element: math,

    /** @param {Box} box */
    update(box) {
      const next = shape(box);
      if (next !== form) {
        form = next;
        numbers = [];
        math.replaceChildren(build(box, numbers));
      }
      slots(box).forEach((slot, i) => setText(numbers[i], shown(slot)));
    },
  };
}

/** @param {Box} box @param {Element[]} numbers those with a number to write are added here @returns {Element} */
function build(box, numbers) {
  const element = document.createElementNS(MATHML, box.tag);
  if (box.value !== undefined) numbers.push(element);
  else if (box.text !== undefined) element.textContent = box.text;
  if (box.small) element.setAttribute("displaystyle", "false");
  for (const [name, value] of Object.entries(SETTINGS[box.text ?? ""] ?? {})) element.setAttribute(name, value);
  element.append(...(box.children ?? []).map((child) => build(child, numbers)));
  return element;
}

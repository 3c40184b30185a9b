/** @import { Box } from "./typeset.js" */

/** Boxes as MathML, which the browser typesets; where only numbers are new, only they are written. */

import { setChildren, setText } from "../dom.js";
import { shown } from "./typeset.js";

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
  /** @type {Built | null} */
  let built = null;

  return {
    element: math,

    /** @param {Box} box */
    update(box) {
      if (built && renew(built, box)) return;
      built = build(box);
      setChildren(math, built.element);
    },
  };
}

/** @typedef {{ element: Element, tag: string, text: string | undefined, children: Built[] }} Built a box as it stands */

/** @param {Box} box @returns {Built} */
function build(box) {
  const element = document.createElementNS(MATHML, box.tag);
  const text = box.value === undefined ? box.text : shown(box);
  const children = (box.children ?? []).map(build);
  if (text !== undefined) element.textContent = text;
  if (box.small) element.setAttribute("displaystyle", "false");
  for (const [name, value] of Object.entries(SETTINGS[box.text ?? ""] ?? {})) element.setAttribute(name, value);
  element.append(...children.map((child) => child.element));
  return { element, tag: box.tag, text, children };
}

/** Write the numbers that are new; false where more than numbers is. @param {Built} built @param {Box} box @returns {boolean} */
function renew(built, box) {
  const { children = [] } = box;
  if (built.tag !== box.tag || built.children.length !== children.length) return false;
  if (box.value === undefined) return built.text === box.text && children.every((child, i) => renew(built.children[i], child));
  setText(built.element, shown(box));
  return true;
}

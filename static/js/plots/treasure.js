/**
 * The lowest loss that a search has found so far: a diamond and its number.
 *
 * @import {Point, Theme} from "./types.js"
 */

import { significant } from "../numbers.js";
import { diamond, halfWidth, label } from "./overlay.js";
import { PLACE_DIGITS } from "./words.js";

/** @param {Element} parent */
export function createTreasure(parent) {
  const mark = diamond(parent, "best");
  const words = label(parent, "best-text");
  let text = 12;
  let width = 0;
  mark.show(false);
  words.show(false);

  return {
    /** @param {Theme} theme @param {number} size @param {number} across  of the picture */
    style(theme, size, across) {
      [text, width] = [size, across];
      mark.style(theme);
      words.style(theme.ink, theme.panel, size, "middle");
    },

    /** @param {boolean} wanted */
    show(wanted) {
      mark.show(wanted);
      words.show(wanted);
    },

    /** @param {Point} at @param {string} name @param {number} loss */
    move([x, y], name, loss) {
      mark.move(x, y);
      const said = `${name} ${significant(loss, PLACE_DIGITS)}`;
      words.write(said);
      const half = halfWidth(said, text);
      // Below: paths come down from above.
      words.move(Math.min(Math.max(x, half + 4), width - half - 4), y + 1.9 * text);
    },
  };
}

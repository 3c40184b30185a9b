/**
 * The lowest loss that a search has found so far: a diamond and its number.
 *
 * @import {Point, Theme} from "./types.js"
 */

import { significant } from "../numbers.js";
import { diamond, label, widthOf } from "./overlay.js";
import { PLACE_DIGITS } from "./words.js";

const AIR = 4; // pixels from words to the edge of the axes

/** @param {Element} parent */
export function createTreasure(parent) {
  const mark = diamond(parent, "best");
  const words = label(parent, "best-text");
  let text = 12;
  let room = { left: 0, right: 0 };
  mark.show(false);
  words.show(false);

  return {
    /** @param {Theme} theme @param {number} size @param {number} right @param {number} left  between which there is room for words */
    style(theme, size, right, left) {
      [text, room] = [size, { left: left + AIR, right: right - AIR }];
      mark.style(theme);
      words.style(theme.ink, theme.panel, size, "middle");
      words.keepWithin(room.right - room.left);
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
      const half = Math.min(widthOf(said, text), room.right - room.left) / 2;
      // Below: paths come down from above.
      words.move(Math.min(Math.max(x, room.left + half), room.right - half), y + 1.9 * text);
    },
  };
}

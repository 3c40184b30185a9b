/**
 * The marks of a landscape, the same in 3D, from above and over one parameter: the ball, the optimum with its name, and the
 * arrow to a run that has left the picture.
 *
 * @import {Rows, Translate} from "../types.js"
 * @import {Point, Range, Theme, Window} from "./types.js"
 */

import { significant } from "../numbers.js";
import { arrow, ball, label, ring, widthOf } from "./overlay.js";
import { inside } from "./trail.js";

const ONWARD = 1.04; // of the way from the middle of a window to its edge
const AIR = 8; // pixels from words to the edge of the picture, their rim included
const BESIDE = 16; // pixels from the optimum to its name
const RIM = 7; // pixels: the path is as red as the text, and all over the place

/**
 * @param {Element} parent
 */
export function createMarks(parent) {
  const goal = ring(parent);
  const goalName = label(parent, "optimum-name");
  const sign = arrow(parent, "outside");
  const signText = label(parent, "outside-text", RIM);
  const runner = ball(parent);
  let text = 12;
  let room = { left: 0, right: 0 };
  /** @type {Point | null} */
  let optimum = null;
  let wide = 0; // its name
  for (const mark of [goal, goalName, sign, signText, runner]) mark.show(false);

  return {
    /** @param {Theme} theme @param {number} size @param {number} right @param {number} [left]  between which there is room for words */
    style(theme, size, right, left = 0) {
      text = size;
      room = { left: left + AIR, right: right - AIR };
      for (const mark of [goal, runner]) mark.style(theme);
      sign.style(theme.warn, theme.panel);
      goalName.style(theme.optimum, theme.panel, text);
      signText.style(theme.warn, theme.panel, text, "middle");
      signText.keepWithin(room.right - room.left);
    },

    /** @param {Point | null} at  in pixels @param {string} name */
    optimum(at, name) {
      optimum = at;
      goal.show(at !== null);
      goalName.show(at !== null);
      if (!at) return;
      goal.move(...at);
      goalName.write(name);
      wide = widthOf(name, text);
      goalName.move(at[0] + BESIDE, at[1] + 1.9 * text);
    },

    /**
     * Name the optimum where nothing is written: below it on the right or on the left, else above it. Beside many runs it is not.
     * @param {readonly unknown[] | undefined} companions
     * @param {((place: { left: number, right: number, top: number, bottom: number }) => boolean)[]} writings  whether each of them stands
     *   in a place; where none is clear of all, the first is the one to keep clear of
     */
    nameOptimum(companions, writings) {
      if (!optimum) return;
      const [x, y] = optimum;
      const sides = [x + BESIDE, x - BESIDE - wide];
      const many = (companions?.length ?? 0) > 1;
      const places = [y + 1.9 * text, y - 1.2 * text].flatMap((base) => sides.map((left) => ({ left, right: left + wide, top: base - 0.8 * text, bottom: base + 0.2 * text, base })));
      const clear = (/** @type {typeof writings} */ some) =>
        places.find((place) => place.left >= room.left && place.right <= room.right && !some.some((covers) => covers(place)));
      const place = many ? undefined : (clear(writings) ?? clear(writings.slice(0, 1)));
      if (place) goalName.move(place.left, place.base);
      else goalName.show(false);
    },

    /** @param {Point} at */
    ball(at) {
      runner.move(...at);
      sign.show(false);
      signText.show(false);
    },

    /**
     * @param {Point} at  the edge of the picture on the side where the run is
     * @param {Point} beyond  a little further on
     * @param {string} words
     */
    outside(at, beyond, words) {
      runner.show(false);
      sign.point(at, beyond);
      signText.write(words);
      const half = Math.min(widthOf(words, text), room.right - room.left) / 2;
      const above = at[1] > 3 * text;
      signText.move(Math.min(Math.max(at[0], room.left + half), room.right - half), at[1] + (above ? -1.3 : 2.1) * text);
    },
  };
}

/**
 * Where at the edge of a window a run stands that is outside at a row, and a point a little further on. Of two parameters that
 * is in its direction from the middle. A loss outgrows its parameter so far that every direction would be up: there it is the
 * place that is nearest.
 * @param {Window} window
 * @param {Rows} rows
 * @param {[x: string, y: string]} names  of the two columns
 * @param {number} row
 * @returns {[at: Point, beyond: Point]}
 */
export function exit(window, rows, [x, y], row) {
  const away = [fromMiddle(window.x, rows.columns[x][row]), fromMiddle(window.y, rows.columns[y][row])];
  const most = Math.max(...away.map(Math.abs));
  const [across, up] = away.map((part) => (y === "loss" ? Math.min(Math.max(part, -1), 1) : part / most));
  /** @param {number} share @returns {Point} */
  const at = (share) => [atShare(window.x, share * across), atShare(window.y, share * up)];
  return [inside(window, at(1)), at(ONWARD)];
}

/** How far a value is from the middle of a range, as a share of the way to its ends. @param {Range} range @param {number} value */
const fromMiddle = ([low, high], value) => (2 * value - low - high) / (high - low);

/** The value that is so far from there. @param {Range} range @param {number} share */
const atShare = ([low, high], share) => (low + high + share * (high - low)) / 2;

/**
 * "outside: w = 3.21, b = −14.1"
 * @param {Translate} t
 * @param {Rows} rows
 * @param {readonly string[]} names
 * @param {number} row
 */
export const outsideText = (t, rows, names, row) =>
  t("plot.outside", { values: names.map((name) => `${name} = ${significant(rows.columns[name][row], 3)}`).join(", ") });

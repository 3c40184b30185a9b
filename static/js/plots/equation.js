/**
 * The equation of the line, in that corner of the beans which the fewest beans and lines go through.
 *
 * @import {View} from "../types.js"
 * @import {Figure} from "./figure.js"
 * @import {Point, Window} from "./types.js"
 *
 * @typedef {{ window: Window, left: number, top: number, width: number, height: number, beans: Iterable<Point>, marked: boolean }} Area
 *   The axes: what they show, where they are in pixels, the beans in them, and whether something is written at the upper left.
 * @typedef {{ x: number, y: number, wide: number, from: number, to: number, low: number, high: number, beans: number }} Corner
 *   A place for the words: their beginning and their width in pixels, what they cover in data, and how many beans.
 */

import { fixed, significant } from "../numbers.js";
import { NONE } from "./crew.js";
import { label, widthOf } from "./overlay.js";

const SMALL = 1e-3; // a slope or an offset of which four decimals say nearly nothing
const SIZE = 1.1; // of the figure's text
const RIM = 7; // pixels: lines and the grid may go through it
const EDGE = 8; // pixels to the edges of the axes
const HANDLE = 18; // pixels of a handle of the line, which stands at the edge of the axes where the line is beyond it
const AIR = 6; // pixels around the words
const LINE = 5; // beans that a line through the words is as bad as
const PATIENCE = 30; // frames of playing that another corner must be the better one: a line that swings is there and gone
/** From the best one on, if nothing is there. */
const CORNERS = [{ right: 0, low: 0 }, { right: 1, low: 1 }, { right: 1, low: 0 }, { right: 0, low: 1 }];

/** @param {Figure} figure */
export function createEquation(figure) {
  const words = label(figure.overlay, "equation", RIM);
  /** The corners for words of so many letters. @type {Map<number, Corner[]>} */
  const known = new Map();
  /** @type {Area} */
  let area;
  /** Which corner it stands in, and for how many frames another one has been better. */
  let [held, late] = [-1, 0];

  /** @param {string} text @returns {Corner[]} */
  function cornersFor(text) {
    const { window: { x, y }, left, top, width, height } = area;
    const size = SIZE * figure.text;
    const wide = Math.min(widthOf(text, size), width - 2 * EDGE);
    const across = (/** @type {number} */ px) => x[0] + ((px - left) / width) * (x[1] - x[0]);
    const up = (/** @type {number} */ px) => y[1] - ((px - top) / height) * (y[1] - y[0]);
    // Above the line of the grid at zero, if that is near the foot.
    const zero = (height * y[1]) / (y[1] - y[0]);
    const grid = zero < height && zero > height - 2 * size ? zero - 0.45 * size : height;
    const foot = Math.min(grid, height - HANDLE - 0.35 * size);
    // What is above the words would have a handle upon them; below them there is room for one.
    const corners = CORNERS.map(({ right, low }) => {
      const [start, base] = [left + (right ? width - EDGE - wide : EDGE), top + (low ? foot : 1.25 * size)];
      return { x: start, y: base, wide, from: across(start - AIR), to: across(start + wide + AIR), low: up(base + 0.3 * size), high: low ? up(base - 0.9 * size) : Infinity, beans: 0 };
    });
    for (const [bx, by] of area.beans) {
      for (const corner of corners) if (bx >= corner.from && bx <= corner.to && by >= corner.low && by <= corner.high) corner.beans += 1;
    }
    return corners;
  }

  /** What is bad about a corner. @param {Corner} corner @param {View} view @param {number} w @param {number} b */
  function cost({ from, to, low, high, beans }, { companions = NONE }, w, b) {
    const [bottom, top] = area.window.y;
    const inside = (/** @type {number} */ height) => Math.min(Math.max(height, bottom), top); // as its handles are
    let lines = crosses(inside(w * from + b), inside(w * to + b), low, high) ? 2 : 0; // and its handles
    for (const { rows: { columns }, cursor } of companions) {
      if (cursor < 0) continue;
      const offset = columns.b?.[cursor] ?? 0;
      if (crosses(columns.w[cursor] * from + offset, columns.w[cursor] * to + offset, low, high)) lines += 1;
    }
    return beans + LINE * lines;
  }

  return {
    /** After a layout. @param {Area} next */
    attach(next) {
      const { theme } = figure.context;
      area = next;
      known.clear();
      held = -1;
      words.style(theme.line, theme.panel, SIZE * figure.text);
      words.keepWithin(area.width - 2 * EDGE);
    },

    /** @param {View} view @returns {import("./lit.js").Taken} where it stands */
    frame(view) {
      const { rows, cursor, look, status } = view;
      const w = rows.columns.w[cursor];
      const b = rows.columns.b?.[cursor];
      const text = equationOf(w, b);
      let corners = known.get(text.length);
      if (!corners) known.set(text.length, (corners = cornersFor(text)));
      // What is pointed at elsewhere is told in the first one.
      const first = area.marked || look ? 1 : 0;
      const bad = corners.map((corner) => cost(corner, view, w, b ?? 0));
      let best = first;
      for (let i = first + 1; i < corners.length; i += 1) if (bad[i] < bad[best]) best = i;
      late = held < first || bad[held] <= bad[best] ? 0 : late + 1;
      if (held < first || (late > 0 && (status !== "playing" || late > PATIENCE))) held = best;
      const { x, y, wide } = corners[held];
      words.write(text);
      words.move(x, y);
      return { left: area.left, from: x, to: x + wide, y };
    },
  };
}

/** Whether a line with these heights over the ends of a box goes through it. @param {number} one @param {number} other @param {number} low @param {number} high */
const crosses = (one, other, low, high) => Math.min(one, other) <= high && Math.max(one, other) >= low;

/**
 * @param {number} w
 * @param {number | undefined} b
 */
function equationOf(w, b) {
  const slope = `ŷ = ${coefficient(w)}\u2009x`;
  if (b === undefined) return slope;
  return `${slope} ${b < 0 ? "\u2212" : "+"} ${coefficient(Math.abs(b))}`;
}

/** Four decimals are enough for beans of the usual size; very large and very small values need their digits. @param {number} value */
const coefficient = (value) => {
  const size = Math.abs(value);
  return size >= 1e4 || (size < SMALL && size > 0) ? significant(value, 5) : fixed(value, 4);
};

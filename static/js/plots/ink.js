/**
 * A long line above a figure, drawn as it grows: in pieces, so that only the last one is written anew.
 *
 * @import { Pen } from "./pens.js"
 */

import { svg } from "./overlay.js";

const PIECE = 24; // points

/**
 * @param {readonly Element[]} parents  in each the same line: a rim below it, say
 * @param {(value: number) => number} x  a value's pixels
 * @param {(value: number) => number} y
 * @returns {Pen}
 */
export function createInk(parents, x, y) {
  /** @type {SVGPathElement[][]} */
  const pieces = [];
  let settled = 0; // pieces that stay as they are
  let written = 0; // pieces with something in them

  return (xs, ys, count, sure = 0) => {
    const needed = Math.ceil(count / PIECE);
    for (let k = Math.min(settled, Math.floor(sure / PIECE)); k < needed; k += 1) {
      pieces[k] ??= parents.map((parent) => svg("path", {}, parent));
      // A piece begins where the one before it ends.
      write(k, outline(xs, ys, Math.max(k * PIECE - 1, 0), Math.min((k + 1) * PIECE, count)));
    }
    for (let k = needed; k < written; k += 1) write(k, "");
    settled = Math.floor(Math.min(sure, count) / PIECE);
    written = needed;
  };

  /** @param {number} k @param {string} d */
  function write(k, d) {
    for (const piece of pieces[k]) piece.setAttribute("d", d);
  }

  /** @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {number} from @param {number} to */
  function outline(xs, ys, from, to) {
    let d = "";
    let apart = true;
    for (let i = from; i < to; i += 1) {
      const px = tenths(x(xs[i]));
      const py = tenths(y(ys[i]));
      // NaN parts the line; so does a loss of 0 on a log axis, which has no place there.
      if (Number.isNaN(px) || Number.isNaN(py)) apart = true;
      else {
        d += (apart ? "M" : "L") + px + "," + py;
        apart = false;
      }
    }
    return d;
  }
}

const FAR = 1e5; // pixels; what is further away only has to lie in the right direction

/** @param {number} pixels */
export const tenths = (pixels) => Math.round(Math.min(Math.max(pixels, -FAR), FAR) * 10) / 10;

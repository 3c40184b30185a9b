/**
 * What the axes of the loss hold: all rows, in strides, so that a layout is rare.
 *
 * @import {Companion, Rows, Run} from "../types.js"
 * @import {Range} from "./types.js"
 */

import { count, short } from "../numbers.js";
import { lossesOf, reachOf } from "./companioncurves.js";
import { extent, roundUp, tickAt, ticks } from "./scales.js";

const FIRST_SPAN = 50; // steps
const MOST_RISE = 20; // times the first loss: that far the axis follows runs that are only beside

/** Axes that grow with a run. */
export function createLossAxes() {
  /** Up to where the losses of other runs are held. @type {Parameters<typeof lossesOf>[1]} */
  const beside = new Map();
  const held = { serial: NaN, scale: "", base: NaN, version: NaN, rows: 0 };
  let span = FIRST_SPAN;
  /** @type {Range} */
  let range = [1, 1];

  return {
    /** How many steps they hold. */
    span: () => span,
    /** Which losses, above the one that is drawn as 0. */
    range: () => range,

    /**
     * Let them hold all rows: the steps up to 1, 2 or 5 times a power of ten, the losses in strides too. Within a run they
     * only grow, so that going back and forth changes nothing.
     * @param {Run} run
     * @param {Rows} rows
     * @param {"log" | "linear"} scale
     * @param {number} base  the loss that is drawn as 0
     * @param {readonly Companion[]} companions
     */
    hold(run, rows, scale, base, companions) {
      const anew = run.serial !== held.serial || scale !== held.scale || base !== held.base || rows.length < Math.min(held.rows, 2);
      if (anew) {
        Object.assign(held, { serial: run.serial, scale, base, version: NaN });
        span = Math.min(FIRST_SPAN, run.spec.steps);
        range = [Infinity, 0];
        beside.clear();
      }
      const last = Math.max(rows.step[rows.length - 1], reachOf(companions));
      if (last > span) span = Math.min(roundUp(last), Math.max(run.spec.steps, last));
      const from = rows.version === held.version ? held.rows : 0;
      Object.assign(held, { rows: rows.length, version: rows.version });
      const [least0, most0] = lossesOf(companions, beside);
      if (most0 > 0) range = widened(range, [least0 - base, Math.min(most0, MOST_RISE * rows.columns.loss[0]) - base], scale);
      if (from >= rows.length) return;
      const losses = rows.columns.loss.subarray(from, rows.length);
      // What would be a 0 on a log axis has no place there, but the others have.
      const placed = scale === "log" ? losses.filter((loss) => loss > base) : losses;
      const [low, high] = extent(placed.length > 0 ? placed : losses).map((loss) => loss - base);
      // The lowest possible loss is shown from the start, unless it is so low that the axis would show little else.
      const least = base ? low : run.theory?.optimum_loss ?? low;
      range = widened(range, [least > 1e-4 * low ? Math.min(least, low) : low, high], scale);
    },
  };
}

/**
 * A range that holds losses with some air; where it must grow, it grows by enough to last.
 * @param {Range} range
 * @param {Range} losses
 * @param {"log" | "linear"} scale
 * @returns {Range}
 */
export function widened([low, high], [least, most], scale) {
  if (scale === "linear") {
    if (most <= high && low < high) return [low, high];
    const upper = (high > 0 ? Math.max(2 * high, 1.1 * most) : 1.08 * most) || 1;
    return [-0.1 * upper, upper];
  }
  const first = !(low < Infinity);
  // What cannot be shown on a log axis, a loss of zero, counts as far below the rest.
  const bottom = least > 0 ? least : Math.min(low, Math.max(most, 1e-300)) / 1e4;
  const lower = first ? bottom / 2.2 : bottom >= low || !(least > 0) ? low : Math.min(low / 10, bottom / 2.2);
  const upper = first ? most * 1.6 : most <= high ? high : Math.max(high * 10, most * 1.6);
  return lower < upper ? [lower, upper] : [lower, lower * 10];
}

/**
 * Ticks at round numbers of steps, or of the rows of data that each of them sees; long ones in thousands or millions.
 * @param {number} span  in steps
 * @param {number} each
 * @param {number} room  for so many
 */
export function countTicks(span, each, room) {
  const values = ticks([0, span * each], Math.min(Math.max(Math.floor(room), 2), 4)).filter(Number.isInteger);
  const last = values[values.length - 1];
  const [unit, sign] = last >= 1e6 ? [1e6, "M"] : last >= 1e4 ? [1e3, "k"] : [1, ""];
  const text = (/** @type {number} */ value) => (value === 0 || unit === 1 ? count(value) : short(value / unit, 4) + sign);
  return tickAt(values.map((value) => ({ value: value / each, text: text(value) })));
}

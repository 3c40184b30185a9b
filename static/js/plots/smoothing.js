/**
 * A series smoothed over its steps: the exponentially weighted mean of all values so far, corrected for its beginning.
 *
 * A row that comes s steps after the one before it counts as s rows of its value, so thinned rows are smoothed as far as all
 * would be:
 *
 *     m ← β^s m + (1 − β^s) l,     c ← β^s c + (1 − β^s),     shown m / c
 *
 * with m = c = 0 before the first row, whose s is 1. After n steps c is 1 − β^n, so the first value shown is the first one,
 * and a constant stays itself.
 *
 * @import { Rows } from "../types.js"
 *
 * @typedef {Pick<Rows, "step" | "columns">} Series
 */

/** @param {string} name  of the column */
export function createSmoothing(name) {
  let beta = 0;
  let taken = 0; // rows
  let mean = 0;
  let weight = 0;
  /** @type {Series} */
  const series = { step: new Float64Array(0), columns: { [name]: new Float64Array(0) } };

  /** @param {Rows} rows */
  function makeRoom({ step }) {
    series.step = step;
    const held = series.columns[name];
    if (held.length >= step.length) return;
    series.columns[name] = new Float64Array(step.length);
    series.columns[name].set(held);
  }

  return {
    /** What has been smoothed so far. */
    series,

    /** Begin anew. @param {number} factor  β, from 0, which smooths nothing, to below 1 */
    restart(factor) {
      beta = factor;
      taken = 0;
      mean = weight = 0;
    },

    /** Reach this row. @param {Rows} rows @param {number} row */
    extend(rows, row) {
      makeRoom(rows);
      const { step } = rows;
      const values = rows.columns[name];
      const smooth = series.columns[name];
      for (; taken <= row; taken += 1) {
        const stride = taken > 0 ? step[taken] - step[taken - 1] : 1;
        const kept = stride === 1 ? beta : beta ** stride;
        mean = kept * mean + (1 - kept) * values[taken];
        weight = kept * weight + (1 - kept);
        smooth[taken] = mean / weight;
      }
    },
  };
}

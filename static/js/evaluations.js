/** @import { Search, Spec } from "./types.js" */

/** What an exhaustive search tries and finds, and what a run has looked at to come where it is: pure. */

export const VALUES = 100; // of each parameter

/**
 * Where the best value found so far lies.
 * @param {Search} search
 * @returns {Record<string, number>}
 */
export function bestOf({ axes, best }) {
  const across = axes.w.length;
  return Object.fromEntries(Object.entries(axes).map(([name, values]) => [name, values[name === "w" ? best % across : Math.floor(best / across)]]));
}

/**
 * How many rows of the data the first `steps` updates have looked at.
 * @param {Spec} spec
 * @param {number} steps
 * @param {number} rows
 */
export function rowsSeen({ batch: { size, order } }, steps, rows) {
  if (size === "all" || size >= rows) return steps * rows;
  if (order === "random") return steps * size;
  const perEpoch = Math.ceil(rows / size);
  return Math.floor(steps / perEpoch) * rows + Math.min((steps % perEpoch) * size, rows);
}

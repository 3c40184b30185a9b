/**
 * The loss over two parameters as the figures draw it: refined, on its height scale, with its window and its axes.
 *
 * @import {Run} from "../types.js"
 * @import {Window} from "./types.js"
 * @import {Grid} from "./grid.js"
 */

import { short } from "../numbers.js";
import { ends, reader, refine } from "./grid.js";
import { extent, heightOf, ticks } from "./scales.js";

/**
 * @typedef {object} Landscape
 * @property {Window} window
 * @property {[number, number]} size  of the window
 * @property {Grid} grid  heights
 * @property {(w: number, b: number) => number} height  on the surface as it is drawn
 * @property {[import("./axes3d.js").Axis3d, import("./axes3d.js").Axis3d, import("./axes3d.js").Axis3d]} axes
 *   w, b and height; the titles are keys
 */

export const REFINED = 2; // cells of the grid in each one that came

/**
 * @param {Run} run  of two parameters
 * @param {boolean} [coarse]  whether the surface is drawn with the cells that came
 * @returns {Landscape}
 */
export function landscape({ surface, spec }, coarse = false) {
  const scale = heightOf(spec.loss);
  const given = { x: surface.w, y: /** @type {number[]} */ (surface.b), z: /** @type {number[][]} */ (surface.loss) };
  const scaled = (/** @type {Grid} */ { x, y, z }) => ({ x, y, z: z.map((row) => row.map(scale.of)) });
  const grid = scaled(refine(given));
  const { x, y } = grid;
  const window = { x: ends(x), y: ends(y) };
  const top = extent(grid.z.flat())[1] || 1;
  return {
    window,
    size: [window.x[1] - window.x[0], window.y[1] - window.y[0]],
    grid,
    height: reader(coarse ? scaled(given) : grid),
    axes: [
      { title: "w", range: window.x, ticks: marks(window.x) },
      { title: "b", range: window.y, ticks: marks(window.y) },
      { title: scale.key, range: [0, 1.02 * top], ticks: scale.ticks([0, top]) },
    ],
  };
}

/** @param {import("./types.js").Range} range */
const marks = (range) => ticks(range, 5).map((value) => ({ value, text: short(value, 3) }));

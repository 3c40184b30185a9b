/**
 * The path of a run in a flat picture: thinned, in pieces where it has left the window or a step is not drawn twice.
 *
 * @import {View} from "../types.js"
 * @import {Window} from "./types.js"
 * @import {Pen} from "./pens.js"
 */

import { createTrail } from "./trail.js";

const MOST_SEGMENTS = 4000;

/**
 * @param {Window} window
 * @param {[x: string, y: string]} names  of the two columns
 * @param {Pen} pen
 * @param {number} [most]  segments, about
 */
export function createPath(window, names, pen, most = MOST_SEGMENTS) {
  const trail = createTrail(window, names, most);
  const reach = [(window.x[1] - window.x[0]) / 500, (window.y[1] - window.y[0]) / 500];
  /** @type {number[]} */
  let xs = [];
  /** @type {number[]} */
  let ys = [];
  /** @type {number[]} */
  let points = [0]; // after each segment
  let drawn = 0;

  /** @param {number} k */
  function add(k) {
    const [x0, y0, x1, y1] = trail.segments.subarray(4 * k, 4 * k + 4);
    const last = xs.length - 1;
    if (last < 0 || Math.abs(xs[last] - x0) > reach[0] || Math.abs(ys[last] - y0) > reach[1]) {
      if (last >= 0) {
        xs.push(NaN);
        ys.push(NaN);
      }
      xs.push(x0);
      ys.push(y0);
    }
    xs.push(x1);
    ys.push(y1);
    points.push(xs.length);
  }

  return {
    /** @param {Pick<View, "rows" | "cursor">} shown */
    draw({ rows, cursor }) {
      if (trail.extend(rows, cursor)) {
        [xs, ys, points] = [[], [], [0]];
        drawn = 0;
      }
      for (let k = points.length - 1; k < trail.count; k += 1) add(k);
      const count = points[trail.upTo(cursor)];
      pen(xs, ys, count, Math.min(drawn, count));
      drawn = count;
    },
  };
}

/**
 * The path of a run on a bowl: the whole of it, thinned, and its last steps, thicker.
 *
 * @import {View} from "../types.js"
 * @import {Landscape} from "./landscape.js"
 * @import {Pen3d} from "./pens.js"
 */

import { clip, contains, createTrail } from "./trail.js";

export const WIDTH = 4; // pixels
export const TAIL_WIDTH = 7;
const TAIL_STEPS = 24;
const MOST_SEGMENTS = 12_000;
const LIFT = 0.012; // of the box's height: the path lies above the surface, not in it
const PIECES = 24; // of a step right across the picture

/**
 * @param {Landscape} land
 * @param {Pen3d} standing
 * @param {Pen3d | null} [tail]
 * @param {number} [most]  segments, about
 */
export function createPath(land, standing, tail, most = MOST_SEGMENTS) {
  const { window, size, height } = land;
  const lift = LIFT * land.axes[2].range[1];
  const trail = createTrail(window, ["w", "b"], most);
  /** What is drawn; to draw it again would draw the whole scene again. @type {unknown[]} */
  let seen = [];
  let pieces = [0]; // of the standing path, after each segment of the trail

  /**
   * A step as it is, straight from here to there, but never below the surface.
   * @param {Pen3d} pen
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
   * @param {boolean} joined  to what was drawn before
   * @returns {number} pieces drawn
   */
  function drape(pen, x0, y0, x1, y1, joined) {
    const share = Math.max(Math.abs(x1 - x0) / size[0], Math.abs(y1 - y0) / size[1]);
    const count = Math.max(Math.ceil(share * PIECES), 1);
    const start = height(x0, y0);
    const end = height(x1, y1);
    let [x, y, z] = [x0, y0, start + lift];
    for (let i = 1; i <= count; i += 1) {
      const nextX = x0 + ((x1 - x0) * i) / count;
      const nextY = y0 + ((y1 - y0) * i) / count;
      const nextZ = Math.max(start + ((end - start) * i) / count, height(nextX, nextY)) + lift;
      pen.segment(x, y, z, nextX, nextY, nextZ, joined || i > 1);
      [x, y, z] = [nextX, nextY, nextZ];
    }
    return count;
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  const touching = (x0, y0, x1, y1) => Math.abs(x1 - x0) < size[0] / 500 && Math.abs(y1 - y0) < size[1] / 500;

  return {
    lift,

    /** @param {Pick<View, "rows" | "cursor">} shown */
    draw({ rows, cursor }) {
      const wanted = [rows, rows.version, cursor];
      if (wanted.every((value, i) => value === seen[i])) return;
      seen = wanted;
      if (trail.extend(rows, cursor)) {
        standing.clear();
        pieces = [0];
      }
      const { segments, count } = trail;
      for (let k = pieces.length - 1; k < count; k += 1) {
        const at = 4 * k;
        const joined = k > 0 && touching(segments[at - 2], segments[at - 1], segments[at], segments[at + 1]);
        const drawn = drape(standing, segments[at], segments[at + 1], segments[at + 2], segments[at + 3], joined);
        pieces.push(pieces[k] + drawn);
      }
      standing.show(pieces[trail.upTo(cursor)]);

      if (!tail) return;
      const { w, b } = rows.columns;
      let drawn = 0;
      tail.clear();
      for (let k = cursor; k > Math.max(cursor - TAIL_STEPS, 0) && contains(window, w[k], b[k]); k -= 1) {
        const part = clip(window, w[k], b[k], w[k - 1], b[k - 1]);
        if (part) drawn += drape(tail, ...part, drawn > 0);
      }
      tail.show(drawn);
    },
  };
}

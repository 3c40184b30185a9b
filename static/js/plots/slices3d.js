/**
 * The slices in the bowl: where the planes through the ball, one along each parameter, cut the surface.
 *
 * @import {Landscape} from "./landscape.js"
 * @import {Pen3d} from "./pens.js"
 */

import { contains } from "./trail.js";

export const SLICE_WIDTH = 5; // pixels
const PIECES = 40;
const LIFT = 0.008; // of the box's height

/**
 * @param {Landscape} land
 * @param {Pen3d} alongW
 * @param {Pen3d} alongB
 */
export function createSlices({ window, size, height, axes }, alongW, alongB) {
  const lift = LIFT * axes[2].range[1];
  let drawn = [Infinity, Infinity]; // nothing, not even that there is nothing

  /** @param {Pen3d} pen @param {(share: number) => [number, number]} at */
  function draw(pen, at) {
    pen.clear();
    let [x, y] = at(0);
    let z = height(x, y) + lift;
    for (let i = 1; i <= PIECES; i += 1) {
      const [nextX, nextY] = at(i / PIECES);
      const nextZ = height(nextX, nextY) + lift;
      pen.segment(x, y, z, nextX, nextY, nextZ, i > 1);
      [x, y, z] = [nextX, nextY, nextZ];
    }
    pen.show(PIECES);
  }

  return {
    /** Cut through a point; a point outside the picture, or none, cuts nothing. @param {number} w @param {number} b */
    through(w, b) {
      const inside = contains(window, w, b);
      const [newW, newB] = inside ? [w, b] : [NaN, NaN];
      if (!Object.is(newB, drawn[1])) {
        if (inside) draw(alongW, (share) => [window.x[0] + share * size[0], b]);
        else alongW.show(0);
      }
      if (!Object.is(newW, drawn[0])) {
        if (inside) draw(alongB, (share) => [w, window.y[0] + share * size[1]]);
        else alongB.show(0);
      }
      drawn = [newW, newB];
    },
  };
}

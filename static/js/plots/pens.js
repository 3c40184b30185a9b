/**
 * What the figures draw with. fast.js makes these pens from Plotly's private parts, restyle.js from its public functions.
 *
 * @typedef {(xs: ArrayLike<number>, ys: ArrayLike<number>, count: number, settled?: number) => void} Pen
 *   Draw a line through the first `count` points; NaN parts it. The first `settled` points are those of the last call.
 *
 * @typedef {object} Cartesian
 * @property {boolean} direct
 * @property {(value: number) => number} x  a value's pixels from the left edge of the axes
 * @property {(value: number) => number} y  a value's pixels from the top edge of the axes
 * @property {(trace: number) => Pen} line  the pen of a trace
 * @property {() => void} commit  after all lines of a frame
 *
 * @typedef {object} Pen3d
 * @property {() => void} clear
 * @property {(x0: number, y0: number, z0: number, x1: number, y1: number, z1: number, joined: boolean) => void} segment
 * @property {(segments: number) => void} show  the first so many segments
 *
 * @typedef {object} Scene
 * @property {boolean} direct
 * @property {boolean} alive  false once its graphics context was lost
 * @property {(listener: () => void) => void} onLost  its graphics context
 * @property {(trace: number, colour: string, width: number) => Pen3d} line
 * @property {(trace: number, every: number) => void} thin  draw only every so-many-th line of a surface's grid
 * @property {() => any} camera
 * @property {(camera: any) => void} look  from there
 * @property {() => [model: ArrayLike<number>, view: ArrayLike<number>, projection: ArrayLike<number>]} matrices
 * @property {readonly number[]} scale  of the data before the model matrix
 * @property {(listener: () => void) => void} onTurn  once now, and whenever the scene was drawn from another side
 * @property {() => void} commit
 * @property {() => void} rest  instead of a commit, in a frame in which it could have been drawn
 */

import * as fast from "./fast.js";
import * as restyle from "./restyle.js";

/**
 * @param {any} gd
 * @param {boolean | undefined} direct
 * @param {readonly number[]} moving  the traces to draw: lines of at least two points
 * @returns {Cartesian}
 */
export const cartesian = (gd, direct, moving) =>
  (direct !== false && fast.cartesian(gd, moving)) || restyle.cartesian(gd);

/**
 * @param {any} gd
 * @param {boolean | undefined} direct
 * @returns {Scene}
 */
export const scene = (gd, direct) => (direct !== false && fast.scene(gd)) || restyle.scene(gd);

/**
 * A sheet of glass before a scene: its lines, drawn upon it and not in it. What stands in the scene need not be drawn again when a line
 * grows, and that is what takes a processor its time. Nothing in the scene hides a line; nothing hides the ball either.
 *
 * @import {Project} from "./axes3d.js"
 * @import {Pen3d} from "./pens.js"
 */

import { createInk } from "./ink.js";
import { svg } from "./overlay.js";

const PIXELS = 2; // of a scene, of which its lines are so many wide, to one of ours

/**
 * @param {Element} parent  as large as the scene
 */
export function createSheet(parent) {
  const group = svg("g", { class: "sheet", fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" });
  parent.prepend(group);
  /** @type {(() => void)[]} */
  let turns = [];
  /** @type {Project | null} */
  let project = null;

  return {
    /** Begin anew, with nothing on it. */
    clear() {
      group.replaceChildren();
      turns = [];
      project = null;
    },

    /** A line, below those that there are. @param {number} trace @param {string} colour @param {number} width @returns {Pen3d} */
    line(trace, colour, width) {
      const element = svg("g", { "data-trace": trace, stroke: colour, "stroke-width": width / PIXELS });
      group.prepend(element);
      const { turn, ...pen } = createPen(element, (x, y, z) => project?.(x, y, z) ?? [NaN, NaN]);
      turns.push(turn);
      return pen;
    },

    /** The scene is seen from another side. @param {Project} from */
    turn(from) {
      project = from;
      for (const turn of turns) turn();
    },
  };
}

/**
 * @param {Element} element
 * @param {Project} project
 * @returns {Pen3d & { turn: () => void }}
 */
function createPen(element, project) {
  const ink = createInk([element], same, same);
  /** @type {[number[], number[], number[]]} */
  const [xs, ys, zs] = [[], [], []];
  /** Where they are seen. @type {[number[], number[]]} */
  const [across, down] = [[], []];
  const ends = [0]; // points, after each segment
  let drawn = 0; // points

  /** @param {number} x @param {number} y @param {number} z  NaN parts the line */
  function add(x, y, z) {
    xs.push(x);
    ys.push(y);
    zs.push(z);
    const [px, py] = project(x, y, z);
    across.push(px);
    down.push(py);
  }

  return {
    clear() {
      for (const numbers of [xs, ys, zs, across, down]) numbers.length = 0;
      ends.length = 1;
      drawn = 0;
    },
    segment(x0, y0, z0, x1, y1, z1, joined) {
      if (xs.length > 0 && !joined) add(NaN, NaN, NaN);
      if (xs.length === 0 || !joined) add(x0, y0, z0);
      add(x1, y1, z1);
      ends.push(xs.length);
    },
    show(segments) {
      const count = ends[Math.min(segments, ends.length - 1)];
      ink(across, down, count, Math.min(drawn, count));
      drawn = count;
    },
    turn() {
      for (let i = 0; i < xs.length; i += 1) [across[i], down[i]] = project(xs[i], ys[i], zs[i]);
      ink(across, down, drawn);
    },
  };
}

/** @param {number} pixels */
const same = (pixels) => pixels;

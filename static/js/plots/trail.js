/**
 * The path of a run within a window: cut at the window's edges, and thinned so that what is drawn looks the same.
 *
 * Two parameters' columns (or a parameter's and the loss's) become segments from row to row. A segment is left out when one
 * between the same two cells of a fine grid is drawn already: the difference is less than a pixel. So a run that circles in
 * its valley for a million steps costs no more than the cells it visits, and no swing of it is lost, as every k-th row would
 * lose it. If there are still too many segments, the grid gets coarser.
 *
 * @import {Rows} from "../types.js"
 * @import {Point, Window} from "./types.js"
 *
 * @typedef {object} Trail
 * @property {Float64Array} segments  x₀ y₀ x₁ y₁ of one after the other
 * @property {number} count  segments held
 * @property {(rows: Rows, row: number) => boolean} extend  reach this row; true if earlier segments have changed
 * @property {(row: number) => number} upTo  how many segments there are up to a row reached
 * @property {() => void} restart
 */

const CELLS = 1024; // to a side of the window, at first

/**
 * @param {Window} window
 * @param {[x: string, y: string]} names  of the two columns
 * @param {number} most  segments, about
 * @returns {Trail}
 */
export function createTrail(window, [x, y], most) {
  let version = -1;
  let reached = -1;
  let cells = CELLS;
  let known = createSet();
  let ends = new Uint32Array(1024);

  /** @type {Trail} */
  const trail = {
    segments: new Float64Array(4 * 1024),
    count: 0,
    extend(rows, row) {
      const again = rows.version !== version || row < 0;
      if (again) trail.restart();
      version = rows.version;
      const before = cells;
      while (reached < row) take(rows, reached + 1);
      return again || cells !== before;
    },
    upTo: (row) => (row < 0 ? 0 : ends[Math.min(row, reached)]),
    restart() {
      cells = CELLS;
      version = -1;
      clear();
    },
  };

  function clear() {
    trail.count = 0;
    reached = -1;
    known = createSet();
  }

  /** @param {Rows} rows @param {number} row */
  function take(rows, row) {
    if (row >= ends.length) ends = grown(ends, new Uint32Array(2 * ends.length));
    if (row > 0) {
      const xs = rows.columns[x];
      const ys = rows.columns[y];
      const part = clip(window, xs[row - 1], ys[row - 1], xs[row], ys[row]);
      if (part && known.add(cell(part[0], part[1]), cell(part[2], part[3]))) push(part);
    }
    ends[row] = trail.count;
    reached = row;
    if (trail.count > most) {
      cells /= 2;
      clear();
    }
  }

  /** @param {[number, number, number, number]} part */
  function push(part) {
    if (4 * trail.count + 4 > trail.segments.length) {
      trail.segments = grown(trail.segments, new Float64Array(2 * trail.segments.length));
    }
    trail.segments.set(part, 4 * trail.count);
    trail.count += 1;
  }

  /** @param {number} px @param {number} py */
  function cell(px, py) {
    const column = Math.floor(((px - window.x[0]) / (window.x[1] - window.x[0])) * cells);
    return Math.floor(((py - window.y[0]) / (window.y[1] - window.y[0])) * cells) * 2 * CELLS + column;
  }

  return trail;
}

/**
 * The part of a segment that lies in a window, after Liang and Barsky; null if none does.
 * @param {Window} window
 * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
 * @returns {[x0: number, y0: number, x1: number, y1: number] | null}
 */
export function clip(window, x0, y0, x1, y1) {
  if (contains(window, x0, y0) && contains(window, x1, y1)) return [x0, y0, x1, y1];
  let enter = 0;
  let leave = 1;
  for (const [from, to, [low, high]] of /** @type {const} */ ([[x0, x1, window.x], [y0, y1, window.y]])) {
    if (from === to) {
      if (from < low || from > high) return null;
      continue;
    }
    const toLow = (low - from) / (to - from);
    const toHigh = (high - from) / (to - from);
    enter = Math.max(enter, Math.min(toLow, toHigh));
    leave = Math.min(leave, Math.max(toLow, toHigh));
  }
  if (enter > leave) return null;
  const at = (/** @type {number} */ share) => inside(window, [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]);
  return [...at(enter), ...at(leave)];
}

/**
 * @param {Window} window
 * @param {number} x
 * @param {number} y
 */
export const contains = ({ x: [left, right], y: [bottom, top] }, x, y) => x >= left && x <= right && y >= bottom && y <= top;

/**
 * The point of a window that is nearest to a point.
 * @param {Window} window
 * @param {Point} point
 * @returns {Point}
 */
export const inside = (window, [x, y]) => [
  Math.min(Math.max(x, window.x[0]), window.x[1]),
  Math.min(Math.max(y, window.y[0]), window.y[1]),
];

/** A set of pairs of whole numbers ≥ 0, by open addressing: a million pairs in some ten milliseconds. */
function createSet() {
  let size = 0;
  let table = new Int32Array(2 * 2048).fill(-1);

  /** @param {number} a @param {number} b */
  function slot(a, b) {
    const mask = table.length / 2 - 1;
    let at = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & mask;
    while (table[2 * at] >= 0 && (table[2 * at] !== a || table[2 * at + 1] !== b)) at = (at + 1) & mask;
    return 2 * at;
  }

  function grow() {
    const old = table;
    table = new Int32Array(2 * old.length).fill(-1);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] >= 0) table.set([old[i], old[i + 1]], slot(old[i], old[i + 1]));
    }
  }

  return {
    /** Add a pair; false if it is there. @param {number} a @param {number} b */
    add(a, b) {
      const at = slot(a, b);
      if (table[at] >= 0) return false;
      table[at] = a;
      table[at + 1] = b;
      size += 1;
      if (size > table.length / 4) grow();
      return true;
    },
  };
}

/**
 * @template {Float64Array | Uint32Array} T
 * @param {T} array
 * @param {T} larger
 */
function grown(array, larger) {
  larger.set(/** @type {any} */ (array));
  return larger;
}

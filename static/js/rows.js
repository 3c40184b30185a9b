/** @import { Frame, Rows } from "./types.js" */

const FIRST_CAPACITY = 4096;

/**
 * The rows of a run that the page holds, in growing typed arrays.
 *
 * A run is a value, so a row that is held stays true until the run itself is changed: rows ahead of the one shown
 * are kept, and a frame that brings what is held already changes nothing.
 * `version` counts the times that held rows went away; appending does not count. `every`: how many steps they lie apart
 * where they are fewest.
 *
 * @param {readonly string[]} names the columns beside `step`, in the order of the frames
 * @returns {Rows}
 */
export function createRows(names) {
  /** @type {Rows} */
  const rows = {
    length: 0,
    version: 0,
    every: 1,
    step: new Float64Array(FIRST_CAPACITY),
    columns: Object.fromEntries(names.map((name) => [name, new Float64Array(FIRST_CAPACITY)])),

    append(frame) {
      if (holds(frame)) return;
      rows.truncate(lowerBound(rows, frame.firstStep));
      write(frame);
    },

    replace(frame) {
      if (holds(frame)) return;
      rows.truncate(0);
      write(frame);
    },

    find(step) {
      const index = lowerBound(rows, step);
      return index < rows.length && rows.step[index] === step ? index : -1;
    },

    truncate(length) {
      if (length >= rows.length) return;
      rows.length = length;
      rows.version += 1;
      if (rows.every > 1) rows.every = widest(rows);
    },
  };

  /** Whether the last row of a frame is here, bit for bit; the rows before it then are the same run's. @param {Frame} frame */
  function holds(frame) {
    const index = rows.find(lastStep(frame));
    return index >= 0 && names.every((name, i) => Object.is(rows.columns[name][index], frame.columns[i][frame.rows - 1]));
  }

  /** @param {Frame} frame */
  function write(frame) {
    const start = rows.length;
    rows.every = Math.max(rows.every, frame.rows > 1 ? frame.stride : 1);
    reserve(rows, start + frame.rows);
    for (let i = 0; i < frame.rows; i += 1) rows.step[start + i] = frame.firstStep + i * frame.stride;
    names.forEach((name, i) => rows.columns[name].set(frame.columns[i], start));
    rows.length = start + frame.rows;
  }

  return rows;
}

/** The most steps between two rows. @param {Rows} rows */
function widest({ step, length }) {
  let most = 1;
  for (let i = 1; i < length; i += 1) most = Math.max(most, step[i] - step[i - 1]);
  return most;
}

/** The step of a frame's last row. @param {Frame} frame */
export const lastStep = (frame) => frame.firstStep + (frame.rows - 1) * frame.stride;

/**
 * The index of the last row at or before `step`, or 0.
 *
 * @param {Rows} rows
 * @param {number} step
 */
export function indexAt(rows, step) {
  const index = lowerBound(rows, step);
  return index < rows.length && rows.step[index] === step ? index : Math.max(index - 1, 0);
}

/** The first index whose step is at least `step`. @param {Rows} rows @param {number} step */
function lowerBound(rows, step) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows.step[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Rows} rows @param {number} length */
function reserve(rows, length) {
  if (length <= rows.step.length) return;
  const capacity = Math.max(length, 2 * rows.step.length);
  rows.step = grown(rows.step, capacity);
  for (const name of Object.keys(rows.columns)) rows.columns[name] = grown(rows.columns[name], capacity);
}

/** @param {Float64Array} array @param {number} capacity */
function grown(array, capacity) {
  const larger = new Float64Array(capacity);
  larger.set(array);
  return larger;
}

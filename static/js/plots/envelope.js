/**
 * A long series in few points: for every column of pixels the first, the lowest, the highest and the last value, in the
 * order in which they came. The drawn line covers the same pixels as the whole series would.
 *
 * @import {Series} from "./smoothing.js"
 *
 * @typedef {object} Envelope
 * @property {Float64Array} x
 * @property {Float64Array} y
 * @property {number} count  points held
 * @property {number} settled  points that further rows will not change
 * @property {(rows: Series, row: number) => void} extend  reach this row
 * @property {(span: number, columns: number, base?: number) => void} restart  with so many columns for steps 0 … span, and the
 *   values above a base
 */

/**
 * @param {string} name  of the column
 * @returns {Envelope}
 */
export function createEnvelope(name) {
  let width = 1; // steps in a column of pixels
  let base = 0;
  let open = -1; // the column that the last row belongs to
  let taken = 0; // rows
  let first = 0; // rows of the open column
  let low = 0;
  let high = 0;

  /** @type {Envelope} */
  const envelope = {
    x: new Float64Array(0),
    y: new Float64Array(0),
    count: 0,
    settled: 0,
    restart(span, columns, above = 0) {
      width = span / columns;
      base = above;
      open = -1;
      taken = 0;
      envelope.count = envelope.settled = 0;
      if (envelope.x.length < 4 * columns + 8) {
        envelope.x = new Float64Array(4 * columns + 8);
        envelope.y = new Float64Array(4 * columns + 8);
      }
    },
    extend(rows, row) {
      const { step } = rows;
      const values = rows.columns[name];
      for (; taken <= row; taken += 1) {
        const column = Math.floor(step[taken] / width);
        if (column !== open) {
          close(step, values);
          open = column;
          first = low = high = taken;
        } else {
          if (values[taken] < values[low]) low = taken;
          if (values[taken] > values[high]) high = taken;
        }
      }
      envelope.count = envelope.settled;
      write(step, values);
    },
  };

  /** @param {Float64Array} step @param {Float64Array} values */
  function close(step, values) {
    if (open < 0) return;
    envelope.count = envelope.settled;
    write(step, values);
    envelope.settled = envelope.count;
  }

  /** @param {Float64Array} step @param {Float64Array} values */
  function write(step, values) {
    const [early, late] = low < high ? [low, high] : [high, low];
    let previous = -1;
    for (const row of [first, early, late, taken - 1]) {
      if (row === previous) continue;
      envelope.x[envelope.count] = step[row];
      envelope.y[envelope.count] = values[row] - base;
      envelope.count += 1;
      previous = row;
    }
  }

  return envelope;
}

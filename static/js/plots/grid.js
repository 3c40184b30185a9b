/**
 * Values on a rectangular grid, [y][x]: refined before they are drawn, and read between the grid's points.
 *
 * @import {Range} from "./types.js"
 * @typedef {{x: number[], y: number[], z: number[][]}} Grid
 */

/**
 * Put new points in the middle between the old ones. The cubic through four neighbours is exact for the squared error of a
 * linear model, so a narrow valley gets smooth walls without another request.
 * @param {Grid} grid
 * @returns {Grid}
 */
export function refine({ x, y, z }) {
  const rows = z.map(refineRow);
  return { x: refineRow(x), y: refineRow(y), z: transpose(transpose(rows).map(refineRow)) };
}

/** @param {readonly number[]} row @returns {number[]} */
export function refineRow(row) {
  if (row.length < 4) return [...row];
  const last = row.length - 1;
  // Beyond the ends the row goes on as the parabola through its last three values.
  const at = (/** @type {number} */ i) =>
    i < 0 ? 3 * row[0] - 3 * row[1] + row[2] : i > last ? 3 * row[last] - 3 * row[last - 1] + row[last - 2] : row[i];
  const fine = [];
  for (let i = 0; i < last; i += 1) {
    fine.push(row[i], (9 * (row[i] + row[i + 1]) - at(i - 1) - at(i + 2)) / 16);
  }
  fine.push(row[last]);
  return fine;
}

/**
 * The value between the grid's points (bilinear, as the surface is drawn); outside, the value at the nearest edge.
 * The grid's points must be evenly spaced.
 * @param {Grid} grid
 * @returns {(x: number, y: number) => number}
 */
export function reader({ x, y, z }) {
  const columns = x.length - 1;
  const rows = y.length - 1;
  const perX = columns / (x[columns] - x[0]);
  const perY = rows / (y[rows] - y[0]);
  return (px, py) => {
    const u = Math.min(Math.max((px - x[0]) * perX, 0), columns);
    const v = Math.min(Math.max((py - y[0]) * perY, 0), rows);
    const i = Math.min(Math.floor(u), columns - 1);
    const j = Math.min(Math.floor(v), rows - 1);
    const lower = z[j][i] + (z[j][i + 1] - z[j][i]) * (u - i);
    const upper = z[j + 1][i] + (z[j + 1][i + 1] - z[j + 1][i]) * (u - i);
    return lower + (upper - lower) * (v - j);
  };
}

/** @param {readonly number[]} values @returns {Range} */
export const ends = (values) => [values[0], values[values.length - 1]];

/** @param {number[][]} z */
const transpose = (z) => z[0].map((_, i) => z.map((row) => row[i]));

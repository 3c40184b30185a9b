/** Axes: round numbers for ticks, ranges that grow in steps, and the height scales of a loss surface. */

/** @import {Range} from "./types.js" */

import { short } from "../numbers.js";

/**
 * Round numbers within a range, about `most` of them: multiples of 1, 2 or 5 times a power of ten.
 * @param {Range} range
 * @param {number} most
 * @returns {number[]}
 */
export function ticks([low, high], most) {
  const step = roundUp((high - low) / most);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Ticks of a log axis: powers of ten, about six; 2 and 5 times them where there are few.
 * @param {Range} range
 */
export function logTicks([low, high]) {
  const decades = Math.log10(high / low);
  const stride = Math.max(Math.ceil(decades / 6), 1);
  const factors = decades < 2 ? [1, 2, 5] : [1];
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    if (power % stride === 0) values.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return values.filter((value) => value >= low && value <= high).map((value) => ({ value, text: logTick(value) }));
}

/**
 * An axis of Plotly's with ticks at these places alone.
 * @param {readonly {value: number, text: string}[]} marks
 */
export const tickAt = (marks) => ({ tickmode: "array", tickvals: marks.map(({ value }) => value), ticktext: marks.map(({ text }) => text) });

/** 0.05 and 5000 as they are, 10⁻⁵ and 2·10¹⁰ by their powers. @param {number} value */
export function logTick(value) {
  const power = Math.floor(Math.log10(value) + 1e-9);
  if (Math.abs(power) < 4) return short(value, 4);
  const times = short(value / 10 ** power, 4);
  const raised = String(power).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
  return `${times === "1" ? "" : `${times}·`}10${raised}`;
}

/**
 * The smallest of 1, 2, 5, 10, … that is not below a value > 0.
 * @param {number} value
 */
export function roundUp(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5].find((candidate) => candidate * decade >= value * (1 - 1e-12)) ?? 10;
  return Number((factor * decade).toPrecision(12));
}

/**
 * A range with some air around it.
 * @param {Range} range
 * @param {number} share of its length
 * @returns {Range}
 */
export function padded([low, high], share) {
  const air = (high - low || Math.abs(high) || 1) * share;
  return [low - air, high + air];
}

/**
 * The smallest and the largest finite value.
 * @param {Iterable<number>} values
 * @returns {Range}
 */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * How high a loss stands in the picture of a surface.
 *
 * @typedef {object} Height
 * @property {string} key  of the axis title, which names the scale
 * @property {(loss: number) => number} of
 * @property {(range: Range) => {value: number, text: string}[]} ticks  losses to mark, for a range of heights
 */

/**
 * The square root of a squared error is an error in the units of y, and it makes a narrow valley visible: along the valley of
 * κ = 19 the squared error rises by a fiftieth of what it rises across, its root by a seventh.
 * @type {Height}
 */
const ROOT = {
  key: "plot.height.root",
  of: (loss) => Math.sqrt(Math.max(loss, 0)),
  ticks([low, high]) {
    const span = high - low;
    let previous = -Infinity;
    return ticks([low, high], 5)
      .map((height) => Number((height * height).toPrecision(1)))
      .filter((loss) => {
        const height = Math.sqrt(loss);
        const apart = height >= low && height <= high && height - previous > span / 9;
        if (apart) previous = height;
        return apart;
      })
      .map((loss) => ({ value: Math.sqrt(loss), text: short(loss, 3) }));
  },
};

/** @type {Height} */
const LINEAR = {
  key: "plot.height.linear",
  of: (loss) => loss,
  ticks: (range) => ticks(range, 5).map((value) => ({ value, text: short(value, 3) })),
};

/**
 * The height scale for a loss.
 * @param {string} loss  its name in the spec
 * @returns {Height}
 */
export const heightOf = (loss) => (loss === "squared-error" ? ROOT : LINEAR);

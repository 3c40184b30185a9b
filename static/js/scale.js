/** @import { Param } from "./types.js" */

/**
 * Where values stand on a slider: positions are the value itself on a linear scale, its decimal logarithm on a log scale.
 *
 * @typedef {{ min: number, max: number, step: number | "any", position: (value: number) => number,
 *   value: (position: number) => number }} Scale
 */

const PER_DECADE = 50;

/**
 * @param {Pick<Param, "scale" | "slider" | "integer">} param
 * @returns {Scale}
 */
export function createScale({ scale, slider: [low, high], integer }) {
  if (scale === "log") {
    return {
      min: Math.log10(low),
      max: Math.log10(high),
      step: 1 / PER_DECADE,
      position: Math.log10,
      value: (position) => round(10 ** position, integer),
    };
  }
  return {
    min: low,
    max: high,
    step: integer ? 1 : "any",
    position: (value) => value,
    value: (position) => (integer ? Math.round(position) : Number(position.toPrecision(3))),
  };
}

/** A number as a person would choose it: two digits, three between 1 and 2 of each decade. @param {number} value @param {boolean} integer */
function round(value, integer) {
  const leading = value / 10 ** Math.floor(Math.log10(value));
  const rounded = Number(value.toPrecision(leading < 2 ? 3 : 2));
  return integer ? Math.round(rounded) : rounded;
}

/**
 * The next value up or down, as the arrow keys of a number box give it.
 *
 * @param {Param} param
 * @param {number} value
 * @param {1 | -1} direction
 */
export function nudged(param, value, direction) {
  const { scale, integer, slider, low, high } = param;
  let next;
  if (scale === "log" && value > 0) {
    const digits = 10 ** Math.floor(Math.log10(value * (direction > 0 ? 1 + 1e-9 : 1 - 1e-9)));
    next = Number((value + direction * digits).toPrecision(12));
  } else if (integer) {
    next = value + direction;
  } else {
    const unit = 10 ** Math.floor(Math.log10((slider[1] - slider[0]) / 20));
    next = Number((value + direction * unit).toPrecision(12));
  }
  return Math.min(Math.max(integer ? Math.round(next) : next, low), high);
}

/** @import { Run } from "./types.js" */

/**
 * The loss of a run and its slopes at any point, from the data on the screen: for what a person points at before the engine is
 * asked. The sum is the engine's, taken in another order, so it agrees to some fourteen digits; fewer are ever shown.
 *
 * @typedef {Record<string, number>} Theta  a value for each parameter, by name
 */

/** By name: the loss of one row from its residual ŷ − y, and the slope of that by ŷ. */
const LOSSES = /** @type {Record<string, { value: (residual: number) => number, slope: (residual: number) => number }>} */ ({
  "squared-error": { value: (residual) => residual * residual, slope: (residual) => 2 * residual },
  "absolute-error": { value: Math.abs, slope: Math.sign },
});

/** @param {Pick<Run, "spec" | "data">} run */
export function createObjective({ spec, data }) {
  const x = Float64Array.from(data.x, ([first]) => first);
  const y = Float64Array.from(data.y);
  const { value, slope } = LOSSES[spec.loss];

  return {
    /** L(θ) = (1/n) Σ loss(w·x + b − y) @param {Theta} theta */
    loss({ w, b = 0 }) {
      let sum = 0;
      for (let i = 0; i < x.length; i += 1) sum += value(w * x[i] + b - y[i]);
      return sum / x.length;
    },

    /** ∂L/∂w and ∂L/∂b. @param {Theta} theta @returns {{ w: number, b: number }} */
    gradient({ w, b = 0 }) {
      let [byW, byB] = [0, 0];
      for (let i = 0; i < x.length; i += 1) {
        const upstream = slope(w * x[i] + b - y[i]);
        byW += upstream * x[i];
        byB += upstream;
      }
      return { w: byW / x.length, b: byB / x.length };
    },
  };
}

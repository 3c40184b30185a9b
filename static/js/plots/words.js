/**
 * Names that come with the data, in the language of the page where it knows them.
 *
 * @import {Theory, Translate} from "../types.js"
 */

import { short, significant } from "../numbers.js";

/**
 * @param {Translate} t
 * @param {string} name  of a quantity
 */
export function named(t, name) {
  const key = `plot.axis.${name}`;
  const text = t(key);
  return text === key ? name : text;
}

/**
 * What the best place is called: one of many where the loss does not rise in every direction.
 * @param {Translate} t
 * @param {Theory | null | undefined} theory
 */
export const optimumText = (t, theory) => t(theory?.condition_number === null ? "plot.optimum.one" : "plot.optimum");

/** Digits of a loss that was computed on the page: few enough to be the engine's, too. */
export const PLACE_DIGITS = 6;

/**
 * "w = 0.41, b = 0.52, loss 0.0123457"
 * @param {Translate} t
 * @param {Record<string, number>} theta
 * @param {number} loss
 */
export const placeText = (t, theta, loss) =>
  t("plot.place", {
    values: Object.entries(theta).map(([name, value]) => `${name} = ${short(value, 6)}`).join(", "),
    loss: significant(loss, PLACE_DIGITS),
  });

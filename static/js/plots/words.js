/**
 * Names that come with the data, in the language of the page where it knows them.
 *
 * @import {Translate} from "../types.js"
 */

/**
 * @param {Translate} t
 * @param {string} name  of a quantity
 */
export function named(t, name) {
  const key = `plot.axis.${name}`;
  const text = t(key);
  return text === key ? name : text;
}

/** @import { Editing, Spec } from "../types.js" */

/** What x and y of beans of one's own are called, in the address: `x-name=price&y-name=weight`. */

export const NAME_KEYS = /** @type {const} */ (["x-name", "y-name"]);

/** A longer name is cut: it is for an axis. */
const LONGEST = 60;

/** What x and y of the beans on the screen are called; null where they are not one's own. @param {{ spec: Spec, beans: Editing }} state @returns {Editing["names"]} */
export function namesOf({ spec, beans }) {
  if (spec.dataset.name !== "points" || !beans.names) return null;
  const [x, y] = beans.names;
  return [x.slice(0, LONGEST), y.slice(0, LONGEST)];
}

/** The names that an address gives; null where it gives none, or the beans are not one's own. @param {URLSearchParams} given @param {Spec} spec @returns {Editing["names"]} */
export function decodeNames(given, { dataset }) {
  if (dataset.name !== "points" || !NAME_KEYS.some((key) => given.has(key))) return null;
  const [x, y] = NAME_KEYS.map((key) => given.get(key)?.trim().slice(0, LONGEST) ?? "");
  return [x || "x", y || "y"];
}

/** The parts of an address for them. @param {{ spec: Spec, beans: Editing }} state */
export const encodeNames = (state) => namesOf(state)?.map((name, i) => `${NAME_KEYS[i]}=${name}`) ?? [];

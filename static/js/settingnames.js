/** @import { Spec, Translate } from "./types.js" */

/** What settings are called, beside a run or in place of one. */

/** Descent with batches of a size. @param {Spec["batch"]["size"]} size @param {Translate} t */
export const sizeName = (size, t) => t(size === "all" ? "race.name.batch" : size === 1 ? "race.name.sgd" : "race.name.mini", { size });

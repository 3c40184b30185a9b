/** @import { Editing } from "../types.js" */

/** Nothing is done to the beans, and they have no names of their own. @type {Editing} */
export const NOT_EDITING = Object.freeze({ active: false, selected: -1, at: null, names: null });

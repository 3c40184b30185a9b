/** @import { Course, Race } from "./types.js" */

/** No race: what the page begins with. */

export const USUAL_GOAL = 1e-3;

/** @type {Race} */
export const NO_RACE = Object.freeze({ lanes: Object.freeze([]), clock: "steps", goal: USUAL_GOAL });

/** @type {Course} */
export const NO_COURSE = Object.freeze({ name: "", perStep: 0, over: 0, last: 0, playing: false });

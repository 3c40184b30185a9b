/** @import { State } from "../known.js" */
/** @import { Spec } from "../types.js" */
/** @import { Clock } from "./types.js" */

/**
 * The one clock of a race, told in steps of the run on the screen. By steps, every lane has made as many; by rows, every
 * lane has seen as many rows of data: a step of batch size m sees m of them, the last one of an epoch what is left.
 */

import { lastPossibleStep, shownStep } from "../known.js";

/** @typedef {Spec["batch"]} Batch */

/** @param {Batch} batch @param {number} count  of the rows of data */
const sizeOf = ({ size }, count) => (size === "all" ? count : Math.min(Math.max(Math.round(size) || 1, 1), count));

/** The steps of an epoch, and the rows that they see. @param {Batch} batch @param {number} count */
function epochOf(batch, count) {
  const size = sizeOf(batch, count);
  return batch.order === "random" ? { steps: 1, rows: size, size } : { steps: Math.ceil(count / size), rows: count, size };
}

/** The rows that so many steps have seen. @param {Batch} batch @param {number} count  of the rows of data @param {number} step */
export function rowsSeen(batch, count, step) {
  const { steps, rows, size } = epochOf(batch, count);
  return Math.floor(step / steps) * rows + (step % steps) * size;
}

/** The most steps that see no more than so many rows. @param {Batch} batch @param {number} count  of the rows of data @param {number} seen */
export function stepsWithin(batch, count, seen) {
  const { steps, rows, size } = epochOf(batch, count);
  return Math.floor(seen / rows) * steps + Math.floor((seen % rows) / size);
}

/** The rows that a step sees, on average. @param {Batch} batch @param {number} count  of the rows of data */
export function rowsPerStep(batch, count) {
  const { steps, rows } = epochOf(batch, count);
  return rows / steps;
}

/**
 * The step that a lane has made when the run on the screen has made `step`.
 *
 * @param {Clock} clock
 * @param {Batch} own  of the run on the screen
 * @param {Batch} batch  of the lane
 * @param {number} count  of the rows of data
 * @param {number} step
 */
export const laneStep = (clock, own, batch, count, step) =>
  clock === "rows" ? stepsWithin(batch, count, rowsSeen(own, count, step)) : step;

/** The first step of the run on the screen at which a lane has made `step`: the other way round. @type {typeof laneStep} */
export function ownStep(clock, own, batch, count, step) {
  if (clock !== "rows") return step;
  const seen = rowsSeen(batch, count, step);
  const within = stepsWithin(own, count, seen);
  return rowsSeen(own, count, within) < seen ? within + 1 : within;
}

/** Where the run on the screen has ended, if it is shown there. @param {State} state */
export const endShown = (state) => (state.end !== null && shownStep(state) === state.end ? state.end : null);

/** The step at which the clock is: beyond the end of the run, where those that race it go on. @param {State} state */
export const clockStep = (state) => shownStep(state) + state.course.over;

/** The step at which the clock ends. @param {State} state */
export const clockEnd = (state) => Math.max(lastPossibleStep(state), state.end === null ? 0 : state.course.last);

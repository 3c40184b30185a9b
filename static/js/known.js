/** @import { Branch } from "./branches.js" */
/** @import { Hand } from "./hand.js" */
/** @import { Course, Race } from "./race/types.js" */
/** @import { Companion, Editing, Options, Outcome, Problem, Rows, Run, Search, Spec, Status, Theory, Update } from "./types.js" */

/**
 * What the page knows, from which all that it shows is drawn.
 *
 * @typedef {{ connection: "connecting" | "open" | "lost", retryAt: number, run: Run | null, spec: Spec, rows: Rows,
 *   draft: Spec | null, cursor: number, status: Status, willPlay: boolean | null, outcome: Outcome | null, end: number | null, theory: Theory | null,
 *   stepsPerSecond: number, problems: Problem[], options: Options, hand: Hand,
 *   search: Search | null, companions: readonly Companion[], branches: readonly Branch[], race: Race, course: Course,
 *   beans: Editing, inspecting: boolean, told: Told | null, inside: Update | null, picked: number, way: Way | null }} State
 *   spec: the run's, with the changes made so far; draft: a spec asked for and not yet there; cursor: the index of the
 *   row shown; willPlay: what was asked for with play or pause, until the server has answered; end: the last step, once the run has ended there; problems: what the server refused of the last edit;
 *   companions: other runs drawn beside it; branches: what it has left behind, drawn too; race: which of the others race it,
 *   course: and what that makes of the timeline; inspecting: whether one looks inside the steps; told: what the server has
 *   told of one; inside: the update that is shown of these, in the panel and in the figures; picked: the row of its batch
 *   that is looked at, -1 for the mean of all; way: how far a long way to a step has come, of which nothing is shown until
 *   its end.
 * @typedef {{ asked: number, update: Update | null }} Told
 * @typedef {{ step: number, target: number }} Way
 */

import { NOT_EDITING } from "./data/editing.js";
import { EMPTY } from "./hand.js";
import { NO_COURSE, NO_RACE } from "./race/none.js";
import { createRows } from "./rows.js";

/** @param {Spec} spec @param {Options} options @returns {State} */
export const initialState = (spec, options) => ({
  connection: "connecting",
  retryAt: 0,
  run: null,
  spec,
  draft: null,
  rows: createRows([]),
  cursor: -1,
  status: "paused",
  willPlay: null,
  outcome: null,
  end: null,
  theory: null,
  stepsPerSecond: 0,
  problems: [],
  options,
  hand: EMPTY,
  search: null,
  companions: [],
  beans: NOT_EDITING,
  branches: [],
  race: NO_RACE,
  course: NO_COURSE,
  inspecting: false,
  told: null,
  inside: null,
  picked: -1,
  way: null,
});

/** The step of the row shown. @param {State} state */
export const shownStep = ({ rows, cursor }) => (cursor >= 0 ? rows.step[cursor] : 0);

/** The step at which the run ends. @param {State} state */
export const lastPossibleStep = ({ end, spec }) => end ?? spec.steps;

/** Whether it plays or is about to: what was asked for counts at once. @param {State} state */
export const isPlaying = ({ willPlay, status }) => willPlay ?? status === "playing";

/** @param {Status} status */
export const hasEnded = (status) => status === "finished" || status === "converged" || status === "diverged";

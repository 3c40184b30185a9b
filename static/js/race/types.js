/**
 * The shapes of a race.
 *
 * @import { Named, Outcome, Problem, Rows } from "../types.js"
 *
 * @typedef {{ optimizer: Named, batch: { size: number | "all", order: string } }} Settings
 *   What may be another in a lane; all else it shares with the run on the screen.
 * @typedef {Settings & { id: number, hue: number }} Lane
 *   hue: 2 … 8, which of the colours of lanes is its own; the run on the screen has the first.
 * @typedef {"steps" | "rows"} Clock
 * @typedef {{ lanes: readonly Lane[], clock: Clock, goal: number }} Race
 *   The lanes beside the run on the screen; goal: the loss above the least possible that counts as reached.
 *
 * @typedef {{ name: string, perStep: number, over: number, last: number, playing: boolean }} Course
 *   What a race makes of the timeline, in steps of the run on the screen: name: what that run is called in the race; perStep: the rows of
 *   data that a step of it sees where rows are the clock, else 0; over: how far the clock is beyond its end; last: where the
 *   last lane ends, 0 without lanes; playing: whether the clock goes on by itself there.
 *
 * @typedef {{ rows: Rows | null, every: number, outcome: Outcome | null, reached: number | null, problems: Problem[], lost: boolean }} Result
 *   What has become of a lane: its rows, every so-many-th of them; the steps to the goal; or what is wrong with it.
 */

export {};

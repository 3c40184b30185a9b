/**
 * The shapes that the modules of the page of sweeps hand to each other.
 *
 * @import { Entry, Param, Problem, Spec } from "../types.js"
 *
 * @typedef {{ from: number, to: number, count: number, scale: "log" | "linear" }} Range
 * @typedef {{ key: string, kind: "range", range: Range } | { key: string, kind: "list", values: (number | string)[] }} Varied
 *   One key of the run with what it takes on. A list may hold, while it is typed, what is no value of it.
 * @typedef {{ spec: Spec, vary: Varied[], goal: unknown }} Draft
 *   A sweep as it is set up; the first key is the one that pictures are drawn against.
 * @typedef {{ key: string, label: string, symbol: string, param: Param | null, entries: readonly Entry[] | null }} Variable
 *   What can be varied: a number, or one of some names.
 *
 * @typedef {{ base: Spec, vary: Record<string, Range | (number | string)[]>, goal: { excess_loss: number } | null }} Request
 * @typedef {{ runs: number, steps: number, seconds: number }} Cost
 * @typedef {"waiting" | "running" | "waiting-for-space" | "waiting-for-workers" | "finished" | "cancelled" | "failed"} Name
 * @typedef {{ id: string, state: Name, sentence: string, progress: number, seconds_left: number | null, runs: number,
 *   done_runs: number, ended: string | null }} Sweep
 * @typedef {Record<string, any[]>} Table
 *   A column for each name, a row for each run that is done.
 *
 * @typedef {{ key: string, column: string, label: string, values: (number | string)[], log: boolean,
 *   range: [number, number] | null, name: (value: number | string) => string }} Axis
 * @typedef {{ name: "excess_loss" | "loss" | "steps_to_goal", title: string, axis: string }} Quantity
 * @typedef {{ value: number | string, label: string, rows: Int32Array, limit: number | null }} Series
 *   The runs with one value of the second key, by the values of the first one; −1 where a run is not done yet.
 * @typedef {{ x: Axis, y: Axis | null, series: Series[], table: Table, serial: number }} Chart
 *
 * @typedef {{ draft: Draft, cost: Cost | null, problems: Problem[], sweep: Sweep | null, request: Request | null,
 *   table: Table | null, limits: Map<string, number | null>, theory: any, picture: "curves" | "map" | null, lost: boolean,
 *   gone: boolean, starting: boolean, serial: number }} State
 *   request and table are those of `sweep`; limits: the learning-rate limit by the value of the second key; picture: as
 *   chosen, null for what suits.
 */

export {};

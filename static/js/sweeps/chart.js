/** @import { Spec } from "../types.js" */
/** @import { Axis, Chart, Quantity, Request, Series, Table, Variable } from "./types.js" */

/** From the table of a sweep to what a picture shows: an axis, series of runs, and which run stands where. Pure. */

import { valueAt } from "../spec.js";

export const MOST_SERIES = 8;

/** The column of a varied key: its own name, but for the kind of loss, since `loss` is what came of it. @param {string} key */
export const columnOf = (key) => (key === "loss" ? "loss.name" : key);

/**
 * @param {Request} request
 * @param {Table} table
 * @param {readonly Variable[]} offered
 * @param {(values: Record<string, number | string>) => number | null} limit of the learning rate, for the values of a series
 * @param {string} all the word for a batch of all rows
 * @param {number} serial differs for every chart
 * @returns {Chart}
 */
export function toChart(request, table, offered, limit, all, serial) {
  const [xKey, ...others] = keysOf(request, table);
  const x = axisOf(xKey, request, table, offered, all);
  const axes = others.map((key) => axisOf(key, request, table, offered, all));
  /** @type {Map<string, Series & { given: Record<string, number | string> }>} */
  const found = new Map();
  const place = new Map(x.values.map((value, i) => [value, i]));
  const rows = table[x.column].length;
  for (let row = 0; row < rows; row += 1) {
    const values = axes.map(({ column }) => table[column][row]);
    const name = JSON.stringify(values);
    let series = found.get(name);
    if (!series) {
      const given = Object.fromEntries(others.map((key, i) => [key, values[i]]));
      const label = axes.map((axis, i) => axis.name(values[i])).join(", ");
      series = { value: values[0] ?? "", label, rows: new Int32Array(x.values.length).fill(-1), limit: limit(given), given };
      found.set(name, series);
    }
    series.rows[place.get(table[x.column][row]) ?? 0] = row;
  }
  const series = [...found.values()].sort((a, b) => order(a.value, b.value));
  return { x, y: axes.length === 1 ? axes[0] : null, series, table, serial };
}

/** The keys with the one to draw against first: the first of numbers, if there is one. @param {Request} request @param {Table} table */
export function keysOf(request, table) {
  const keys = Object.keys(request.vary);
  const numeric = (/** @type {string} */ key) => table[columnOf(key)].every((value) => typeof value === "number");
  const x = keys.find(numeric) ?? keys[0];
  return [x, ...keys.filter((key) => key !== x)];
}

/** @param {string} key @param {Request} request @param {Table} table @param {readonly Variable[]} offered @param {string} all @returns {Axis} */
function axisOf(key, request, table, offered, all) {
  const variable = offered.find((each) => each.key === key);
  const column = columnOf(key);
  const values = [...new Set(table[column])].sort(order);
  const given = request.vary[key];
  const numbers = values.every((value) => typeof value === "number" && value > 0);
  const log = numbers && (Array.isArray(given) ? values.length > 1 && values[values.length - 1] / values[0] >= 100 : given.scale === "log");
  const name = (/** @type {number | string} */ value) => variable?.entries?.find((each) => each.name === value)?.label ?? (value === "all" ? all : String(value));
  /** @type {[number, number] | null} */
  const range = Array.isArray(given) ? null : [Math.min(given.from, given.to), Math.max(given.from, given.to)];
  return { key, column, label: variable?.label ?? key, values, log, range, name };
}

/** Numbers by size, words after them in the order of the alphabet. @param {number | string} a @param {number | string} b */
function order(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === typeof b) return String(a) < String(b) ? -1 : Number(a !== b);
  return typeof a === "number" ? -1 : 1;
}

/** Whether a map says more than curves do. @param {Chart} chart */
export const suitsMap = ({ y, series }) => y !== null && series.length > MOST_SERIES;

/** What is shown of the runs: how far from the optimum, or the loss itself where no optimum is known. @param {Table} table @returns {Quantity[]} */
export function quantities(table) {
  const known = table.excess_loss?.some((value) => value !== null);
  /** @type {Quantity} */
  const loss = known
    ? { name: "excess_loss", title: "sweeps.excess", axis: "sweeps.axis.excess" }
    : { name: "loss", title: "sweeps.loss", axis: "sweeps.axis.loss" };
  return [loss, { name: "steps_to_goal", title: "sweeps.steps-to-goal", axis: "sweeps.axis.steps" }];
}

/** The rows that ended best: nearest to the optimum; of those that did equally well, the one that was there first. @param {Table} table @param {number} most */
export function bestRows(table, most) {
  const quantity = quantities(table)[0].name;
  const goal = table.steps_to_goal;
  const rows = table[quantity].map((_, row) => row).filter((row) => table[quantity][row] !== null && table.status[row] !== "diverged");
  const reached = rows.some((row) => goal[row] !== null);
  const rank = (/** @type {number} */ row) => (reached ? (goal[row] ?? Infinity) : table[quantity][row]);
  return rows.sort((a, b) => rank(a) - rank(b) || table[quantity][a] - table[quantity][b]).slice(0, most);
}

/**
 * The run of a row, as a spec.
 *
 * @param {Request} request
 * @param {Table} table
 * @param {number} row
 * @param {(spec: Spec, path: string, value: unknown) => Spec} edit
 */
export function specOf(request, table, row, edit) {
  const keys = Object.keys(request.vary);
  // Names first: they decide which numbers there are.
  const ordered = keys.sort((a, b) => Number(typeof valueAt(request.base, b) === "string") - Number(typeof valueAt(request.base, a) === "string"));
  return ordered.reduce((spec, key) => edit(spec, key, table[columnOf(key)][row]), request.base);
}

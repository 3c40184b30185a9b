/**
 * Axes, ticks and words of the pictures of a sweep.
 *
 * @import { Chart, Quantity } from "../sweeps/types.js"
 * @import { Context, Size } from "./chart.js"
 */

import { short } from "../numbers.js";

/** @param {Context} context @param {Size} size @param {string} title @param {Record<string, unknown>} more */
export function axis({ theme }, { text }, title, more) {
  return {
    title: { text: title, font: { color: theme.ink, size: text }, standoff: 6 },
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zeroline: false,
    fixedrange: true,
    automargin: false,
    ticks: "",
    ...more,
  };
}

/**
 * The least and the largest value > 0 to show of the runs that did not diverge. A few that nearly did would press all others
 * flat, so they may leave the picture.
 *
 * @param {Chart} chart
 * @param {Quantity} quantity
 * @returns {[number, number]}
 */
export function bounds({ table }, quantity) {
  const values = table[quantity.name].filter((value, row) => value !== null && value > 0 && table.status[row] !== "diverged");
  if (values.length === 0) return [0.1, 1];
  const sorted = Float64Array.from(values).sort();
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const high = Math.min(most, 100 * sorted[Math.floor(0.9 * sorted.length)]);
  return high > least ? [least, high] : [least / 2, 2 * least];
}

/** What a run is, for whoever points at it, in lines. @param {Chart} chart @param {number} row @param {Context} context */
export function words({ x, y, table }, row, { t }) {
  const { excess_loss: excess, loss, status, steps_to_goal: goal } = table;
  const lines = [x, y].filter((each) => each !== null).map(({ column, label, name }) => {
    const value = table[column][row];
    return `${label} ${typeof value === "number" ? short(value, 4) : name(value)}`;
  });
  if (status[row] === "diverged") return [...lines, t("sweeps.diverged")];
  const known = excess?.[row] !== null && excess?.[row] !== undefined;
  lines.push(known ? t("sweeps.best.row", { excess: short(excess[row], 3) }) : t("sweeps.best.loss", { loss: short(loss[row], 4) }));
  return goal[row] === null ? lines : [...lines, t("sweeps.best.goal", { steps: goal[row] })];
}

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
 * Ticks of a log axis: powers of ten, not too many; 2 and 5 times them where there are few.
 * @param {number} low
 * @param {number} high
 */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const stride = Math.max(Math.ceil(decades / 6), 1);
  const factors = decades < 1.5 ? [1, 2, 5] : [1];
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    if (power % stride === 0) values.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return values.filter((value) => value >= low && value <= high).map((value) => ({ value, text: tick(value) }));
}

/** 0.05 as it is, 10⁻⁵ as a power. @param {number} value */
export function tick(value) {
  const power = Math.log10(value);
  if (Math.abs(power) < 3.5 || !Number.isInteger(Number(power.toFixed(9)))) return short(value, 4);
  return "10" + String(Math.round(power)).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
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

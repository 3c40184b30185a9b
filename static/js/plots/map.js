/**
 * A quantity over two varied keys: a cell for each run, the deeper in the bowl the paler, runs that diverged in the colour of
 * warnings. Cells stand side by side whatever their values, so that a logarithmic range looks like one.
 *
 * @import { Axis, Chart, Quantity } from "../sweeps/types.js"
 * @import { Context, Drawing, Size } from "./chart.js"
 */

import { short } from "../numbers.js";
import { axis, bounds } from "./chartparts.js";
import { surfaceScale } from "./palette.js";
import { logTick, logTicks, tickAt, ticks } from "./scales.js";

const BAR = 0.8; // ems, the colour bar
const BAR_AIR = 10; // pixels on each of its sides

/**
 * @param {Chart} chart
 * @param {Quantity} quantity
 * @param {Context} context
 * @param {Size} size
 * @returns {Drawing}
 */
export function map(chart, quantity, context, size) {
  const { x, series, table } = chart;
  const y = /** @type {Axis} */ (chart.y);
  const values = table[quantity.name];
  const [low, high] = bounds(chart, quantity);
  const cells = (/** @type {(row: number) => number | null} */ of) => series.map(({ rows }) => Array.from(rows, (row) => (row < 0 ? null : of(row))));
  const heights = cells((row) => (values[row] === null || table.status[row] === "diverged" ? null : Math.log10(Math.max(values[row], low))));
  const lost = cells((row) => (table.status[row] === "diverged" ? 1 : null));
  const marks = logTicks([low / 1.0001, high * 1.0001]);
  const few = marks.length > 1 ? marks : [{ value: low, text: logTick(low) }, { value: high, text: logTick(high) }];
  const cellsOf = { type: "heatmap", hoverinfo: "none", xgap: 0, ygap: 0, zsmooth: false };
  return {
    traces: [
      {
        ...cellsOf,
        z: heights,
        zmin: Math.log10(low),
        zmax: Math.log10(high) || 1,
        colorscale: surfaceScale(context.theme),
        colorbar: {
          x: 1,
          xpad: BAR_AIR,
          thickness: BAR * size.text,
          outlinewidth: 0,
          tickvals: few.map(({ value }) => Math.log10(value)),
          ticktext: few.map(({ text }) => text),
          title: { text: context.t(quantity.axis), side: "right", font: { color: context.theme.ink, size: size.text } },
        },
      },
      {
        ...cellsOf,
        z: lost,
        zmin: 0,
        zmax: 1,
        showscale: false,
        colorscale: [[0, context.theme.warn], [1, context.theme.warn]],
      },
      limitLine(chart, context),
    ],
    layout: {
      // Plotly, left to make room for the bar by itself, forgets to when the picture has another size.
      margin: { l: 4.6 * size.text, r: roomOfBar(few, size), t: 1.2 * size.text, b: 3.4 * size.text, autoexpand: false },
      xaxis: axis(context, size, x.label, { ...cellTicks(x, 6), range: [-0.5, x.values.length - 0.5], showgrid: false }),
      yaxis: axis(context, size, y.label, { ...cellTicks(y, 6), range: [-0.5, series.length - 0.5], showgrid: false }),
    },
    rowOf: ({ x: column, y: line }) => series[Math.round(line)]?.rows[Math.round(column)] ?? -1,
  };
}

/** What the colour bar takes with its ticks and its title, in pixels. @param {{ text: string }[]} marks @param {Size} size */
function roomOfBar(marks, { text }) {
  const longest = Math.max(...marks.map((mark) => mark.text.length));
  return (BAR + 0.64 * longest + 2) * text + 2 * BAR_AIR;
}

/** The limit of the rate for every value of the second key. @param {Chart} chart @param {Context} context */
function limitLine({ x, series }, { theme }) {
  const numbers = /** @type {number[]} */ (x.values);
  return {
    type: "scatter",
    mode: "lines",
    // Upright in every row, with nothing between the rows.
    x: series.flatMap(({ limit }) => {
      const inside = limit !== null && limit >= numbers[0] && limit <= numbers[numbers.length - 1];
      return inside ? [cellOf(limit, x), cellOf(limit, x), null] : [null, null, null];
    }),
    y: series.flatMap((_, i) => [i - 0.5, i + 0.5, null]),
    line: { color: theme.ink, width: 2 },
    hoverinfo: "skip",
  };
}

/** Where a value stands among the cells, between two of them if need be. @param {number} value @param {Axis} axis */
function cellOf(value, { values, log }) {
  const numbers = /** @type {number[]} */ (values);
  const after = Math.max(numbers.findIndex((each) => each >= value), 1);
  const [a, b, at] = [numbers[after - 1], numbers[after], value].map((each) => (log ? Math.log(each) : each));
  return after - 1 + (at - a) / (b - a);
}

/** @param {Axis} axis @param {number} most */
function cellTicks(axis, most) {
  const { values, log, name } = axis;
  const numbers = values.every((value) => typeof value === "number");
  if (!numbers || values.length <= most) {
    const every = Math.ceil(values.length / 12);
    return tickAt(values.map((value, i) => ({ value: i, text: name(value) })).filter(({ value }) => value % every === 0));
  }
  const [low, high] = [Number(values[0]), Number(values[values.length - 1])];
  const marks = log ? logTicks([low, high]) : ticks([low, high], most).map((value) => ({ value, text: short(value, 4) }));
  return tickAt(marks.map(({ value, text }) => ({ value: cellOf(value, axis), text })));
}

/**
 * A quantity of the runs of a sweep against what was varied, one curve for each value of the second key; where runs diverged or
 * did not reach the goal there are marks along the upper edge, and a line where theory says that the rate becomes too large.
 *
 * @import { Chart, Quantity, Series } from "../sweeps/types.js"
 * @import { Context, Drawing, Size } from "./chart.js"
 */

import { short } from "../numbers.js";
import { axis, bounds } from "./chartparts.js";
import { mix } from "./palette.js";
import { extent, logTicks, tickAt } from "./scales.js";

const MOST_POINTS = 1500;
const MOST_MARKED = 120;

/**
 * @param {Chart} chart
 * @param {Quantity} quantity
 * @param {Context} context
 * @param {Size} size
 * @returns {Drawing}
 */
export function curves(chart, quantity, context, size) {
  const { x, series, table } = chart;
  const values = table[quantity.name];
  const [low, high] = bounds(chart, quantity);
  const floor = low / 2;
  // Room above the curves for a row of marks for each series.
  const marksNeeded = table.status.some((status, row) => status === "diverged" || values[row] === null);
  const room = marksNeeded ? Math.min(0.05 * series.length + 0.05, 0.35) : 0.05;
  const top = high * (high / floor) ** (room / (1 - room));
  const rowHeight = (/** @type {number} */ i) => top * (floor / top) ** (room * (i + 0.6) / (series.length + 0.6));
  const stride = Math.ceil(x.values.length / MOST_POINTS);
  const numeric = x.values.every((value) => typeof value === "number");
  const colours = series.map((_, i) => colour(i, series, context.theme));
  const lines = series.map((each, i) => {
    const shown = each.rows.filter((row, at) => row >= 0 && at % stride === 0);
    return {
      type: "scatter",
      mode: shown.length > MOST_MARKED ? "lines" : "lines+markers",
      x: [...shown].map((row) => place(table[x.column][row])),
      y: [...shown].map((row) => (values[row] === null || table.status[row] === "diverged" ? null : Math.max(values[row], floor))),
      customdata: [...shown],
      hoverinfo: "none",
      connectgaps: false,
      line: { color: colours[i], width: 2 },
      marker: { color: colours[i], size: 5, symbol: SYMBOLS[i % SYMBOLS.length] },
    };
  });
  const ticks = logTicks([floor, top]);
  const xs = /** @type {number[]} */ (numeric ? x.values : x.values.map((_, i) => i));
  const [left, right] = x.range ?? extent(xs);
  const air = x.log ? (right / left) ** 0.03 : (right - left || 1) * 0.03;
  const xTicks = x.log ? logTicks([left / air, right * air]) : null;
  return {
    traces: [...lines, ...failed(chart, quantity, colours, rowHeight, stride, place)],
    layout: {
      xaxis: axis(context, size, x.label, {
        type: x.log ? "log" : "linear",
        range: x.log ? [left / air, right * air].map(Math.log10) : [left - air, right + air],
        ...(xTicks && tickAt(xTicks)),
        ...(!numeric && tickAt(x.values.map((value, i) => ({ value: i, text: x.name(value) })))),
      }),
      yaxis: axis(context, size, context.t(quantity.axis), {
        type: "log",
        range: [Math.log10(floor), Math.log10(top)],
        ...tickAt(ticks),
      }),
      ...limits(series, colours, x, [left, right], marksNeeded ? room * (size.height - 5 * size.text) : 0, context, size),
    },
    rowOf: ({ customdata }) => (typeof customdata === "number" ? customdata : -1),
  };

  /** @param {number | string} value */
  function place(value) {
    return numeric ? value : x.values.indexOf(value);
  }
}

export const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "triangle-down", "star", "hexagon", "pentagon"];
const NAMED = ["line", "bean", "optimum", "surface-3", "ink", "muted", "path", "surface-2"];

/** Numbers shade from one colour into another, names have colours of their own. @param {number} i @param {readonly Series[]} series @param {Record<string, string>} theme */
export function colour(i, series, theme) {
  const ordered = series.length > 3 && series.every(({ value }) => typeof value === "number" || value === "all");
  return ordered ? mix(theme.line, theme.optimum, 1 - i / (series.length - 1)) : theme[NAMED[i % NAMED.length]];
}

/**
 * Runs that have no point, diverged or short of the goal: a row of marks for each series along the upper edge.
 *
 * @param {Chart} chart
 * @param {Quantity} quantity
 * @param {string[]} colours
 * @param {(row: number) => number} heightOf a series' row of marks
 * @param {number} stride
 * @param {(value: number | string) => number | string} place
 */
function failed({ x, series, table }, quantity, colours, heightOf, stride, place) {
  return series.flatMap(({ rows }, i) => {
    const missing = rows.filter((row, at) => row >= 0 && at % stride === 0 && (isLost(row) || table[quantity.name][row] === null));
    return MARKS.map(({ symbol, of }) => {
      const found = [...missing.filter((row) => of(isLost(row)))];
      return {
        type: "scatter",
        mode: "markers",
        x: found.map((row) => place(table[x.column][row])),
        y: found.map(() => heightOf(i)),
        customdata: found,
        hoverinfo: "none",
        cliponaxis: false,
        marker: { symbol, color: colours[i], size: 5, line: { color: colours[i], width: 1.2 } },
      };
    });
  });

  /** @param {number} row */
  function isLost(row) {
    return table.status[row] === "diverged";
  }
}

const MARKS = [
  { symbol: "x-thin", of: (/** @type {boolean} */ lost) => lost },
  { symbol: "circle-open", of: (/** @type {boolean} */ lost) => !lost },
];

/**
 * @param {readonly Series[]} series
 * @param {string[]} colours
 * @param {Chart["x"]} x
 * @param {[number, number]} range
 * @param {number} room  above the labels, in pixels
 * @param {Context} context
 * @param {Size} size
 */
function limits(series, colours, x, [left, right], room, { theme, t }, { text }) {
  const shapes = [];
  const annotations = [];
  /** @type {Set<number>} */
  const seen = new Set();
  for (const [i, { limit }] of series.entries()) {
    if (limit === null || limit < left || limit > right || seen.has(limit)) continue;
    seen.add(limit);
    const color = series.length > 1 ? colours[i] : theme.warn;
    shapes.push({ type: "line", xref: "x", yref: "paper", x0: limit, x1: limit, y0: 0, y1: 1, line: { color, width: 1.5, dash: "dash" } });
    // Where there are several, the legend names them.
    if (series.length === 1) annotations.push({
      x: x.log ? Math.log10(limit) : limit,
      y: 1,
      xref: "x",
      yref: "paper",
      yanchor: "top",
      yshift: -room, // below the marks of the runs that failed
      text: t("sweeps.limit", { rate: short(limit, 3) }),
      showarrow: false,
      xanchor: "right",
      xshift: -4,
      font: { color, size: 0.95 * text },
    });
  }
  return { shapes, annotations };
}

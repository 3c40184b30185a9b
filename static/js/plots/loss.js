/**
 * The loss over the steps: the steps up to the one shown in full colour, those held beyond it pale; the lowest possible loss as
 * a thin line. The axes grow in strides, so that a layout is rare. Instead of the loss, its excess over the lowest possible one;
 * with smoothing, the smoothed curve in full colour before the pale one.
 *
 * @import {Companion, Rows, Run, Theory, View} from "../types.js"
 * @import {Context, Range} from "./types.js"
 */

import { count, short, significant } from "../numbers.js";
import { captionsOf } from "./captions.js";
import { createCompanionCurves, lossesOf, reachOf } from "./companioncurves.js";
import { createEnvelope } from "./envelope.js";
import { axis, createPlot } from "./figure.js";
import { ball, label, widthAtMost } from "./overlay.js";
import { fade } from "./palette.js";
import { cartesian } from "./pens.js";
import { createReader } from "./reader.js";
import { extent, logTicks, roundUp, ticks } from "./scales.js";
import { createSmoothing } from "./smoothing.js";

const AHEAD = 1; // traces, after the lowest loss
const DONE = 2;
const SMOOTH = 3;
const FIRST_SPAN = 50; // steps
const RIGHT = 1.5; // ems, at the right of the axes, at least
const RIM = 7; // pixels around the value: the curve may be all over the place
const BESIDE = 12; // pixels from the ball to its value
const GAP = 6; // pixels from the axis to the words at the lowest loss
const TICK_ROOM = 4.5; // ems of the step axis, for each of its ticks
const MOST_RISE = 20; // times the first loss: that far the axis follows runs that are only beside

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const curves = createCompanionCurves(figure);
    const mark = ball(figure.overlay);
    const value = label(figure.overlay, "value", RIM);
    const lowest = label(figure.overlay, "lowest");
    const done = createEnvelope("loss");
    const ahead = createEnvelope("loss");
    const smooth = createEnvelope("loss");
    const smoothing = createSmoothing("loss");
    const reader = createReader(figure);
    let smoothed = NaN; // by this factor
    let base = 0; // the loss that is drawn as 0
    /** @type {Rows} */
    let shown;
    const raw = { name: "", of: (/** @type {number} */ row) => shown.columns.loss[row] - base };
    const smoothly = { name: "", of: (/** @type {number} */ row) => smoothing.series.columns.loss[row] - base };
    const [plain, both] = [[raw], [raw, smoothly]];
    /** @type {import("./pens.js").Cartesian} */
    let pens;
    /** @type {import("./pens.js").Pen[]} */
    let lines = [];
    /** @type {import("./captions.js").Captions} */
    let captions;
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    /** Where the words at the lowest loss end, and between which heights they are; nowhere while they are hidden. */
    let words = { right: -Infinity, top: 0, bottom: 0 };
    /** Of the value. */
    let [letters, wide] = [0, 0];
    /** Where it stands. @type {import("./reader.js").Box} */
    let box = [NaN, NaN, NaN];
    /** Up to where the losses of other runs are held. @type {Parameters<typeof lossesOf>[1]} */
    const beside = new Map();
    const held = { serial: NaN, scale: "", base: NaN, version: NaN, rows: 0 }; // what the axes hold
    let drawn = { version: NaN, cursor: -1, beyond: false };
    let span = FIRST_SPAN;
    /** @type {Range} */
    let range = [1, 1];

    return {
      identity(view) {
        const { run, rows, options, companions, perStep } = view;
        base = isExcess(view) ? /** @type {Theory} */ (run?.theory).optimum_loss : 0;
        fit(/** @type {Run} */ (run), rows, options.lossScale, companions ?? []);
        return [run?.serial, options.lossScale, span, ...range, calledOf(view), view.name, perStep, base, (options.smoothing ?? 0) > 0];
      },

      build(view) {
        const { run, options, perStep } = view;
        const { theme, t } = figure.context;
        const log = options.lossScale === "log";
        margin = { l: 4.6 * figure.text, r: 0, t: 12, b: 3.2 * figure.text };
        captions = captionsOf(view, figure, figure.height - margin.t - margin.b);
        margin.r = Math.max(RIGHT * figure.text, captions.room);
        const least = isExcess(view) ? undefined : run?.theory?.optimum_loss;
        const pale = (options.smoothing ?? 0) > 0;
        figure.draw(
          [
            trace(least === undefined ? [] : [0, span], [least, least], theme.optimum, 1, "dot"),
            trace([0, 0], range, fade(theme.line, pale ? 0.2 : 0.35), 1.5),
            trace([0, 0], range, fade(theme.line, pale ? 0.4 : 1), pale ? 1.5 : 2),
            trace([0, 0], range, theme.line, 2),
          ],
          {
            margin,
            xaxis: axis(figure, t(perStep ? "plot.axis.rows" : "plot.axis.step"), {
              range: [0, span],
              ...countTicks(span, perStep || 1, (figure.width - margin.l - margin.r) / (TICK_ROOM * figure.text)),
            }),
            yaxis: axis(figure, t(isExcess(view) ? "plot.axis.excess" : "plot.axis.loss"), {
              type: options.lossScale,
              range: log ? range.map(Math.log10) : range,
              ...(log && logAxis(range)),
            }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.loss.description"));
      },

      attach(view) {
        const { run, name } = view;
        const { theme, t } = figure.context;
        pens = cartesian(figure.gd, figure.context.direct, [AHEAD, DONE, SMOOTH]);
        figure.element.dataset.drawing = pens.direct ? "direct" : "public";
        lines = [AHEAD, DONE, SMOOTH].map((trace) => pens.line(trace));
        lines[0]([], [], 0);
        lines[2]([], [], 0);
        drawn = { version: NaN, cursor: -1, beyond: false };
        const [width, height] = [figure.width - margin.l - margin.r, figure.height - margin.t - margin.b];
        const above = base;
        const y0 = pens.y;
        curves.attach({ pens: { ...pens, y: (loss) => y0(loss - above) }, span, left: margin.l, top: margin.t, width, height, captions });
        raw.name = t(isExcess(view) ? "plot.axis.excess" : "plot.axis.loss");
        smoothly.name = t("plot.read.smoothed");
        reader.attach({ pens, span, left: margin.l, top: margin.t, width, height });
        mark.style(theme);
        letters = 0;
        value.style(theme.ink, theme.panel, figure.text);
        lowest.style(theme.optimum, theme.panel, 0.95 * figure.text);
        const least = isExcess(view) ? undefined : run?.theory?.optimum_loss;
        const y = least === undefined ? NaN : pens.y(least);
        const seen = !name && y >= 0 && y <= figure.height - margin.t - margin.b;
        lowest.show(seen);
        words = { right: -Infinity, top: 0, bottom: 0 };
        if (seen) sayLowest(t("plot.lowest", { loss: significant(/** @type {number} */ (least), 4) }), y);
      },

      frame(view) {
        const { rows, cursor, options } = view;
        const factor = options.smoothing ?? 0;
        const columns = Math.max(Math.round(figure.width - margin.l - margin.r), 50);
        const changed = rows.version !== drawn.version;
        const back = changed || cursor < drawn.cursor;
        if (changed) ahead.restart(span, columns, base);
        if (back) done.restart(span, columns, base);
        const beyond = cursor < rows.length - 1;
        if (beyond) ahead.extend(rows, rows.length - 1);
        if (beyond) lines[0](ahead.x, ahead.y, ahead.count, changed || !drawn.beyond ? 0 : ahead.settled);
        else if (drawn.beyond) lines[0]([], [], 0);
        done.extend(rows, cursor);
        lines[1](done.x, done.y, done.count, back ? 0 : done.settled);
        drawSmooth(rows, cursor, factor, columns, back);
        drawn = { version: rows.version, cursor, beyond };
        pens.commit();
        const at = point(rows.step[cursor], rows.columns.loss[cursor] - base);
        value.show(!view.name);
        curves.frame(view, at);
        shown = rows;
        reader.frame(rows, cursor, box, factor > 0 ? both : plain, factor);
      },
    };

    /** @param {Rows} rows @param {number} cursor @param {number} factor @param {number} columns @param {boolean} back */
    function drawSmooth(rows, cursor, factor, columns, back) {
      if (factor === 0) return;
      const anew = factor !== smoothed || rows.version !== drawn.version;
      if (anew) smoothing.restart(factor);
      smoothed = factor;
      smoothing.extend(rows, rows.length - 1);
      if (anew || back) smooth.restart(span, columns, base);
      smooth.extend(smoothing.series, cursor);
      lines[2](smooth.x, smooth.y, smooth.count, anew || back ? 0 : smooth.settled);
    }

    /** @param {string} said @param {number} y  of the line, from the top of the axes */
    function sayLowest(said, y) {
      const { text } = figure;
      lowest.keepWithin(figure.width - margin.l - 2 * GAP);
      lowest.write(said);
      // Below the line: the curve comes down to it from above.
      const room = figure.height - margin.t - margin.b - y;
      const base = margin.t + y + (room > 1.2 * text ? Math.min(1.2 * text, room - 0.15 * text) : -0.5 * text);
      lowest.move(margin.l + GAP, base);
      words = { right: margin.l + GAP + widthAtMost(said, 0.95 * text), top: base - 0.9 * text, bottom: base + 0.25 * text };
    }

    /** @param {number} step @param {number} loss @returns {import("./types.js").Point} */
    function point(step, loss) {
      const height = figure.height - margin.t - margin.b;
      const x = margin.l + pens.x(step);
      const at = pens.y(loss);
      const y = margin.t + (Number.isFinite(at) ? Math.min(at, height) : height);
      mark.move(x, y);
      sayValue(significant(loss, 4), x, y);
      return [x, y];
    }

    /** Beside the ball; where the figure ends there, above it, and at the top before it. @param {string} said @param {number} x @param {number} y  of the ball */
    function sayValue(said, x, y) {
      const { text, width } = figure;
      if (said.length !== letters) [letters, wide] = [said.length, widthAtMost(said, text)];
      const most = width - GAP - wide;
      const [left, base] =
        x + BESIDE <= most ? [x + BESIDE, y - 0.3 * text]
        : y > 2.2 * text ? [most, y - 0.9 * text]
        : [Math.min(most, x - BESIDE - wide), y + 0.3 * text];
      value.write(said);
      box = [left, left + wide, clear(left, Math.max(base, text))]; // whole, at the top too
      value.move(left, box[2]);
    }

    /** The base line of the value: above the words at the lowest loss where it would lie on them. @param {number} left @param {number} base */
    function clear(left, base) {
      const { text } = figure;
      const apart = left > words.right || base + 0.3 * text < words.top || base - 0.9 * text > words.bottom;
      return apart ? base : words.top - 0.3 * text;
    }

    /**
     * Let the axes hold all rows: the steps up to 1, 2 or 5 times a power of ten, the losses in strides too. Within a run they
     * only grow, so that going back and forth changes nothing.
     * @param {Run} run
     * @param {Rows} rows
     * @param {"log" | "linear"} scale
     * @param {readonly Companion[]} companions
     */
    function fit(run, rows, scale, companions) {
      const anew = run.serial !== held.serial || scale !== held.scale || base !== held.base || rows.length < Math.min(held.rows, 2);
      if (anew) {
        Object.assign(held, { serial: run.serial, scale, base, version: NaN });
        span = Math.min(FIRST_SPAN, run.spec.steps);
        range = [Infinity, 0];
        beside.clear();
      }
      const last = Math.max(rows.step[rows.length - 1], reachOf(companions));
      if (last > span) span = Math.min(roundUp(last), Math.max(run.spec.steps, last));
      const from = rows.version === held.version ? held.rows : 0;
      Object.assign(held, { rows: rows.length, version: rows.version });
      const [least0, most0] = lossesOf(companions, beside);
      if (most0 > 0) range = widened(range, [least0 - base, Math.min(most0, MOST_RISE * rows.columns.loss[0]) - base], scale);
      if (from >= rows.length) return;
      const losses = rows.columns.loss.subarray(from, rows.length);
      // What would be a 0 on a log axis has no place there, but the others have.
      const placed = scale === "log" ? losses.filter((loss) => loss > base) : losses;
      const [low, high] = extent(placed.length > 0 ? placed : losses).map((loss) => loss - base);
      if (base) range = widened(range, [low, high], scale);
      if (base) return;
      // The lowest possible loss is shown from the start, unless it is so low that the axis would show little else.
      const least = run.theory?.optimum_loss ?? low;
      range = widened(range, [least > 1e-4 * low ? Math.min(least, low) : low, high], scale);
    }
  });
}

/** Whether the loss is drawn above the lowest possible one: only where that is known. @param {View} view */
const isExcess = ({ run, options }) => options.excess === true && run?.theory !== null && run?.theory !== undefined;

/**
 * @param {number[]} x
 * @param {any[]} y
 * @param {string} color
 * @param {number} width
 * @param {string} [dash]
 */
const trace = (x, y, color, width, dash = "solid") => ({
  mode: "lines",
  x,
  y,
  line: { color, width, dash },
  hoverinfo: "skip",
});

/** What a layout depends on of the names. @param {View} view */
const calledOf = ({ companions = [] }) => companions.map(({ label, hue }) => `${hue} ${label}`).join("\n");

/**
 * Ticks at round numbers of steps, or of the rows of data that each of them sees; long ones in thousands or millions.
 * @param {number} span  in steps
 * @param {number} each
 * @param {number} room  for so many
 */
function countTicks(span, each, room) {
  const values = ticks([0, span * each], Math.min(Math.max(Math.floor(room), 2), 4)).filter(Number.isInteger);
  const last = values[values.length - 1];
  const [unit, sign] = last >= 1e6 ? [1e6, "M"] : last >= 1e4 ? [1e3, "k"] : [1, ""];
  const text = (/** @type {number} */ value) => (value === 0 || unit === 1 ? count(value) : short(value / unit, 4) + sign);
  return { tickmode: "array", tickvals: values.map((value) => value / each), ticktext: values.map(text) };
}

/**
 * A range that holds losses with some air; where it must grow, it grows by enough to last.
 * @param {Range} range
 * @param {Range} losses
 * @param {"log" | "linear"} scale
 * @returns {Range}
 */
export function widened([low, high], [least, most], scale) {
  if (scale === "linear") {
    if (most <= high && low < high) return [low, high];
    const upper = (high > 0 ? Math.max(2 * high, 1.1 * most) : 1.08 * most) || 1;
    return [-0.1 * upper, upper];
  }
  const first = !(low < Infinity);
  // What cannot be shown on a log axis, a loss of zero, counts as far below the rest.
  const bottom = least > 0 ? least : Math.min(low, Math.max(most, 1e-300)) / 1e4;
  const lower = first ? bottom / 2.2 : bottom >= low || !(least > 0) ? low : Math.min(low / 10, bottom / 2.2);
  const upper = first ? most * 1.6 : most <= high ? high : Math.max(high * 10, most * 1.6);
  return lower < upper ? [lower, upper] : [lower, lower * 10];
}

/** @param {Range} range */
function logAxis(range) {
  const marks = logTicks(range);
  return { tickmode: "array", tickvals: marks.map(({ value }) => value), ticktext: marks.map(({ text }) => text) };
}

/**
 * The loss over the steps: the steps up to the one shown in full colour, those held beyond it pale; the lowest possible loss as
 * a thin line. The axes grow in strides, so that a layout is rare. Instead of the loss, its excess over the lowest possible one;
 * with smoothing, the smoothed curve in full colour before the pale one.
 *
 * @import {Rows, Run, Theory, View} from "../types.js"
 * @import {Context} from "./types.js"
 */

import { axis } from "./axis.js";
import { captionsOf } from "./captions.js";
import { createCompanionCurves } from "./companioncurves.js";
import { NONE } from "./crew.js";
import { createEnvelope } from "./envelope.js";
import { createPlot } from "./figure.js";
import { countTicks, createLossAxes } from "./lossaxes.js";
import { createLossWords } from "./losswords.js";
import { ball } from "./overlay.js";
import { fade } from "./palette.js";
import { cartesian } from "./pens.js";
import { createReader } from "./reader.js";
import { logTicks, tickAt } from "./scales.js";
import { createSmoothing } from "./smoothing.js";

const AHEAD = 1; // traces, after the lowest loss
const DONE = 2;
const SMOOTH = 3;
const RIGHT = 1.5; // ems, at the right of the axes, at least
const TICK_ROOM = 4.5; // ems of the step axis, for each of its ticks

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const curves = createCompanionCurves(figure);
    const mark = ball(figure.overlay);
    const words = createLossWords(figure);
    const axes = createLossAxes();
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
    let title = ""; // of the axis of steps
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    let drawn = { version: NaN, cursor: -1, beyond: false };

    return {
      identity(view) {
        const { run, rows, options, companions, perStep } = view;
        base = isExcess(view) ? /** @type {Theory} */ (run?.theory).optimum_loss : 0;
        axes.hold(/** @type {Run} */ (run), rows, options.lossScale, base, companions ?? []);
        return [run?.serial, options.lossScale, axes.span(), ...axes.range(), calledOf(view), view.name, perStep, base, (options.smoothing ?? 0) > 0];
      },

      build(view) {
        const { run, options, perStep } = view;
        const { theme, t } = figure.context;
        const log = options.lossScale === "log";
        const [span, range] = [axes.span(), axes.range()];
        margin = { l: 4.6 * figure.text, r: 0, t: 12, b: 3.2 * figure.text };
        captions = captionsOf(view, figure, figure.height - margin.t - margin.b);
        margin.r = Math.max(RIGHT * figure.text, captions.room);
        title = t(perStep ? "plot.axis.rows" : "plot.axis.step");
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
            xaxis: axis(figure, title, {
              range: [0, span],
              ...countTicks(span, perStep || 1, (figure.width - margin.l - margin.r) / (TICK_ROOM * figure.text)),
            }),
            yaxis: axis(figure, t(isExcess(view) ? "plot.axis.excess" : "plot.axis.loss"), {
              type: options.lossScale,
              range: log ? range.map(Math.log10) : range,
              ...(log && tickAt(logTicks(range))),
            }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.loss.description"));
      },

      attach(view) {
        const { run, companions = NONE } = view;
        const { theme, t } = figure.context;
        pens = cartesian(figure.gd, figure.context.direct, [AHEAD, DONE, SMOOTH]);
        figure.element.dataset.drawing = pens.direct ? "direct" : "public";
        lines = [AHEAD, DONE, SMOOTH].map((trace) => pens.line(trace));
        lines[0]([], [], 0);
        lines[2]([], [], 0);
        drawn = { version: NaN, cursor: -1, beyond: false };
        const [span, width, height] = [axes.span(), figure.width - margin.l - margin.r, heightOf()];
        const above = base;
        const y0 = pens.y;
        raw.name = t(isExcess(view) ? "plot.axis.excess" : "plot.axis.loss");
        smoothly.name = t("plot.read.smoothed");
        reader.attach({ pens, span, left: margin.l, top: margin.t, width, height });
        mark.style(theme);
        words.attach();
        const least = isExcess(view) ? undefined : run?.theory?.optimum_loss;
        const y = least === undefined ? NaN : pens.y(least);
        // Beside one other run, whose names stand above it then; more of them take its place.
        const said = least !== undefined && companions.length <= 1 && y >= 0 && y <= height;
        const foot = said ? words.sayLowest(least, margin.l, margin.t + y, height - y) : margin.t + height;
        const area = { span, left: margin.l, top: margin.t, width, height, foot, captions };
        curves.attach({ pens: { ...pens, y: (loss) => y0(loss - above) }, ...area });
      },

      frame(view) {
        const { rows, cursor, options } = view;
        const factor = options.smoothing ?? 0;
        const columns = Math.max(Math.round(figure.width - margin.l - margin.r), 50);
        const span = axes.span();
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
        const loss = rows.columns.loss[cursor] - base;
        const at = place(rows.step[cursor], loss);
        mark.move(...at);
        const box = view.name ? words.leaveValue() : words.sayValue(loss, ...at);
        words.sayEvery(rows.every, title, (margin.l + figure.width - margin.r) / 2);
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
      if (anew || back) smooth.restart(axes.span(), columns, base);
      smooth.extend(smoothing.series, cursor);
      lines[2](smooth.x, smooth.y, smooth.count, anew || back ? 0 : smooth.settled);
    }

    /** The pixels of a point; what is too low for the axes stands at their foot. @param {number} step @param {number} loss @returns {import("./types.js").Point} */
    function place(step, loss) {
      const height = heightOf();
      const at = pens.y(loss);
      return [margin.l + pens.x(step), margin.t + (Number.isFinite(at) ? Math.min(at, height) : height)];
    }

    /** Of the axes, in pixels. */
    function heightOf() {
      return figure.height - margin.t - margin.b;
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

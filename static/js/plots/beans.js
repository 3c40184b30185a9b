/**
 * The beans: size across, toxicity up, and the line that the run has learnt so far.
 *
 * @import {Data, Run} from "../types.js"
 * @import {Context, Point, Range, Window} from "./types.js"
 */

import { count, fixed, significant } from "../numbers.js";
import { axis, roomBeside, ticksAcross } from "./axis.js";
import { createCompanionLines } from "./companionlines.js";
import { createBeanHands } from "./beanhands.js";
import { createCrowd } from "./crowd.js";
import { createPlot } from "./figure.js";
import { createLit } from "./lit.js";
import { createLineHands } from "./linehands.js";
import { label } from "./overlay.js";
import { cartesian } from "./pens.js";
import { clip } from "./trail.js";
import { extent, padded } from "./scales.js";
import { named } from "./words.js";

export const MOST_BEANS = 5000;
const FEW = 12; // beans of which none may lie hidden
const CROWD = 1000; // beans that are more than this are painted as one
const SMALL = 1e-3; // a slope or an offset of which four decimals say nearly nothing
const SQUEEZED = 4; // times as wide as the beans: then a picture leaves out zero
const LINE = 1; // trace, after the beans
const EDGE = 8; // pixels between the equation and the edges

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const lit = createLit(figure.overlay);
    const equation = label(figure.overlay, "equation");
    const note = label(figure.overlay, "note");
    const others = createCompanionLines(figure);
    const hands = createLineHands(figure);
    const beanHands = createBeanHands(figure);
    const crowd = createCrowd(figure);
    /** @type {import("./pens.js").Cartesian} */
    let pens;
    /** @type {import("./pens.js").Pen} */
    let line;
    /** @type {Window} */
    let window;
    /** The beans that are drawn. @type {readonly number[]} */
    let drawn = [];
    /** Those of them that stand still. @type {readonly number[]} */
    let shown = [];
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    /**
     * For a short and a long equation: the size from which on it stands there, and the toxicity of the beans there.
     * @type {{from: number, beans: Range}[]}
     */
    let rooms = [];

    return {
      identity: ({ run, beans }) => [run?.data, beans?.at && beans.selected, beans?.names],

      build({ run, beans }) {
        const { data } = /** @type {Run} */ (run);
        const { theme, t } = figure.context;
        // Under a bean that is held the picture stays where it is.
        if (!beans?.at || !window) window = visible(data);
        drawn = thinned(data, MOST_BEANS);
        shown = beans?.at ? drawn.filter((i) => i !== beans.selected) : drawn;
        figure.element.toggleAttribute("data-few", drawn.length <= FEW);
        const names = beans?.names ?? [named(t, data.names.x[0]), named(t, data.names.y)];
        margin = { l: roomBeside(figure.text, window.y, 3.6), r: 10, t: 10, b: 3.2 * figure.text };
        figure.draw(
          [
            { mode: "markers", ...columns(data, shown.length > CROWD ? [] : shown), marker: look(shown.length, theme), hoverinfo: "skip" },
            { mode: "lines", x: window.x, y: window.y, line: { color: theme.line, width: 3 }, hoverinfo: "skip" },
          ],
          {
            margin,
            xaxis: axis(figure, names[0], { range: window.x, nticks: ticksAcross(figure.text, window.x, figure.width - margin.l - margin.r) }),
            yaxis: axis(figure, names[1], { range: window.y }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.beans.description", { count: count(data.y.length) }));
      },

      attach({ run }) {
        const { theme, t } = figure.context;
        const { data } = /** @type {Run} */ (run);
        const { x, y } = data;
        const perEm = (figure.text * (window.x[1] - window.x[0])) / (figure.width - margin.l - margin.r);
        rooms = [14, 22].map((ems) => {
          const from = window.x[1] - ems * perEm;
          return { from, beans: extent(y.filter((_, i) => x[i][0] >= from)) };
        });
        pens = cartesian(figure.gd, figure.context.direct, [LINE]);
        figure.element.dataset.drawing = pens.direct ? "direct" : "public";
        line = pens.line(LINE);
        const place = (/** @type {number} */ px, /** @type {number} */ py) => /** @type {Point} */ ([margin.l + pens.x(px), margin.t + pens.y(py)]);
        hands.attach(window, extent(x.map(([first]) => first)), place);
        beanHands.attach(window, place, drawn);
        if (shown.length > CROWD) crowd.paint(data, shown, place, look(shown.length, theme));
        else crowd.clear();
        others.attach(window, place);
        lit.style(theme, figure.text, figure.width);
        equation.style(theme.line, theme.panel, 1.1 * figure.text, "end");
        equation.keepWithin(figure.width - margin.l - margin.r - EDGE);
        note.style(theme.muted, theme.panel, 0.9 * figure.text);
        note.move(margin.l + 8, margin.t + figure.text);
        note.write(t("plot.thinned", { shown: count(drawn.length), count: count(data.y.length) }));
        note.show(data.y.length > MOST_BEANS);
      },

      frame(view) {
        const { rows, cursor } = view;
        const w = rows.columns.w[cursor];
        const b = rows.columns.b?.[cursor] ?? 0;
        const [left, right] = window.x;
        // Drawn a little beyond the window, so that the ends of a steep line do not show.
        const frame = { x: window.x, y: padded(window.y, 1) };
        const part = clip(frame, left, w * left + b, right, w * right + b);
        line(part ? [part[0], part[2]] : [], part ? [part[1], part[3]] : [], part ? 2 : 0);
        pens.commit();
        others.frame(view);
        const text = equationOf(w, rows.columns.b && b);
        equation.write(text);
        const { from, beans } = rooms[text.length > 20 ? 1 : 0];
        const labelledAt = place([w * right + b, w * from + b], beans);
        const taken = { left: margin.l, from: figure.width - margin.r - 0.65 * text.length * figure.text, y: labelledAt };
        lit.draw(view, (x, y) => [margin.l + pens.x(x), margin.t + within(pens.y(y))], taken);
        hands.frame(view);
        beanHands.frame(view);
      },

      destroy: () => beanHands.destroy(),
    };

    /** @param {number} y  in pixels of the axes */
    function within(y) {
      return Math.min(Math.max(y, 0), figure.height - margin.t - margin.b);
    }

    /**
     * Beside the line's right end: at the first place that is clear of the line, of the beans and of the picture's edges.
     * @param {number[]} heights  of the line over the text's end and beginning
     * @param {Range} crowd  lowest and highest of the beans there
     */
    function place(heights, crowd) {
      const height = figure.height - margin.t - margin.b;
      const em = figure.text;
      const line = extent(heights.map((value) => Math.min(Math.max(pens.y(value), -em), height + em)));
      const beans = extent(crowd.map((value) => pens.y(value)));
      const clear = (/** @type {number} */ y, /** @type {Range} */ [top, bottom]) => y + 0.7 * em < top || y - 1.4 * em > bottom;
      const places = [line[1] + 1.7 * em, line[0] - 0.8 * em, beans[1] + 1.7 * em, beans[0] - 0.8 * em, height - 6];
      const free = places.find((y) => y > 1.2 * em && y < height - 4 && clear(y, line) && clear(y, beans));
      const at = margin.t + (free ?? height - 6);
      equation.move(figure.width - margin.r - EDGE, at);
      return at;
    }
  });
}

/** @param {Data} data @param {readonly number[]} rows */
const columns = ({ x, y }, rows) => ({ x: rows.map((i) => x[i][0]), y: rows.map((i) => y[i]) });

/**
 * How beans look: the more there are, the smaller and the paler.
 * @typedef {ReturnType<typeof look>} Look
 * @param {number} many
 * @param {import("./types.js").Theme} theme
 */
function look(many, theme) {
  const crowd = Math.min(Math.sqrt(100 / many), 1); // 1 for a hundred beans or fewer
  const few = many <= FEW ? 3 : 0;
  return { color: theme.bean, size: 4 + 4 * crowd + few, opacity: 0.35 + 0.5 * crowd, line: { color: theme.panel, width: crowd } };
}

/**
 * The rows to draw, `most` of them if there are more: evenly spaced, and those that reach furthest in any direction.
 * @param {Pick<Data, "x" | "y">} data
 * @param {number} most
 * @returns {number[]}
 */
export function thinned({ x, y }, most) {
  const n = y.length;
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const furthest = [...new Set([(/** @type {number} */ i) => x[i][0], (/** @type {number} */ i) => y[i]].flatMap((of) => {
    let [low, high] = [0, 0];
    for (let i = 1; i < n; i += 1) {
      if (of(i) < of(low)) low = i;
      if (of(i) > of(high)) high = i;
    }
    return [low, high];
  }))].sort((left, right) => left - right);
  const evenly = most - furthest.length;
  const others = Array.from({ length: evenly }, (_, i) => {
    const rank = Math.round((i * (n - furthest.length - 1)) / Math.max(evenly - 1, 1)); // among those that are not furthest
    return furthest.reduce((at, each) => (each <= at ? at + 1 : at), rank);
  });
  return [...furthest, ...others].sort((left, right) => left - right);
}

/**
 * What the picture shows: all beans, and both zeros, so that b can be read where the line meets the axis; but not a zero so far
 * away that the beans would be squeezed into a corner.
 * @param {Data} data
 * @returns {Window}
 */
function visible({ x, y }) {
  const around = (/** @type {Range} */ [low, high]) => {
    const [from, to] = [Math.min(low, 0), Math.max(high, 0)];
    const squeezed = high > low && high - low < (to - from) / SQUEEZED;
    return padded(squeezed ? [low, high] : [from, to], 0.06);
  };
  return { x: around(extent(x.map(([first]) => first))), y: around(extent(y)) };
}

/**
 * @param {number} w
 * @param {number | undefined} b
 */
export function equationOf(w, b) {
  const slope = `ŷ = ${coefficient(w)}\u2009x`;
  if (b === undefined) return slope;
  return `${slope} ${b < 0 ? "\u2212" : "+"} ${coefficient(Math.abs(b))}`;
}

/** Four decimals are enough for beans of the usual size; very large and very small values need their digits. @param {number} value */
const coefficient = (value) => {
  const size = Math.abs(value);
  return size >= 1e4 || (size < SMALL && size > 0) ? significant(value, 5) : fixed(value, 4);
};

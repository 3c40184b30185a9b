/**
 * The beans: size across, toxicity up, and the line that the run has learnt so far.
 *
 * @import {Data, Run} from "../types.js"
 * @import {Context, Point, Range, Window} from "./types.js"
 */

import { count } from "../numbers.js";
import { axis, roomBeside, ticksAcross } from "./axis.js";
import { createCompanionLines } from "./companionlines.js";
import { createBeanHands } from "./beanhands.js";
import { createCrowd } from "./crowd.js";
import { createEquation } from "./equation.js";
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
const SQUEEZED = 4; // times as wide as the beans: then a picture leaves out zero
const LINE = 1; // trace, after the beans

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const lit = createLit(figure.overlay);
    const equation = createEquation(figure);
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
        const [width, height] = [figure.width - margin.l - margin.r, figure.height - margin.t - margin.b];
        const points = drawn.map((i) => /** @type {Point} */ ([x[i][0], y[i]]));
        equation.attach({ window, left: margin.l, top: margin.t, width, height, beans: points, marked: y.length > MOST_BEANS });
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
        const taken = equation.frame(view);
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

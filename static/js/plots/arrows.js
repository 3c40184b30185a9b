/**
 * Gradients seen from above: at the ball the way that each bean would go by itself, faint; the mean of the batch, which the
 * step goes by, strong; and beside it that of all beans, where the batch is only some of them.
 *
 * Every arrow is −gradient times the same factor in the units of the axes, so lengths and directions can be compared. The
 * factor is a round number that stays as it is while the arrows are neither too long nor too short for the picture.
 *
 * @import {Translate, Update, View} from "../types.js"
 * @import {Point, Theme, Window} from "./types.js"
 */

import { short } from "../numbers.js";
import { createKey } from "./key.js";
import { svg } from "./overlay.js";

const LONGEST = 0.34; // of the picture's width and height
const SHORTEST = 0.1;

/**
 * @param {Element} parent
 * @param {readonly [string, string]} names  of the parameters across and up
 */
export function createArrows(parent, names) {
  const group = svg("g", { class: "arrows" }, parent);
  const fan = svg("g", { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" }, group);
  const each = svg("path", { class: "arrows-each", "stroke-width": 1, opacity: 0.4 }, fan);
  const some = svg("path", { class: "arrows-batch", "stroke-width": 1.6, opacity: 0.85 }, fan);
  const rim = svg("path", { class: "arrow-rim", "stroke-width": 6.5, "stroke-opacity": 0.75 }, fan);
  const all = svg("path", { class: "arrow-all", "stroke-width": 2, "stroke-dasharray": "4 3" }, fan);
  const mean = svg("path", { class: "arrow-mean", "stroke-width": 3.4 }, fan);
  const key = createKey(group);
  let factor = 0;
  /** What the arrows were drawn for. @type {unknown[]} */
  let drawn = [];

  return {
    /** @param {Theme} theme @param {number} size of the text */
    style(theme, size) {
      drawn = [];
      for (const path of [each, some, mean]) path.setAttribute("stroke", theme.gradient);
      all.setAttribute("stroke", theme.ink);
      rim.setAttribute("stroke", theme.panel);
      key.style(theme, size);
    },

    /**
     * @param {View} view
     * @param {Window} window
     * @param {(x: number, y: number) => Point} place  a point in pixels
     * @param {Translate} t
     * @param {Point} corner  the lower left one of the key
     */
    draw({ update, picked = -1, status, rows, cursor }, window, place, t, corner) {
      group.style.display = update ? "" : "none";
      if (!update) return;
      // While it plays, the ball may be further on than what is known of its slopes.
      const [x, y] = names.map((name) => (status === "playing" ? rows.columns[name][cursor] : update.before[name]));
      const [left, top] = place(x, y);
      fan.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
      const wanted = [update, picked, window, ...corner];
      if (wanted.every((value, i) => value === drawn[i])) return;
      drawn = wanted;
      factor = fitting(factor, longest(update, window));
      const [right, up] = unit(place);
      draw(update, picked, (across, upward) => [-factor * across * right, -factor * upward * up]);
      write(update, t, corner);
    },
  };

  /** @param {Update} update @param {number} picked @param {(across: number, upward: number) => Point} tip  of a gradient's arrow, from the ball */
  function draw({ batch, data, gradient }, picked, tip) {
    const of = (/** @type {Record<string, number>} */ slopes) => tip(slopes[names[0]], slopes[names[1]]);
    each.setAttribute("d", data.rows.map((_, i) => shaft(tip(data.gradients[names[0]][i], data.gradients[names[1]][i]))).join(""));
    const single = batch.count > 1 && picked >= 0 && picked < batch.rows.length;
    const shown = single ? [picked] : batch.count > 1 && batch.count < data.rows.length ? batch.rows.keys() : [];
    const [w, b] = names.map((name) => batch.columns[`g_${name}`]);
    some.setAttribute("d", Array.from(shown, (i) => shaft(tip(w[i], b[i]))).join(""));
    some.setAttribute("stroke-width", single ? "2.4" : "1.6");
    const [own, whole] = [arrow(of(gradient), 10), arrow(of(data.gradient), 8)];
    mean.setAttribute("d", own);
    all.setAttribute("d", whole);
    rim.setAttribute("d", own === whole ? own : own + whole);
  }

  /** @param {Update} update @param {Translate} t @param {Point} corner */
  function write(update, t, corner) {
    const { batch } = update;
    const whole = isWhole(update);
    all.style.display = whole ? "none" : "";
    key.write([
      { text: t("plot.arrow.rule", { factor: short(factor, 3) }) },
      { text: t("plot.arrow.each"), like: each },
      ...(whole ? [] : [{ text: t("plot.arrow.all"), like: all }]),
      { text: t(batch.count === 1 ? "plot.arrow.bean" : "plot.arrow.mean", { bean: batch.rows[0], count: batch.count }), like: mean },
    ], corner);
  }

  /** The longest arrow at factor 1, as a share of the picture. @param {Update} update @param {Window} window */
  function longest({ gradient, data }, { x, y }) {
    const spans = [x[1] - x[0], y[1] - y[0]];
    const sizes = names.map((name, i) => Math.max(Math.abs(gradient[name]), ...data.gradients[name].map(Math.abs)) / spans[i]);
    return Math.max(...sizes);
  }
}

/** How many pixels 1 is, to the right and down. @param {(x: number, y: number) => Point} place @returns {Point} */
function unit(place) {
  const [from, to] = [place(0, 0), place(1, 1)];
  return [to[0] - from[0], to[1] - from[1]];
}

/** Whether the batch is all of the data: then its mean is that of all. @param {Update} update */
const isWhole = ({ gradient, data }) => Object.keys(gradient).every((name) => gradient[name] === data.gradient[name]);

/** The factor to go on with: a round number, another one only where the arrows would not fit. @param {number} factor @param {number} size */
export function fitting(factor, size) {
  if (!(size > 0) || !Number.isFinite(size)) return factor || 1;
  if (factor > 0 && factor * size <= LONGEST && factor * size >= SHORTEST) return factor;
  const most = LONGEST / size;
  const ten = 10 ** Math.floor(Math.log10(most));
  return ten * (most >= 5 * ten ? 5 : most >= 2 * ten ? 2 : 1);
}

/** @param {Point} to */
const shaft = ([x, y]) => `M0,0L${x.toFixed(1)},${y.toFixed(1)}`;

/** @param {Point} to @param {number} size  of the head */
function arrow(to, size) {
  const length = Math.hypot(...to) || 1;
  const [dx, dy] = [to[0] / length, to[1] / length];
  const long = Math.min(size, length);
  const barb = (/** @type {number} */ side) => `${(to[0] - long * (dx - 0.55 * side * dy)).toFixed(1)},${(to[1] - long * (dy + 0.55 * side * dx)).toFixed(1)}`;
  return `${shaft(to)}M${barb(1)}L${to[0].toFixed(1)},${to[1].toFixed(1)}L${barb(-1)}`;
}

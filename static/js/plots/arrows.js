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
  const group = svg("g", { class: "arrows", "stroke-linecap": "round", "stroke-linejoin": "round" }, parent);
  const each = svg("path", { class: "arrows-each", fill: "none", "stroke-width": 1, opacity: 0.4 }, group);
  const some = svg("path", { class: "arrows-batch", fill: "none", "stroke-width": 1.6, opacity: 0.85 }, group);
  const rim = svg("path", { class: "arrow-rim", fill: "none", "stroke-width": 6.5, "stroke-opacity": 0.75 }, group);
  const all = svg("path", { class: "arrow-all", fill: "none", "stroke-width": 2, "stroke-dasharray": "4 3" }, group);
  const mean = svg("path", { class: "arrow-mean", fill: "none", "stroke-width": 3.4 }, group);
  const key = createKey(group);
  let factor = 0;
  let drawn = "";

  return {
    /** @param {Theme} theme @param {number} size of the text */
    style(theme, size) {
      drawn = "";
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
      const spans = [window.x, window.y].map(([low, high]) => high - low);
      factor = fitting(factor, longest(update, spans));
      const start = place(x, y);
      const arrow = (/** @type {number} */ across, /** @type {number} */ up) => shaft(start, place(x - factor * across, y - factor * up));
      const { batch, data } = update;
      const single = batch.count === 1 || picked >= batch.rows.length ? -1 : picked;
      const lines = data.rows.map((_, i) => arrow(data.gradients[names[0]][i], data.gradients[names[1]][i])).join("");
      const known = `${lines} ${batch.rows.join()} ${single} ${factor} ${batch.count}`;
      if (known === drawn) return;
      drawn = known;
      each.setAttribute("d", lines);
      const own = (/** @type {number} */ i) => names.map((name) => batch.columns[`g_${name}`][i]);
      const partial = batch.count < data.rows.length || batch.count !== batch.rows.length;
      const shown = single >= 0 ? [single] : partial && batch.count > 1 ? batch.rows.map((_, i) => i) : [];
      some.setAttribute("d", shown.map((i) => arrow(own(i)[0], own(i)[1])).join(""));
      some.setAttribute("stroke-width", single >= 0 ? "2.4" : "1.6");
      const to = tip(update.gradient);
      const whole = isWhole(update);
      all.style.display = whole ? "none" : "";
      const beyond = tip(data.gradient);
      const [one, other] = [shaft(start, to) + head(start, to, 10), shaft(start, beyond) + head(start, beyond, 8)];
      mean.setAttribute("d", one);
      all.setAttribute("d", other);
      rim.setAttribute("d", one + (whole ? "" : other));
      key.write([
        { text: t("plot.arrow.rule", { factor: short(factor, 3) }) },
        { text: t("plot.arrow.each"), like: each },
        ...(whole ? [] : [{ text: t("plot.arrow.all"), like: all }]),
        { text: t(batch.count === 1 ? "plot.arrow.bean" : "plot.arrow.mean", { bean: batch.rows[0], count: batch.count }), like: mean },
      ], corner);

      /** @param {Record<string, number>} slopes @returns {Point} */
      function tip(slopes) {
        return place(x - factor * slopes[names[0]], y - factor * slopes[names[1]]);
      }
    },
  };

  /** The longest arrow at factor 1, as a share of the picture. @param {Update} update @param {number[]} spans */
  function longest({ gradient, data }, spans) {
    const sizes = names.map((name, i) => Math.max(Math.abs(gradient[name]), ...data.gradients[name].map(Math.abs)) / spans[i]);
    return Math.max(...sizes);
  }
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

/** @param {Point} from @param {Point} to @returns {Point} */
function direction(from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  return [dx / length, dy / length];
}

/** @param {Point} from @param {Point} to */
const shaft = (from, to) => `M${from[0].toFixed(1)},${from[1].toFixed(1)}L${to[0].toFixed(1)},${to[1].toFixed(1)}`;

/** @param {Point} from @param {Point} to @param {number} size */
function head(from, to, size) {
  const [dx, dy] = direction(from, to);
  const long = Math.min(size, Math.hypot(to[0] - from[0], to[1] - from[1]));
  const barb = (/** @type {number} */ side) => `${(to[0] - long * (dx - 0.55 * side * dy)).toFixed(1)},${(to[1] - long * (dy + 0.55 * side * dx)).toFixed(1)}`;
  return `M${barb(1)}L${to[0].toFixed(1)},${to[1].toFixed(1)}L${barb(-1)}`;
}

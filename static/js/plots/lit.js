/**
 * The beans that an update looks at: each lit up, with its residual down to the line or up to it.
 *
 * @import {Update, View} from "../types.js"
 * @import {Point, Theme} from "./types.js"
 * @typedef {Update["batch"]["columns"]} Columns
 * @typedef {{left: number, from: number, to: number, y: number}} Taken  where no text should stand: left of the picture, and around y from there to there
 */

import { short } from "../numbers.js";
import { tenths } from "./ink.js";
import { label, svg } from "./overlay.js";

const FEW = 12; // beans that are drawn large

/**
 * @param {Element} parent
 */
export function createLit(parent) {
  const group = svg("g", { class: "lit" }, parent);
  const residuals = svg("path", { class: "residuals", fill: "none" }, group);
  const beans = svg("path", { class: "beans-in-use" }, group);
  const own = svg("path", { class: "residual-picked", fill: "none", "stroke-width": 3 }, group);
  const bean = svg("circle", { class: "bean-picked", r: 6.5, "stroke-width": 2 }, group);
  const name = label(group, "residual");
  let text = 12;
  let width = 0;
  let drawn = "";
  /** The beans that are lit. @type {Columns | null} */
  let lit = null;
  /** Where they are, and how the line from each begins. @type {Point[]} */
  let points = [];
  /** @type {string[]} */
  let stems = [];

  return {
    /** @param {Theme} theme @param {number} size of the text @param {number} across of the picture */
    style(theme, size, across) {
      [text, width, drawn, lit] = [size, across, "", null];
      for (const path of [residuals, own]) path.setAttribute("stroke", theme.gradient);
      for (const mark of [beans, bean]) {
        mark.setAttribute("fill", theme.gradient);
        mark.setAttribute("stroke", theme.panel);
      }
      name.style(theme.gradient, theme.panel, text, "middle");
    },

    /**
     * @param {View} view
     * @param {(x: number, y: number) => Point} place  a point in pixels, inside the picture
     * @param {Taken} taken
     */
    draw({ update, picked = -1, status, rows, cursor }, place, taken) {
      group.style.display = update ? "" : "none";
      if (!update) return;
      const { columns } = update.batch;
      if (columns !== lit) light(columns, place);
      const w = rows.columns.w[cursor];
      const b = rows.columns.b?.[cursor] ?? 0;
      // While it plays, the line may be further on than what is known of it.
      const end = (/** @type {number} */ i) => place(columns.x[i], status === "playing" ? w * columns.x[i] + b : columns.y_hat[i])[1];
      const chosen = points.length === 1 ? 0 : picked < points.length ? picked : -1;
      let lines = "";
      for (let i = 0; i < stems.length; i += 1) lines += stems[i] + tenths(end(i));
      if (lines + chosen === drawn) return;
      drawn = lines + chosen;
      residuals.setAttribute("d", lines);
      for (const mark of [own, bean, name.element]) mark.style.display = chosen < 0 ? "none" : "";
      if (chosen >= 0) mark(points[chosen], end(chosen), columns.r[chosen], taken);
    },
  };

  /** What stays while the line moves. @param {Columns} columns @param {(x: number, y: number) => Point} place */
  function light(columns, place) {
    lit = columns;
    points = columns.x.map((x, i) => place(x, columns.y[i]));
    stems = points.map(([x, y]) => `M${tenths(x)},${tenths(y)}V`);
    const few = points.length <= FEW;
    residuals.setAttribute("stroke-width", few ? "2" : "1.2");
    residuals.setAttribute("opacity", few ? "0.9" : "0.55");
    beans.setAttribute("stroke-width", few ? "1.5" : "0");
    beans.setAttribute("d", points.map(([x, y]) => disc(x, y, few ? 5.5 : 4)).join(""));
  }

  /** @param {Point} at @param {number} line  its height there @param {number} residual @param {Taken} taken */
  function mark([x, y], line, residual, taken) {
    own.setAttribute("d", `M${tenths(x)},${tenths(y)}V${tenths(line)}`);
    bean.setAttribute("cx", String(tenths(x)));
    bean.setAttribute("cy", String(tenths(y)));
    name.write(`r = ${short(residual, 4)}`);
    // On the bean's side of the line, or on the other one if something is written there already.
    const half = 2.9 * text;
    const across = Math.min(Math.max(x, taken.left + half), width - half - 4);
    const places = [y - 0.9 * text, y + 1.7 * text].sort((a, b) => (y < line ? a - b : b - a));
    const free = (/** @type {number} */ at) => across + half < taken.from || across - half > taken.to || at < taken.y - 1.4 * text || at > taken.y + 1.4 * text;
    name.move(across, places.find(free) ?? places[0]);
  }
}

/** @param {number} x @param {number} y @param {number} r */
const disc = (x, y, r) => `M${tenths(x - r)},${tenths(y)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`;

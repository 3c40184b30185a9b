/**
 * The beans that an update looks at: each lit up, with its residual down to the line or up to it.
 *
 * @import {View} from "../types.js"
 * @import {Point, Theme} from "./types.js"
 * @typedef {{left: number, from: number, y: number}} Taken  where no text should stand: left of the picture, and around y from there on
 */

import { short } from "../numbers.js";
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

  return {
    /** @param {Theme} theme @param {number} size of the text @param {number} across of the picture */
    style(theme, size, across) {
      [text, width, drawn] = [size, across, ""];
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
      const w = rows.columns.w[cursor];
      const b = rows.columns.b?.[cursor] ?? 0;
      // While it plays, the line may be further on than what is known of it.
      const end = (/** @type {number} */ i) => (status === "playing" ? w * columns.x[i] + b : columns.y_hat[i]);
      const ends = columns.x.map((x, i) => [place(x, columns.y[i]), place(x, end(i))]);
      const few = ends.length <= FEW;
      const chosen = ends.length === 1 ? 0 : picked < ends.length ? picked : -1;
      const lines = ends.map(([[x, y], [, line]]) => `M${x.toFixed(1)},${y.toFixed(1)}V${line.toFixed(1)}`).join("");
      if (lines + chosen === drawn) return;
      drawn = lines + chosen;
      residuals.setAttribute("d", lines);
      residuals.setAttribute("stroke-width", few ? "2" : "1.2");
      residuals.setAttribute("opacity", few ? "0.9" : "0.55");
      beans.setAttribute("stroke-width", few ? "1.5" : "0");
      beans.setAttribute("d", ends.map(([[x, y]]) => disc(x, y, few ? 5.5 : 4)).join(""));
      for (const mark of [own, bean, name.element]) mark.style.display = chosen < 0 ? "none" : "";
      if (chosen >= 0) mark(ends[chosen], columns.r[chosen], taken);
    },
  };

  /** @param {Point[]} ends @param {number} residual @param {Taken} taken */
  function mark([[x, y], [, line]], residual, taken) {
    own.setAttribute("d", `M${x.toFixed(1)},${y.toFixed(1)}V${line.toFixed(1)}`);
    bean.setAttribute("cx", x.toFixed(1));
    bean.setAttribute("cy", y.toFixed(1));
    name.write(`r = ${short(residual, 4)}`);
    // On the bean's side of the line, or on the other one if something is written there already.
    const half = 2.9 * text;
    const across = Math.min(Math.max(x, taken.left + half), width - half - 4);
    const places = [y - 0.9 * text, y + 1.7 * text].sort((a, b) => (y < line ? a - b : b - a));
    const free = (/** @type {number} */ at) => across + half < taken.from || at < taken.y - 1.4 * text || at > taken.y + 1.4 * text;
    name.move(across, places.find(free) ?? places[0]);
  }
}

/** @param {number} x @param {number} y @param {number} r */
const disc = (x, y, r) => `M${(x - r).toFixed(1)},${y.toFixed(1)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`;

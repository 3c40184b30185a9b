/**
 * What the pictures of a sweep have in common: Plotly's drawing in an element, laid out anew when the element, the theme or the
 * chart is another, and a click on a run.
 *
 * @import { Translate } from "../types.js"
 * @import { Chart, Quantity } from "../sweeps/types.js"
 *
 * @typedef {{ chart: Chart | null, quantity: Quantity, picture: "curves" | "map" }} View
 * @typedef {{ theme: Record<string, string>, t: Translate, reducedMotion: boolean, pick: (row: number) => void }} Context
 * @typedef {{ traces: any[], layout: any, rowOf: (point: any) => number }} Drawing
 * @typedef {{ width: number, height: number, text: number, font: string }} Size
 */

import { words } from "./chartparts.js";
import { curves } from "./curves.js";
import { map } from "./map.js";

const GAP = 12; // pixels from the pointer to what is said of it

const CONFIG = { displayModeBar: false, displaylogo: false, scrollZoom: false, doubleClick: false, showTips: false };

/**
 * @param {HTMLElement} element  positioned; its size is the picture's
 * @param {Context} first
 */
export function create(element, first) {
  let context = first;
  /** @type {View | null} */
  let view = null;
  /** @type {unknown[]} */
  let drawn = [];
  let listening = false;
  /** @type {Drawing["rowOf"]} */
  let rowOf = () => -1;
  const gd = document.createElement("div");
  gd.setAttribute("aria-hidden", "true");
  const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  element.replaceChildren(gd, tip);
  element.setAttribute("role", "img");
  const plotly = /** @type {any} */ (globalThis).Plotly;

  async function draw() {
    if (!view?.chart || element.clientWidth === 0) return;
    const style = getComputedStyle(element);
    /** @type {Size} */
    const size = { width: element.clientWidth, height: element.clientHeight, text: parseFloat(style.fontSize), font: style.fontFamily };
    const picture = view.picture === "map" && view.chart.y ? map : curves;
    const drawing = picture(view.chart, view.quantity, context, size);
    rowOf = drawing.rowOf;
    await plotly.react(gd, drawing.traces, { ...base(size, context), ...drawing.layout }, CONFIG);
    tip.hidden = true;
    if (listening) return;
    listening = true;
    const events = /** @type {any} */ (gd);
    events.on("plotly_click", (/** @type {{ points: any[] }} */ { points }) => {
      if (rowOf(points[0]) >= 0) context.pick(rowOf(points[0]));
    });
    events.on("plotly_hover", (/** @type {{ points: any[], event: MouseEvent }} */ { points, event }) => point(rowOf(points[0]), event));
    events.on("plotly_unhover", () => (tip.hidden = true));
  }

  /** Say what is pointed at, beside the pointer and inside the picture. @param {number} row @param {MouseEvent} event */
  function point(row, event) {
    if (row < 0 || !view?.chart) return;
    tip.replaceChildren(...words(view.chart, row, context).map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    tip.hidden = false;
    const frame = element.getBoundingClientRect();
    const x = event.clientX - frame.left + GAP;
    const left = x + tip.offsetWidth > frame.width ? x - tip.offsetWidth - 2 * GAP : x;
    const top = Math.min(event.clientY - frame.top + GAP, frame.height - tip.offsetHeight);
    Object.assign(tip.style, { left: `${Math.max(left, 0)}px`, top: `${Math.max(top, 0)}px` });
  }

  const observer = new ResizeObserver(() => draw());
  observer.observe(element);

  return {
    /** @param {View} next */
    update(next) {
      const wanted = [next.chart?.serial, next.quantity.name, next.picture];
      view = next;
      if (wanted.every((value, i) => value === drawn[i])) return;
      drawn = wanted;
      draw();
    },
    /** @param {Context} next */
    restyle(next) {
      context = next;
      draw();
    },
    destroy() {
      observer.disconnect();
      plotly.purge(gd);
      element.replaceChildren();
    },
  };
}

/** @param {Size} size @param {Context} context */
function base({ width, height, text, font }, { theme }) {
  return {
    width,
    height,
    autosize: false,
    showlegend: false,
    hovermode: "closest",
    dragmode: false,
    separators: ".\u202f",
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 4.6 * text, r: 1.4 * text, t: 1.6 * text, b: 3.4 * text },
    font: { family: font, size: text, color: theme.muted },
  };
}

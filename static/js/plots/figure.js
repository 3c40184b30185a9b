/**
 * What every figure has in common: its element, Plotly's drawing in it, marks and labels of our own above it, and when which
 * is drawn anew. A figure is a recipe; this is the kitchen.
 *
 * @import {View} from "../types.js"
 * @import {Context, Plot} from "./types.js"
 *
 * @typedef {object} Figure
 * @property {HTMLElement} element
 * @property {any} gd  Plotly's own element
 * @property {SVGSVGElement} overlay
 * @property {Context} context
 * @property {number} width
 * @property {number} height
 * @property {number} text  size of the text in pixels
 * @property {(traces: any[], layout: any, config?: Record<string, unknown>) => void} draw
 * @property {() => void} redraw  lay out anew, with the view and context in force
 * @property {() => void} reset  the same, after forgetting all that Plotly has drawn
 *
 * @typedef {object} Recipe
 * @property {(view: View) => unknown[]} identity  laid out anew when one of these is another
 * @property {(view: View) => void} build  lay out: ends with figure.draw()
 * @property {(view: View) => void} attach  after the layout: get the pens, place what stands still
 * @property {(view: View) => void} frame  set what moves
 * @property {() => void} [destroy]
 */

import { svg } from "./overlay.js";

const CONFIG = { displayModeBar: false, displaylogo: false, scrollZoom: false, doubleClick: false, showTips: false };

/**
 * @param {HTMLElement} element  positioned; its size is the figure's
 * @param {Context} context
 * @param {(figure: Figure) => Recipe} prepare
 * @returns {Plot}
 */
export function createPlot(element, context, prepare) {
  const gd = document.createElement("div");
  gd.setAttribute("aria-hidden", "true");
  const overlay = svg("svg", { "aria-hidden": "true" });
  Object.assign(overlay.style, { position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });
  element.replaceChildren(gd, overlay);
  element.setAttribute("role", "img");

  /** @type {View | null} */
  let view = null;
  /** @type {unknown[]} */
  let drawn = [];
  let drawing = false;
  let stale = false;
  let destroyed = false;

  /** @type {Figure} */
  const figure = {
    element,
    gd,
    overlay,
    context,
    width: 0,
    height: 0,
    text: 12,
    draw(traces, layout, config) {
      drawing = true;
      const plotly = /** @type {any} */ (globalThis).Plotly;
      plotly.react(gd, traces, { ...base(figure), ...layout }, { ...CONFIG, ...config }).then(finish);
    },
    redraw() {
      drawn = [];
      if (view) show(view);
    },
    reset() {
      /** @type {any} */ (globalThis).Plotly.purge(gd);
      figure.redraw();
    },
  };
  const recipe = prepare(figure);

  function finish() {
    drawing = false;
    if (destroyed || !view) return;
    recipe.attach(view);
    if (stale) show(view);
    else recipe.frame(view);
  }

  /** @param {View} next */
  function show(next) {
    view = next;
    if (!next.run || next.rows.length === 0 || figure.width === 0) return;
    const wanted = recipe.identity(next);
    const same = drawn.length === wanted.length && wanted.every((value, i) => Object.is(value, drawn[i]));
    stale = drawing && !same;
    if (drawing) return;
    if (same) {
      recipe.frame(next);
      return;
    }
    drawn = wanted;
    measure();
    recipe.build(next);
  }

  function measure() {
    figure.width = element.clientWidth;
    figure.height = element.clientHeight;
    figure.text = parseFloat(getComputedStyle(element).fontSize);
  }

  const observer = new ResizeObserver(() => {
    if (element.clientWidth === figure.width && element.clientHeight === figure.height) return;
    measure();
    figure.redraw();
  });
  observer.observe(element);
  measure();

  return {
    update: show,
    restyle(next) {
      figure.context = next;
      figure.redraw();
    },
    destroy() {
      destroyed = true;
      observer.disconnect();
      recipe.destroy?.();
      /** @type {any} */ (globalThis).Plotly.purge(gd);
      element.replaceChildren();
      element.removeAttribute("role");
      element.removeAttribute("aria-label");
    },
  };
}

/** @param {Figure} figure */
function base({ width, height, text, element, context }) {
  return {
    width,
    height,
    autosize: false,
    showlegend: false,
    hovermode: false,
    dragmode: false,
    separators: ".\u202f",
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(element).fontFamily, size: text, color: context.theme.muted },
  };
}

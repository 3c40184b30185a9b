/** @import { Translate, Update } from "../types.js" */
/** @import { Graph, Node } from "./graph.js" */

/** The graph as a drawing: numbers on its edges, forward in ink, backward in the colour of slopes. */

import { setAttribute, setText } from "../dom.js";
import { repr, short } from "../numbers.js";
import { RADIUS, graphOf, slopeName, valueAt } from "./graph.js";

const SVG = "http://www.w3.org/2000/svg";
const DIGITS = 4;
const SYMBOLS = /** @type {Record<string, string>} */ ({ y_hat: "ŷ", loss: "L" });

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(.../** @type {any[]} */ (children));
  return element;
}

/** @param {Translate} t */
export function createDrawing(t) {
  const element = svg("svg", { class: "graph", role: "img" });
  let drawn = "";
  /** The texts with numbers, by the name whose number it is. @type {{ text: Element, name: string, slope: boolean }[]} */
  let labels = [];

  /** @param {Graph} graph @param {Update} update */
  function draw({ width, height, nodes, edges }, update) {
    labels = [];
    element.replaceChildren();
    setAttribute(element, "viewBox", `0 0 ${width} ${height}`);
    for (const { from, to } of edges) {
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
      const [x, y] = [to.x - dx * (RADIUS + 2), to.y - dy * (RADIUS + 2)];
      element.append(svg("path", { class: "edge", d: `M${from.x + dx * RADIUS},${from.y + dy * RADIUS}L${x},${y}` }));
      const head = `M${x},${y}l${-6 * dx - 3 * dy},${-6 * dy + 3 * dx}l${6 * dy},${-6 * dx}z`;
      element.append(svg("path", { class: "head", d: head }));
    }
    for (const node of nodes) {
      const circle = svg("circle", { class: node.input ? "input" : "made", cx: node.x, cy: node.y, r: RADIUS });
      element.append(circle, svg("text", { class: "name", x: node.x, y: node.y + 4.5 }, SYMBOLS[node.name] ?? node.name));
    }
    for (const { from, labelled } of edges) label(from.name, ...labelled, update);
    const last = nodes[nodes.length - 1];
    label(last.name, last.x + RADIUS, last.y + 2 * RADIUS + 6, "end", update);
  }

  /** @param {string} name @param {number} x @param {number} y @param {string} anchor @param {Update} update */
  function label(name, x, y, anchor, update) {
    const slope = slopeName(name, update);
    const value = svg("text", { class: "value", x, y: y - 6, "text-anchor": anchor });
    element.append(value);
    labels.push({ text: value, name, slope: false });
    if (!slope) return;
    const back = svg("text", { class: "slope", x, y: y + 15, "text-anchor": anchor });
    element.append(back);
    labels.push({ text: back, name: slope, slope: true });
  }

  return {
    element,

    /** @param {Update} update @param {number} place of the row that is looked at @param {boolean} exact whether there is time for every digit */
    update(update, place, exact) {
      const lines = update.lines.map((line) => line.code).join();
      if (lines !== drawn) {
        drawn = lines;
        draw(graphOf(update.lines, update.parameters), update);
      }
      for (const { text, name } of labels) setText(text, short(valueAt(update, place, name), DIGITS));
      if (exact) setAttribute(element, "aria-label", describe(update, place));
    },
  };

  /** What it says, for those who do not see it; with every digit. @param {Update} update @param {number} place */
  function describe(update, place) {
    const said = labels.filter(({ slope }) => !slope).map(({ name }) => `${SYMBOLS[name] ?? name} = ${repr(valueAt(update, place, name))}`);
    return `${t("inspect.graph")}: ${[...new Set(said)].join(", ")}`;
  }
}

/** @import { Line, Update } from "../types.js" */

/**
 * The way forward as a graph: a node for each name, an edge from what is read to what is made of it. Where things stand is
 * worked out from the lines alone, so that another model draws another graph.
 *
 * @typedef {{ name: string, x: number, y: number, input: boolean }} Node
 * @typedef {{ from: Node, to: Node, labelled: [x: number, y: number, anchor: "start" | "middle"] }} Edge
 * @typedef {{ width: number, height: number, nodes: Node[], edges: Edge[] }} Graph
 */

import { MEAN } from "./equations.js";
import { namesIn } from "./typeset.js";

const WIDTH = 348;
const ROW = 48;
const MARGIN = 18;
export const RADIUS = 14;

/**
 * @param {readonly Line[]} lines
 * @param {readonly string[]} parameters
 * @returns {Graph}
 */
export function graphOf(lines, parameters) {
  const made = lines.filter((line) => line.phase === "forward");
  const read = new Map(made.map((line) => [line.target, [...namesIn(line.formula)]]));
  /** How many lines it takes to get there. @param {string} name @returns {number} */
  const depth = (name) => Math.max(0, ...(read.get(name) ?? []).map((each) => (read.has(each) ? depth(each) + 1 : 1)));
  const deepest = Math.max(...made.map((line) => depth(line.target)));
  const across = (/** @type {number} */ column) => MARGIN + (column * (WIDTH - 2 * MARGIN)) / deepest;
  const first = read.get(made[0].target) ?? [];
  // Data above, then the parameters in their order.
  const inputs = [...first.filter((name) => !parameters.includes(name)), ...parameters.filter((name) => first.includes(name))];
  const middle = MARGIN + ((Math.max(inputs.length, 3) - 1) * ROW) / 2;
  const spread = inputs.length > 1 ? (2 * (middle - MARGIN)) / (inputs.length - 1) : 0;
  /** @type {Node[]} */
  const nodes = inputs.map((name, i) => ({ name, x: across(0), y: MARGIN + i * spread, input: true }));
  /** @type {Edge[]} */
  const edges = [];
  for (const line of made) {
    const node = { name: line.target, x: across(depth(line.target)), y: middle, input: false };
    for (const name of read.get(line.target) ?? []) {
      let from = nodes.find((each) => each.name === name);
      if (!from) {
        from = { name, x: node.x, y: 2 * middle - MARGIN, input: true };
        nodes.push(from);
      }
      edges.push({ from, to: node, labelled: labelPlace(from, node) });
    }
    nodes.push(node);
  }
  return { width: WIDTH, height: 2 * middle, nodes, edges };
}

/** Where the numbers of an edge stand. @param {Node} from @param {Node} to @returns {Edge["labelled"]} */
function labelPlace(from, to) {
  if (from.x === to.x) return [from.x + RADIUS + 5, from.y + 10, "start"];
  if (from.y === to.y) return [(from.x + to.x) / 2, from.y, "middle"];
  return [from.x + RADIUS + 5, from.y, "start"];
}

/** The name of the slope of the loss by what stands at a node, if it is among the numbers. @param {string} name @param {Update} update */
export function slopeName(name, { parameters, lines }) {
  if (parameters.includes(name)) return `g_${name}`;
  const last = lines.filter((line) => line.phase === "forward").at(-1);
  return name !== "y" && name !== "x" && name !== last?.target ? "slope" : null;
}

/** What a name is for a row of the batch, or on average. @param {Update} update @param {number} place @param {string} name @returns {number} */
export function valueAt({ batch, before }, place, name) {
  if (name in before) return before[name];
  const at = batch.count === 1 ? 0 : place;
  return at === MEAN ? batch.means[name] : batch.columns[name][at];
}

/**
 * Drawing with Plotly's public functions alone, for a Plotly.js whose private parts fast.js does not know: the same picture,
 * some ten times slower, so a scene is redrawn only a few times a second.
 *
 * @import {Range} from "./types.js"
 * @import {Cartesian, Pen3d, Scene} from "./pens.js"
 */

import { lookAt, perspective, toCube } from "./projection.js";

const PAUSE = 200; // milliseconds between two drawings of a scene

/**
 * @param {any} gd
 * @returns {Cartesian}
 */
export function cartesian(gd) {
  /** @type {Record<number, {x: number[], y: number[]}>} */
  const changed = {};
  return {
    direct: false,
    x: (value) => along(gd.layout.xaxis, value) * (gd.layout.width - gd.layout.margin.l - gd.layout.margin.r),
    y: (value) => (1 - along(gd.layout.yaxis, value)) * (gd.layout.height - gd.layout.margin.t - gd.layout.margin.b),
    line: (trace) => (xs, ys, count) => {
      changed[trace] = { x: Array.from(xs).slice(0, count), y: Array.from(ys).slice(0, count) };
    },
    commit: () => restyle(gd, changed),
  };
}

/**
 * @param {any} gd
 * @returns {Scene}
 */
export function scene(gd) {
  /** @type {Record<number, {x: number[], y: number[], z: number[]}>} */
  const changed = {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let camera = gd.layout.scene.camera;
  let turned = () => {};
  return {
    direct: false,
    alive: true,
    onLost() {}, // Plotly mends it as well as it can
    line: (trace) => linePen3d((points) => (changed[trace] = points)),
    camera: () => camera,
    look(next) {
      camera = next;
      /** @type {any} */ (globalThis).Plotly.relayout(gd, { "scene.camera": next });
      turned();
    },
    matrices() {
      const { xaxis, yaxis, zaxis, aspectratio } = gd.layout.scene;
      return [
        toCube([xaxis.range, yaxis.range, zaxis.range], aspectratio),
        lookAt(camera),
        perspective(gd.layout.width / gd.layout.height),
      ];
    },
    scale: [1, 1, 1],
    thin() {},
    onTurn(listener) {
      gd.removeAllListeners("plotly_relayouting");
      gd.on("plotly_relayouting", (/** @type {any} */ change) => {
        camera = change["scene.camera"] ?? camera;
        listener();
      });
      turned = listener;
      listener();
    },
    commit() {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        if (gd.isConnected) restyle(gd, changed);
      }, PAUSE);
    },
    rest() {},
  };
}

/**
 * @param {(points: {x: number[], y: number[], z: number[]}) => void} change
 * @returns {Pen3d}
 */
function linePen3d(change) {
  /** @type {{x: number[], y: number[], z: number[]}} */
  let points = { x: [], y: [], z: [] };
  return {
    clear() {
      points = { x: [], y: [], z: [] };
    },
    segment(x0, y0, z0, x1, y1, z1) {
      points.x.push(x0, x1, NaN);
      points.y.push(y0, y1, NaN);
      points.z.push(z0, z1, NaN);
    },
    show(segments) {
      const end = 3 * segments;
      change({ x: points.x.slice(0, end), y: points.y.slice(0, end), z: points.z.slice(0, end) });
    },
  };
}

/**
 * @param {any} gd
 * @param {Record<number, Record<string, number[]>>} changed
 */
function restyle(gd, changed) {
  const traces = Object.keys(changed).map(Number);
  if (traces.length === 0) return;
  const names = Object.keys(changed[traces[0]]);
  const update = Object.fromEntries(names.map((name) => [name, traces.map((trace) => changed[trace][name])]));
  for (const trace of traces) delete changed[trace];
  /** @type {any} */ (globalThis).Plotly.restyle(gd, update, traces);
}

/**
 * Where a value stands between the ends of an axis, 0 to 1.
 * @param {{range: Range, type?: string}} axis  a log axis' range holds logarithms
 * @param {number} value
 */
function along({ range: [low, high], type }, value) {
  return ((type === "log" ? Math.log10(value) : value) - low) / (high - low);
}

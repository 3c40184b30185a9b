/**
 * Axis labels of a 3D scene, as text above it: placed along the edges of the box that are in front, again whenever the scene
 * has been turned. (Plotly's own are made of triangles, and Chromium writes a warning about how it makes them.)
 *
 * @import {Range} from "./types.js"
 * @typedef {{title: string, range: Range, ticks: {value: number, text: string}[]}} Axis3d
 * @typedef {(x: number, y: number, z: number) => [number, number]} Project
 */

import { label, svg, widthOf } from "./overlay.js";

const EDGE = 4; // pixels to the picture's edge
const FARTHEST = 8; // ems from an axis to its title

/**
 * @param {Element} parent
 */
export function createAxes(parent) {
  const group = svg("g", { class: "axes" }, parent);
  const titles = [0, 1, 2].map(() => label(group, "title"));
  /** @type {ReturnType<typeof label>[][]} */
  const marks = [[], [], []];
  /** @type {[Axis3d, Axis3d, Axis3d]} */
  let axes;
  let size = 12;
  let picture = [0, 0];
  /** The middles of the labels, and half their widths. @type {[x: number, y: number, half: number][]} */
  let taken = [];

  return {
    /**
     * @param {[Axis3d, Axis3d, Axis3d]} next
     * @param {import("./types.js").Theme} theme
     * @param {number} text
     * @param {[width: number, height: number]} within  of the picture
     */
    style(next, theme, text, within) {
      axes = next;
      size = text;
      picture = within;
      axes.forEach(({ ticks, title }, i) => {
        while (marks[i].length < ticks.length) marks[i].push(label(group, "tick"));
        marks[i].forEach((mark, k) => {
          mark.style(theme.muted, theme.panel, 0.9 * size, "middle");
          mark.write(ticks[k]?.text ?? "");
        });
        titles[i].style(theme.ink, theme.panel, size, "middle");
        titles[i].write(title);
      });
    },

    /** @param {Project} project */
    place(project) {
      const edges = edgesInFront(axes.map(({ range }) => range), project);
      taken = [];
      edges.forEach(({ at, out, turn }, i) => {
        axes[i].ticks.forEach(({ value, text }, k) => {
          const [px, py] = at(value);
          const x = px + 1.3 * size * out[0];
          const y = py + 1.1 * size * out[1];
          marks[i][k].move(x, y + 0.35 * size);
          // Where two edges meet, only one label has room.
          const free = taken.every(([tx, ty]) => Math.abs(tx - x) > 1.6 * size || Math.abs(ty - y) > size);
          marks[i][k].show(free);
          if (free) taken.push([x, y, widthOf(text, 0.9 * size) / 2]);
        });
        const [x, y] = at((axes[i].range[0] + axes[i].range[1]) / 2);
        const slant = i === 2 ? turn : undefined;
        const [across, upright] = reach(widthOf(axes[i].title, size) / 2, 0.5 * size, slant ?? 0);
        /** Where the title is that far out, but within the picture. @param {number} far @returns {[number, number]} */
        const place = (far) => [
          Math.min(Math.max(x + far * out[0], across + EDGE), picture[0] - across - EDGE),
          Math.min(Math.max(y + far * out[1], upright + EDGE), picture[1] - upright - EDGE),
        ];
        const covers = (/** @type {[number, number]} */ [tx, ty]) =>
          taken.some(([px, py, half]) => Math.abs(px - tx) < across + half && Math.abs(py - ty) < upright + 0.5 * size);
        let far = 3.2 * size;
        while (far < FARTHEST * size && covers(place(far))) far += 0.2 * size;
        const [tx, ty] = place(far);
        // Along its own line, so that it is turned about its middle.
        const angle = ((slant ?? 0) * Math.PI) / 180;
        titles[i].move(tx - 0.35 * size * Math.sin(angle), ty + 0.35 * size * Math.cos(angle), slant);
      });
    },

    /** Whether a label of an axis stands there. @param {{ left: number, right: number, top: number, bottom: number }} box */
    cover: ({ left, right, top, bottom }) =>
      taken.some(([x, y, half]) => x + half > left - EDGE && x - half < right + EDGE && y + 0.5 * size > top && y - 0.5 * size < bottom),
  };
}

/**
 * How far a turned text reaches from its middle, across and upright.
 * @param {number} half  of its width
 * @param {number} high  half its height
 * @param {number} turn  in degrees
 */
function reach(half, high, turn) {
  const [cos, sin] = [Math.cos, Math.sin].map((of) => Math.abs(of((turn * Math.PI) / 180)));
  return [half * cos + high * sin, half * sin + high * cos];
}

/**
 * The edge of the box that each axis is labelled along: for the two of the floor the one nearer to the lower edge of the
 * picture, for the height the one on the left; with the direction that leads away from the box.
 * @param {Range[]} ranges
 * @param {Project} project
 */
function edgesInFront([xs, ys, zs], project) {
  const middle = (/** @type {Range} */ [low, high]) => (low + high) / 2;
  const centre = project(middle(xs), middle(ys), zs[0]);
  const y = lower(ys, (end) => project(middle(xs), end, zs[0]));
  const x = lower(xs, (end) => project(end, middle(ys), zs[0]));
  const corners = xs.flatMap((cx) => ys.map((cy) => /** @type {[number, number]} */ ([cx, cy])));
  const [left, back] = corners.reduce((best, corner) =>
    project(corner[0], corner[1], middle(zs))[0] < project(best[0], best[1], middle(zs))[0] ? corner : best);
  return [
    edge((value) => project(value, y, zs[0]), xs, centre),
    edge((value) => project(x, value, zs[0]), ys, centre),
    edge((value) => project(left, back, value), zs, project(middle(xs), middle(ys), middle(zs))),
  ];
}

/**
 * The end of a range that is lower in the picture.
 * @param {Range} range
 * @param {(end: number) => [number, number]} at
 */
const lower = ([a, b], at) => (at(a)[1] > at(b)[1] ? a : b);

/**
 * @param {(value: number) => [number, number]} at
 * @param {Range} range
 * @param {[number, number]} centre  of what the labels must stay clear of
 */
function edge(at, [low, high], centre) {
  const [ax, ay] = at(low);
  const [bx, by] = at(high);
  const length = Math.hypot(bx - ax, by - ay) || 1;
  let out = [(by - ay) / length, (ax - bx) / length];
  const away = ((ax + bx) / 2 - centre[0]) * out[0] + ((ay + by) / 2 - centre[1]) * out[1];
  if (away < 0) out = [-out[0], -out[1]];
  const turn = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
  return { at, out, turn: turn > 90 ? turn - 180 : turn < -90 ? turn + 180 : turn };
}

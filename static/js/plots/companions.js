/**
 * Other runs in a flat picture, beside the one shown: of each its path, its ball and its name.
 *
 * They are drawn above Plotly's picture and below our own marks, so runs that come and go need no layout.
 *
 * @import { Companion, View } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Point, Theme, Window } from "./types.js"
 */

import { createCompanionMark } from "./companionmark.js";
import { colourOf, createCrew, dashOf, NONE } from "./crew.js";
import { createInk } from "./ink.js";
import { createNames } from "./names.js";
import { svg } from "./overlay.js";
import { createPath } from "./path2d.js";

const MOST_SEGMENTS = 2000;
const WIDTH = 2; // pixels
const RIM = 2; // pixels, on both sides together: what keeps crossing lines apart

/**
 * @param {Figure} figure
 * @param {[x: string, y: string]} columns  across and up
 * @param {{ paths?: boolean, mostNamed?: number }} [options]  without paths, only where they are now; of more runs than these, the
 *   names are left to the figure above
 */
export function createCompanions(figure, columns, { paths = true, mostNamed = Infinity } = {}) {
  const balls = svg("g", { class: "companion-balls" });
  const lines = svg("g", { class: "companions" });
  figure.overlay.prepend(lines, balls);
  const names = createNames(figure);
  const crew = createCrew(createOne);
  /** @type {Window} */
  let window = { x: [0, 1], y: [0, 1] };
  /** @type {(x: number, y: number) => Point} */
  let place = () => [NaN, NaN];

  /** @param {Companion} companion */
  function createOne(companion) {
    const { theme } = figure.context;
    const group = line(lines, companion, theme);
    const [x, y] = [(/** @type {number} */ value) => place(value, 1)[0], (/** @type {number} */ value) => place(1, value)[1]];
    const path = createPath(window, columns, createInk([...group.children], x, y), MOST_SEGMENTS);
    const mark = createCompanionMark(balls, colourOf(theme, companion), theme.panel);
    /** @type {Point | null} */
    let at = null;
    return {
      /** @param {Companion} now */
      draw({ rows, cursor }) {
        if (paths) path.draw({ rows, cursor });
        at = mark.move({ rows, cursor }, window, columns, place);
      },
      at: () => at,
      destroy() {
        group.remove();
        mark.destroy();
      },
    };
  }

  return {
    /** After a layout. @param {Window} within @param {(x: number, y: number) => Point} placed */
    attach(within, placed) {
      window = within;
      place = placed;
      crew.clear();
      const [left] = within.x;
      const [bottom, top] = within.y;
      names.style(placed(left, top)[1], placed(left, bottom)[1], placed(left, top)[0]); // clear of the ticks
    },

    /** @param {View} view @param {Point | null} own  where the run shown is @param {Point | null} [optimum] */
    frame(view, own, optimum) {
      const { companions = NONE } = view;
      names.frame(companions.length > mostNamed ? {} : view, own, crew.draw(view.companions, view.status === "playing").map((one) => one.at()), optimum);
    },

    cover: names.cover,
  };
}

/**
 * A group for the line of a companion: first its rim, then the line itself.
 * @param {Element} parent
 * @param {Companion} companion
 * @param {Theme} theme
 * @param {boolean} [rimmed]  where the ground is not plain
 */
export function line(parent, companion, theme, rimmed = true) {
  const group = svg("g", { class: "companion", "data-key": companion.key, fill: "none", "stroke-linejoin": "round" }, parent);
  if (rimmed) svg("g", { stroke: theme.panel, "stroke-width": WIDTH + RIM, "stroke-opacity": 0.5 }, group);
  svg("g", { stroke: colourOf(theme, companion), "stroke-width": WIDTH, "stroke-dasharray": dashOf(companion) }, group);
  return group;
}

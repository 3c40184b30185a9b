/**
 * The losses of other runs over the steps, beside that of the run shown, with their names at their ends.
 *
 * @import { Companion, View } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Cartesian } from "./pens.js"
 * @import { Point } from "./types.js"
 */

import { leaderOf } from "./captions.js";
import { line } from "./companions.js";
import { createCrew, NONE } from "./crew.js";
import { createEnvelope } from "./envelope.js";
import { createInk } from "./ink.js";
import { createNames } from "./names.js";
import { svg } from "./overlay.js";

/**
 * @import { Captions } from "./captions.js"
 * @typedef {{ pens: Cartesian, span: number, left: number, top: number, width: number, height: number, foot: number, captions: Captions }} Area
 *   The axes: their pens, the steps that they hold, where they are, down to where there is room for names, and what is written at the ends of the curves.
 */

/**
 * @param {Figure} figure
 */
export function createCompanionCurves(figure) {
  // An svg within the svg cuts off what leaves the axes.
  const plane = svg("svg", { class: "companions", overflow: "hidden" });
  figure.overlay.prepend(plane);
  const names = createNames(figure);
  const crew = createCrew(createOne);
  /** @type {Area} */
  let area;

  /** @param {Companion} companion */
  function createOne(companion) {
    const group = line(plane, companion, figure.context.theme, false);
    const { pens, left, top, width, height } = area;
    const stretch = companion.stretch ?? 1;
    const x = (/** @type {number} */ step) => pens.x(step * stretch);
    const ink = createInk([...group.children], x, pens.y);
    const curve = createEnvelope("loss");
    let drawn = { version: NaN, cursor: -1 };
    /** @type {Point | null} */
    let at = null;
    return {
      /** @param {Companion} now */
      draw({ rows, cursor }) {
        const back = rows.version !== drawn.version || cursor < drawn.cursor;
        if (back) curve.restart(area.span / stretch, Math.max(Math.round(width), 50));
        if (cursor >= 0) curve.extend(rows, cursor);
        ink(curve.x, curve.y, cursor >= 0 ? curve.count : 0, back ? 0 : curve.settled);
        drawn = { version: rows.version, cursor };
        at = cursor >= 0 ? [left + x(rows.step[cursor]), top + within(pens.y(rows.columns.loss[cursor]), height)] : null;
      },
      at: () => at,
      destroy: () => group.remove(),
    };
  }

  return {
    /** After a layout. @param {Area} within */
    attach(within) {
      area = within;
      for (const [name, value] of Object.entries({ x: area.left, y: area.top, width: area.width, height: area.height })) {
        plane.setAttribute(name, String(Math.max(value, 0)));
      }
      crew.clear();
      names.style(area.top, area.foot, area.left, area.captions.text);
    },

    /** @param {View} view @param {Point | null} own  where the curve of the run shown ends */
    frame({ companions = NONE, status, rows, cursor }, own) {
      const places = crew.draw(companions, status === "playing").map((one) => one.at());
      if (area.captions.few) {
        const leader = leaderOf(companions, rows.columns.loss[cursor]);
        for (let i = 0; i < places.length; i += 1) if (i !== leader) places[i] = null;
      }
      names.frame(area.captions, own, places);
    },
  };
}

/** What leaves the axes is named at their edge; a loss of 0 on a log axis is below it. @param {number} y @param {number} height */
const within = (y, height) => (Number.isFinite(y) ? Math.min(Math.max(y, 0), height) : height);

/** The last step at which a companion is shown, in those of the run shown. @param {readonly Companion[]} [companions] */
export const reachOf = (companions = NONE) =>
  companions.reduce((most, { rows, cursor, stretch = 1 }) => (cursor >= 0 ? Math.max(most, rows.step[cursor] * stretch) : most), 0);

/**
 * The least and the largest loss of the companions up to where they are shown, as far as these were not looked at before.
 *
 * @param {readonly Companion[]} companions
 * @param {Map<string, { rows: Companion["rows"], version: number, length: number }>} known  up to where each has been looked at
 */
export function lossesOf(companions, known) {
  let [low, high] = [Infinity, 0];
  for (const { key, rows, cursor } of companions) {
    const before = known.get(key);
    const from = before && before.rows === rows && before.version === rows.version ? before.length : 0;
    const { loss } = rows.columns;
    for (let i = from; i <= cursor; i += 1) {
      if (loss[i] < low) low = loss[i];
      if (loss[i] > high) high = loss[i];
    }
    known.set(key, { rows, version: rows.version, length: Math.max(from, cursor + 1) });
  }
  return [low, high];
}

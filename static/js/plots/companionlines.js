/**
 * The lines that other runs have learnt, among the beans.
 *
 * @import { Companion, View } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Window } from "./types.js"
 */

import { line } from "./companions.js";
import { createCrew } from "./crew.js";
import { svg } from "./overlay.js";
import { clip } from "./trail.js";

/**
 * @param {Figure} figure
 */
export function createCompanionLines(figure) {
  const lines = svg("g", { class: "companions" });
  figure.overlay.prepend(lines);
  const crew = createCrew(createOne);
  /** @type {Window} */
  let window = { x: [0, 1], y: [0, 1] };
  /** @type {(x: number, y: number) => readonly [number, number]} */
  let place = () => [NaN, NaN];

  /** @param {Companion} companion */
  function createOne(companion) {
    const group = line(lines, companion, figure.context.theme, false);
    const paths = [...group.children].map((part) => svg("path", {}, part));
    return {
      /** @param {Companion} now */
      draw({ rows, cursor }) {
        const w = rows.columns.w[cursor];
        const b = rows.columns.b?.[cursor] ?? 0;
        const [left, right] = window.x;
        const part = cursor >= 0 ? clip(window, left, w * left + b, right, w * right + b) : null;
        const d = part ? `M${spot(place(part[0], part[1]))}L${spot(place(part[2], part[3]))}` : "";
        for (const path of paths) path.setAttribute("d", d);
      },
      destroy: () => group.remove(),
    };
  }

  return {
    /** After a layout. @param {Window} within @param {(x: number, y: number) => readonly [number, number]} placed */
    attach(within, placed) {
      window = within;
      place = placed;
      crew.clear();
    },

    /** @param {View} view */
    frame: (view) => void crew.draw(view.companions, view.status === "playing"),
  };
}

/** @param {readonly [number, number]} at */
const spot = ([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`;

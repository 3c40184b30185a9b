/**
 * Other runs in the bowl, beside the one shown: of each its path, its ball and its name above it.
 *
 * @import { Companion, View } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Point } from "./types.js"
 * @import { Landscape } from "./landscape.js"
 * @import { Pen3d } from "./pens.js"
 */

import { createCompanionMark } from "./companionmark.js";
import { colourOf, createCrew } from "./crew.js";
import { createNames } from "./names.js";
import { svg } from "./overlay.js";
import { createPath } from "./path3d.js";

export const COMPANION_WIDTH = 3; // pixels
const MOST_SEGMENTS = 3000;

/**
 * @param {Figure} figure
 */
export function createCompanions(figure) {
  const balls = svg("g", { class: "companion-balls" });
  figure.overlay.prepend(balls);
  const names = createNames(figure);
  const crew = createCrew(createOne);
  /** @type {Landscape} */
  let land;
  /** @type {(index: number, colour: string) => Pen3d} */
  let line;
  /** What the scene was laid out for. @type {Pick<View, "companions" | "name">} */
  let shown = {};

  /** @param {Companion} companion @param {number} index */
  function createOne(companion, index) {
    const colour = colourOf(figure.context.theme, companion);
    const path = createPath(land, line(index, colour), null, MOST_SEGMENTS);
    const mark = createCompanionMark(balls, colour, figure.context.theme.panel);
    /** @type {Companion} */
    let now = companion;
    return {
      /** @param {Companion} next */
      draw(next) {
        now = next;
        path.draw(now);
      },
      /** @param {(w: number, b: number, lift: number) => Point} above */
      at: (above) => mark.move(now, land.window, ["w", "b"], (w, b) => above(w, b, path.lift)),
      destroy: mark.destroy,
    };
  }

  return {
    /** After a layout. @param {Landscape} on @param {(index: number, colour: string) => Pen3d} pen  of each in its colour */
    attach(on, pen) {
      land = on;
      line = pen;
      shown = {};
      crew.clear();
      names.style();
    },

    /** The paths. @param {View} view */
    frame({ companions, name, status }) {
      shown = { companions, name };
      crew.draw(companions, status === "playing");
    },

    /** The balls and the names. @param {(w: number, b: number, lift: number) => Point} above  the pixels of a point of the bowl @param {Point | null} own @param {Point | null} optimum */
    place(above, own, optimum) {
      names.frame(shown, own, crew.all().map((one) => one.at(above)), optimum);
    },

    cover: names.cover,
  };
}

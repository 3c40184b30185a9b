/**
 * Exhaustive search over two parameters: an unknown plain, on which every value tried uncovers one cell of the surface; over it
 * the path of the run, which never looked anywhere else.
 *
 * @import {Run, Search} from "../types.js"
 * @import {Context, Point, Theme, Window} from "./types.js"
 * @import {Cartesian} from "./pens.js"
 */

import { bestOf, VALUES } from "../evaluations.js";
import { axis, roomBeside } from "./axis.js";
import { createPlot } from "./figure.js";
import { ends } from "./grid.js";
import { createMarks, exit, outsideText } from "./marks.js";
import { rgba } from "./palette.js";
import { createPath } from "./path2d.js";
import { cartesian } from "./pens.js";
import { extent, heightOf } from "./scales.js";
import { createTreasure } from "./treasure.js";
import { contains } from "./trail.js";
import { named } from "./words.js";

const PATH = 0; // trace
const THINNEST = 5; // pixels, of a single row of cells

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const canvas = document.createElement("canvas");
    canvas.className = "cells";
    canvas.setAttribute("aria-hidden", "true");
    element.prepend(canvas);
    const treasure = createTreasure(figure.overlay);
    const marks = createMarks(figure.overlay);
    /** @type {Window} */
    let window;
    /** @type {Cartesian} */
    let pens;
    /** @type {ReturnType<typeof createPath>} */
    let path;
    /** @type {(loss: number) => readonly number[]} */
    let colour;
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    /** @type {Search["losses"] | null} */
    let painted = null;
    let done = 0;
    /** @type {ImageData} */
    let image;

    return {
      identity: ({ run }) => [run?.serial, run?.surface],

      build({ run }) {
        const { theme, t } = figure.context;
        const { surface, spec } = /** @type {Run} */ (run);
        window = { x: wider(surface.w), y: wider(/** @type {number[]} */ (surface.b)) };
        colour = colours(theme, spec.loss, extent(/** @type {number[][]} */ (surface.loss).flat())[1]);
        margin = { l: roomBeside(figure.text, window.y, 4), r: 14, t: 12, b: 3.4 * figure.text };
        figure.draw([{ mode: "lines", ...window, line: { color: theme.path, width: 2.5 }, hoverinfo: "skip" }], {
          margin,
          xaxis: axis(figure, named(t, "w"), { range: window.x }),
          yaxis: axis(figure, named(t, "b"), { range: window.y }),
        });
        figure.element.setAttribute("aria-label", t("plot.search.description"));
      },

      attach() {
        const { theme, direct } = figure.context;
        pens = cartesian(figure.gd, direct, [PATH]);
        path = createPath(window, ["w", "b"], pens.line(PATH));
        marks.style(theme, figure.text, figure.width - margin.r, margin.l);
        treasure.style(theme, figure.text, figure.width - margin.r, margin.l);
        painted = null;
      },

      frame(view) {
        path.draw(view);
        pens.commit();
        uncover(view.search ?? null);
        const { rows, cursor } = view;
        const at = /** @type {Point} */ ([rows.columns.w[cursor], rows.columns.b[cursor]]);
        if (contains(window, ...at)) marks.ball(place(...at));
        else {
          const [left, beyond] = exit(window, rows, ["w", "b"], cursor);
          marks.outside(place(...left), place(...beyond), outsideText(figure.context.t, rows, ["w", "b"], cursor));
        }
      },
    };

    /** Paint the cells that were tried since the last frame. @param {Search | null} search */
    function uncover(search) {
      canvas.hidden = search === null;
      treasure.show(search !== null && search.done > 0);
      if (!search) {
        painted = null;
        return;
      }
      if (search.losses !== painted || search.done < done) lay(search);
      if (done === search.done) return;
      for (; done < search.done; done += 1) {
        const row = image.height - 1 - Math.floor(done / image.width);
        image.data.set(colour(search.losses[done]), 4 * (row * image.width + (done % image.width)));
      }
      canvas.getContext("2d")?.putImageData(image, 0, 0);
      const { w, b } = bestOf(search);
      treasure.move(place(w, b), figure.context.t("plot.search.best"), search.losses[search.best]);
    }

    /** Put an empty picture of the cells where they belong. @param {Search} search */
    function lay({ axes: { w, b }, losses }) {
      painted = losses;
      done = 0;
      image = new ImageData(w.length, b.length);
      [canvas.width, canvas.height] = [w.length, b.length];
      const [left] = place(window.x[0], 0);
      const [right] = place(window.x[1], 0);
      const [top, bottom] = b.length > 1 ? [window.y[1], window.y[0]].map((y) => place(0, y)[1]) : band(place(0, b[0])[1]);
      Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    }

    /** @param {number} w @param {number} b @returns {Point} */
    function place(w, b) {
      return [margin.l + pens.x(w), margin.t + pens.y(b)];
    }
  });
}

/** A single row of cells, high enough to be seen. @param {number} y */
const band = (y) => [y - THINNEST / 2, y + THINNEST / 2];

/** The ends of an axis with room for half a cell beyond them, as many values as are tried. @param {number[]} values @returns {[number, number]} */
function wider(values) {
  const [low, high] = ends(values);
  const half = (high - low) / (VALUES - 1) / 2;
  return [low - half, high + half];
}

/**
 * The colour that a loss has on the surface, as bytes.
 * @param {Theme} theme
 * @param {string} loss  its name
 * @param {number} most
 * @returns {(loss: number) => readonly number[]}
 */
function colours(theme, loss, most) {
  const { of } = heightOf(loss);
  const stops = [0, 1, 2, 3, 4].map((stop) => rgba(theme[`surface-${stop}`]).map((part) => 255 * part));
  const top = of(most) || 1;
  return (value) => {
    const at = Math.min((4 * of(value)) / top, 4);
    const low = Math.min(Math.floor(at), 3);
    return stops[low].map((part, i) => part + (stops[low + 1][i] - part) * (at - low));
  };
}

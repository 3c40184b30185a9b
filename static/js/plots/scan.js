/**
 * Exhaustive search over a single parameter: each value tried is a stem as high as its loss, and together they make the parabola;
 * the ball, which only ever looked where it was, beside them.
 *
 * @import {Run, View} from "../types.js"
 * @import {Context, Point, Window} from "./types.js"
 * @import {Cartesian} from "./pens.js"
 */

import { bestOf } from "../evaluations.js";
import { axis, roomBeside } from "./axis.js";
import { createPlot } from "./figure.js";
import { ends } from "./grid.js";
import { createMarks, exit, outsideText } from "./marks.js";
import { fade } from "./palette.js";
import { createPath } from "./path2d.js";
import { cartesian } from "./pens.js";
import { extent, padded } from "./scales.js";
import { createTreasure } from "./treasure.js";
import { contains } from "./trail.js";
import { named } from "./words.js";

const STEMS = 0; // traces
const PATH = 1;

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const treasure = createTreasure(figure.overlay);
    const marks = createMarks(figure.overlay);
    /** @type {Window} */
    let window;
    /** @type {Cartesian} */
    let pens;
    /** @type {ReturnType<typeof createPath>} */
    let path;
    let margin = { l: 0, r: 0, t: 0, b: 0 };

    return {
      identity: ({ run }) => [run?.serial, run?.surface],

      build({ run }) {
        const { theme, t } = figure.context;
        const { surface } = /** @type {Run} */ (run);
        const high = extent(/** @type {number[]} */ (surface.loss))[1];
        window = { x: padded(ends(surface.w), 0.01), y: [-0.1 * high, 1.04 * high] };
        margin = { l: roomBeside(figure.text, window.y, 4.2), r: 14, t: 12, b: 3.4 * figure.text };
        figure.draw(
          [
            { mode: "lines", ...window, line: { color: theme["surface-4"], width: 2, simplify: false }, hoverinfo: "skip" },
            { mode: "lines", ...window, line: { color: fade(theme.path, 0.8), width: 1.8 }, hoverinfo: "skip" },
          ],
          {
            margin,
            xaxis: axis(figure, named(t, "w"), { range: window.x }),
            yaxis: axis(figure, t("plot.axis.loss"), { range: window.y }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.search.description"));
      },

      attach() {
        const { theme, direct } = figure.context;
        pens = cartesian(figure.gd, direct, [STEMS, PATH]);
        path = createPath(window, ["w", "loss"], pens.line(PATH));
        marks.style(theme, figure.text, figure.width - margin.r, margin.l);
        treasure.style(theme, figure.text, figure.width - margin.r, margin.l);
      },

      frame(view) {
        path.draw(view);
        raise(view);
        pens.commit();
        const { rows, cursor } = view;
        const at = /** @type {Point} */ ([rows.columns.w[cursor], rows.columns.loss[cursor]]);
        if (contains(window, ...at)) marks.ball(place(...at));
        else {
          const [left, beyond] = exit(window, rows, ["w", "loss"], cursor);
          marks.outside(place(...left), place(...beyond), outsideText(figure.context.t, rows, ["w"], cursor));
        }
      },
    };

    /** A stem for every value tried. @param {View} view */
    function raise({ search }) {
      const tried = search?.done ?? 0;
      const { w = [] } = search?.axes ?? {};
      const xs = w.slice(0, tried).flatMap((x) => [x, x, NaN]);
      const ys = (search?.losses ?? []).slice(0, tried).flatMap((loss) => [0, loss, NaN]);
      pens.line(STEMS)(xs, ys, xs.length);
      treasure.show(tried > 0);
      if (search && tried > 0) treasure.move(place(bestOf(search).w, search.losses[search.best]), figure.context.t("plot.search.best"), search.losses[search.best]);
    }

    /** @param {number} w @param {number} loss @returns {Point} */
    function place(w, loss) {
      return [margin.l + pens.x(w), margin.t + pens.y(loss)];
    }
  });
}

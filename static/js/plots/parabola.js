/**
 * The loss over a single parameter: the curve, the steps from point to point on it, the ball, which can be taken, and the
 * optimum.
 *
 * @import {Run} from "../types.js"
 * @import {Context, Window} from "./types.js"
 * @import {Cartesian} from "./pens.js"
 */

import { axis, roomBeside } from "./axis.js";
import { createCompanions } from "./companions.js";
import { createPlot } from "./figure.js";
import { ends, refineRow } from "./grid.js";
import { createHands } from "./hands.js";
import { createMarks, exit, outsideText } from "./marks.js";
import { fade } from "./palette.js";
import { createPath } from "./path2d.js";
import { cartesian } from "./pens.js";
import { extent } from "./scales.js";
import { contains } from "./trail.js";
import { named, optimumText } from "./words.js";

const PATH = 1; // trace, after the curve

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  return createPlot(element, context, (figure) => {
    const marks = createMarks(figure.overlay);
    const companions = createCompanions(figure, ["w", "loss"]);
    const hands = createHands(figure, ["w"]);
    /** @type {Window} */
    let window;
    /** @type {Cartesian} */
    let pens;
    /** @type {ReturnType<typeof createPath>} */
    let path;
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    /** In pixels. @type {import("./types.js").Point | null} */
    let lowest = null;

    return {
      identity: ({ run }) => [run?.serial, run?.surface, run?.theory?.optimum_loss],

      build({ run }) {
        const { theme, t } = figure.context;
        const { surface } = /** @type {Run} */ (run);
        const loss = /** @type {number[]} */ (surface.loss);
        const [low, high] = extent(loss);
        window = { x: ends(surface.w), y: [low - 0.12 * (high - low), high + 0.04 * (high - low)] };
        margin = { l: roomBeside(figure.text, window.y, 4.2), r: 14, t: 12, b: 3.4 * figure.text };
        figure.draw(
          [
            {
              mode: "lines",
              x: refineRow(surface.w),
              y: refineRow(loss),
              line: { color: theme["surface-4"], width: 3, simplify: false },
              hoverinfo: "skip",
            },
            { mode: "lines", ...window, line: { color: fade(theme.path, 0.8), width: 1.8 }, hoverinfo: "skip" },
          ],
          {
            margin,
            xaxis: axis(figure, named(t, "w"), { range: window.x }),
            yaxis: axis(figure, t("plot.axis.loss"), { range: window.y }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.parabola.description"));
      },

      attach({ run }) {
        const { theme, t, direct } = figure.context;
        pens = cartesian(figure.gd, direct, [PATH]);
        path = createPath(window, ["w", "loss"], pens.line(PATH));
        marks.style(theme, figure.text, figure.width - margin.r, margin.l);
        hands.attach(window, place);
        companions.attach(window, place);
        const { optimum, optimum_loss: least = NaN } = run?.theory ?? {};
        lowest = optimum && contains(window, optimum.w, least) ? place(optimum.w, least) : null;
        marks.optimum(lowest, optimumText(t, run?.theory));
      },

      frame(view) {
        path.draw(view);
        pens.commit();
        const { rows, cursor } = view;
        const w = rows.columns.w[cursor];
        const loss = rows.columns.loss[cursor];
        const here = contains(window, w, loss) ? place(w, loss) : null;
        companions.frame(view, here, lowest);
        marks.nameOptimum(view.companions, [companions.cover]);
        if (here) {
          marks.ball(here);
          hands.frame(view, [w, loss]);
          return;
        }
        const [at, beyond] = exit(window, rows, ["w", "loss"], cursor);
        marks.outside(place(...at), place(...beyond), outsideText(figure.context.t, rows, ["w"], cursor));
        hands.frame(view, at);
      },

      destroy: () => hands.destroy(),
    };

    /** @param {number} w @param {number} loss @returns {[number, number]} */
    function place(w, loss) {
      return [margin.l + pens.x(w), margin.t + pens.y(loss)];
    }
  });
}

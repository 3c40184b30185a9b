/**
 * The loss over two parameters seen from above: the same heights in the same colours, with path, ball and optimum. The ball
 * can be taken, and wherever one points there is a line to look at (beans.js).
 *
 * @import {Run} from "../types.js"
 * @import {Context, Point, Theme} from "./types.js"
 * @import {Landscape} from "./landscape.js"
 * @import {Cartesian} from "./pens.js"
 */

import { createArrows } from "./arrows.js";
import { axis, roomBeside } from "./axis.js";
import { createCompanions } from "./companions.js";
import { createPlot } from "./figure.js";
import { createHands } from "./hands.js";
import { landscape } from "./landscape.js";
import { createMarks, exit, outsideText } from "./marks.js";
import { label } from "./overlay.js";
import { mix, surfaceScale } from "./palette.js";
import { createPath } from "./path2d.js";
import { cartesian } from "./pens.js";
import { contains } from "./trail.js";
import { named, optimumText } from "./words.js";

const PATH = 1; // trace, after the contours
const CONTOURS = 14;

/**
 * @param {HTMLElement} element
 * @param {Context} context
 * @param {string} [note]  key of a remark
 */
export function create(element, context, note) {
  return createPlot(element, context, (figure) => {
    const arrows = createArrows(figure.overlay, ["w", "b"]);
    const marks = createMarks(figure.overlay);
    const remark = label(figure.overlay, "note");
    const companions = createCompanions(figure, ["w", "b"]);
    const hands = createHands(figure, ["w", "b"]);
    /** @type {Landscape} */
    let land;
    /** @type {Cartesian} */
    let pens;
    /** @type {ReturnType<typeof createPath>} */
    let path;
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    /** In pixels. @type {Point | null} */
    let optimum = null;

    return {
      identity: ({ run }) => [run?.serial, run?.surface, run?.theory?.optimum_loss],

      build({ run }) {
        const { theme, t } = figure.context;
        land = landscape(/** @type {Run} */ (run));
        margin = { l: roomBeside(figure.text, land.window.y, 4), r: 14, t: 12, b: 3.4 * figure.text };
        figure.draw(
          [
            contours(land, theme),
            { mode: "lines", ...land.window, line: { color: theme.path, width: 2.5 }, hoverinfo: "skip" },
          ],
          {
            margin,
            xaxis: axis(figure, named(t, "w"), { range: land.window.x }),
            yaxis: axis(figure, named(t, "b"), { range: land.window.y }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.contour.description"));
      },

      attach({ run }) {
        const { theme, t, direct } = figure.context;
        pens = cartesian(figure.gd, direct, [PATH]);
        path = createPath(land.window, ["w", "b"], pens.line(PATH));
        figure.element.dataset.drawing = pens.direct ? "direct" : "public";
        marks.style(theme, figure.text, figure.width - margin.r, margin.l);
        arrows.style(theme, figure.text);
        hands.attach(land.window, place);
        companions.attach(land.window, place);
        const goal = run?.theory?.optimum;
        optimum = goal && contains(land.window, goal.w, goal.b) ? place(goal.w, goal.b) : null;
        marks.optimum(optimum, optimumText(t, run?.theory));
        remark.show(note !== undefined);
        if (note === undefined) return;
        remark.style(theme.ink, theme.panel, 0.95 * figure.text);
        remark.write(t(note));
        remark.move(margin.l + 8, margin.t + 1.4 * figure.text);
      },

      frame(view) {
        path.draw(view);
        pens.commit();
        const corner = /** @type {[number, number]} */ ([margin.l + 8, figure.height - margin.b - 8]);
        arrows.draw(view, land.window, place, figure.context.t, corner);
        const { rows, cursor } = view;
        const w = rows.columns.w[cursor];
        const b = rows.columns.b[cursor];
        const here = contains(land.window, w, b) ? place(w, b) : null;
        companions.frame(view, here, optimum);
        marks.nameOptimum(view.companions, [companions.cover]);
        if (here) {
          marks.ball(here);
          hands.frame(view, [w, b]);
          return;
        }
        const [at, beyond] = exit(land.window, rows, ["w", "b"], cursor);
        marks.outside(place(...at), place(...beyond), outsideText(figure.context.t, rows, ["w", "b"], cursor));
        hands.frame(view, at);
      },

      destroy: () => hands.destroy(),
    };

    /** @param {number} w @param {number} b @returns {Point} */
    function place(w, b) {
      return [margin.l + pens.x(w), margin.t + pens.y(b)];
    }
  });
}

/**
 * @param {Landscape} land
 * @param {Theme} theme
 */
function contours({ grid, axes }, theme) {
  const top = axes[2].range[1] / 1.02;
  return {
    type: "contour",
    ...grid,
    showscale: false,
    colorscale: surfaceScale(theme),
    zmin: 0,
    zmax: top,
    contours: { coloring: "heatmap", start: 0, end: top, size: top / CONTOURS },
    line: { color: mix(theme.ink, theme["surface-2"], 0.45), width: 0.8 },
    hoverinfo: "skip",
  };
}

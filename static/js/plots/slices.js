/**
 * The bowl cut through the ball: the loss along one parameter while the other stays where it is, as a parabola for each. The
 * tangent at the ball has the slope of that parameter; both slopes together are the gradient.
 *
 * @import {Run, View} from "../types.js"
 * @import {Context, Plot, Range, Window} from "./types.js"
 * @import {Cartesian} from "./pens.js"
 */

import { short, significant } from "../numbers.js";
import { createObjective } from "../objective.js";
import { axis, roomBeside } from "./axis.js";
import { createCompanions } from "./companions.js";
import { createPlot } from "./figure.js";
import { ends, reader, refine } from "./grid.js";
import { createHands } from "./hands.js";
import { createMarks, exit, outsideText } from "./marks.js";
import { label, stroke } from "./overlay.js";
import { cartesian } from "./pens.js";
import { extent, roundUp } from "./scales.js";
import { clip, contains } from "./trail.js";
import { named } from "./words.js";

const CURVE = 0; // trace
const REACH = 0.2; // of the picture's width, that the tangent goes to each side
const NARROW = 21; // ems of the picture's width, below which the slope goes without the word for it
const TIGHT = 15; // ems of the same, below which the words above the curve begin at the picture's edge
const NAMES = /** @type {const} */ (["w", "b"]);

/**
 * @typedef {{ own: "w" | "b", other: "w" | "b", at: (own: number, other: number) => number,
 *   slope: (theta: { w: number, b: number }) => number }} Slice
 */

/**
 * @param {HTMLElement} element
 * @param {Context} context
 * @returns {Plot}
 */
export function create(element, context) {
  /** @type {Run | null} */
  let known = null;
  /** @type {(w: number, b: number) => number} */
  let loss;
  /** @type {ReturnType<typeof createObjective>} */
  let objective;

  const plots = NAMES.map((own) => {
    const place = document.createElement("div");
    place.className = "slice";
    place.dataset.slice = own;
    element.append(place);
    const other = own === "w" ? "b" : "w";
    return createSlice(place, context, {
      own,
      other,
      at: (here, there) => (own === "w" ? loss(here, there) : loss(there, here)),
      slope: (theta) => objective.gradient(theta)[own],
    });
  });

  /** @param {Run} run */
  function learn(run) {
    known = run;
    const { w, b, loss: values } = run.surface;
    loss = reader(refine({ x: w, y: /** @type {number[]} */ (b), z: /** @type {number[][]} */ (values) }));
    objective = createObjective(run);
  }

  return {
    update(view) {
      if (view.run && view.run !== known) learn(view.run);
      for (const plot of plots) plot.update(view);
    },
    restyle: (next) => plots.forEach((plot) => plot.restyle(next)),
    destroy() {
      for (const plot of plots) plot.destroy();
      element.replaceChildren();
    },
  };
}

/**
 * @param {HTMLElement} element
 * @param {Context} context
 * @param {Slice} slice
 */
function createSlice(element, context, { own, other, at, slope }) {
  return createPlot(element, context, (figure) => {
    const tangent = stroke(figure.overlay, "tangent");
    const marks = createMarks(figure.overlay);
    // Others stand at another place across the slice, so their height is not the curve's.
    const companions = createCompanions(figure, [own, "loss"], { paths: false, mostNamed: 2 });
    const fixed = label(figure.overlay, "fixed");
    const slopeText = label(figure.overlay, "slope", 3, 600);
    const away = label(figure.overlay, "away");
    const hands = createHands(figure, [own]);
    /** @type {Window} */
    let window = { x: [0, 1], y: [0, 1] };
    /** @type {number[]} */
    let xs = [];
    /** @type {Cartesian} */
    let pens;
    let margin = { l: 0, r: 0, t: 0, b: 0 };
    let serial = NaN;
    let top = 0;
    let drawn = NaN; // the other parameter, for which the curve stands
    /** Of the other parameter on the surface. @type {Range} */
    let range = [0, 1];

    return {
      identity(view) {
        fit(view);
        return [view.run?.serial, view.run?.surface, top];
      },

      build() {
        const { theme, t } = figure.context;
        window = { x: ends(xs), y: [-0.06 * top, top] };
        margin = { l: roomBeside(figure.text, window.y, 3.4), r: 10, t: 3 * figure.text, b: 3 * figure.text };
        figure.draw(
          [{ mode: "lines", ...window, line: { color: theme[`slice-${own}`], width: 2.5, simplify: false }, hoverinfo: "skip" }],
          {
            margin,
            xaxis: axis(figure, named(t, own), { range: window.x, nticks: 4 }),
            yaxis: axis(figure, t("plot.axis.loss"), { range: window.y, nticks: 4 }),
          },
        );
        figure.element.setAttribute("aria-label", t("plot.slice.description", { own, other }));
      },

      attach() {
        const { theme, t } = figure.context;
        const colour = theme[`slice-${own}`];
        pens = cartesian(figure.gd, figure.context.direct, [CURVE]);
        drawn = NaN;
        marks.style(theme, figure.text, figure.width - margin.r, margin.l);
        marks.optimum(null, "");
        tangent.style(theme.ink);
        tangent.element.setAttribute("stroke-dasharray", "none");
        const left = figure.width < TIGHT * figure.text ? 4 : margin.l;
        fixed.style(theme.muted, theme.panel, figure.text);
        fixed.move(left, 1.1 * figure.text);
        fixed.keepWithin(figure.width - left);
        slopeText.style(colour, theme.panel, figure.text);
        slopeText.move(left, 2.4 * figure.text);
        slopeText.keepWithin(figure.width - left);
        away.style(theme.muted, theme.panel, figure.text, "middle");
        away.keepWithin(figure.width - margin.l - margin.r);
        away.move((margin.l + figure.width - margin.r) / 2, (margin.t + figure.height - margin.b) / 2);
        away.write(t("plot.slice.away", { name: other }));
        hands.attach(window, place, t("hand.ball-along", { name: own }));
        companions.attach(window, place);
      },

      frame(view) {
        const { rows, cursor } = view;
        const theta = { w: rows.columns.w[cursor], b: rows.columns.b[cursor] };
        const loss = rows.columns.loss[cursor];
        drawCurve(theta[other]);
        const steepness = slope(theta);
        fixed.write(figure.context.t("plot.slice.fixed", { name: other, value: short(theta[other], 6) }));
        slopeText.write(figure.context.t(figure.width < NARROW * figure.text ? "plot.slice.slope-short" : "plot.slice.slope", { name: own, value: significant(steepness, 4) }));
        const inside = contains(window, theta[own], loss);
        const here = place(theta[own], loss);
        companions.frame(view, inside ? here : null);
        if (inside) {
          marks.ball(here);
          hands.frame(view, [theta[own], loss]);
        } else {
          const [at, beyond] = exit(window, rows, [own, "loss"], cursor);
          marks.outside(place(...at), place(...beyond), outsideText(figure.context.t, rows, [own], cursor));
          hands.frame(view, at);
        }
        const reach = REACH * (window.x[1] - window.x[0]);
        const [left, right] = [-reach, reach];
        const part = inside && clip(window, theta[own] + left, loss + left * steepness, theta[own] + right, loss + right * steepness);
        tangent.show(Boolean(part));
        if (part) tangent.move(place(part[0], part[1]), place(part[2], part[3]));
      },

      destroy: () => hands.destroy(),
    };

    /** The loss along this parameter; none where the other one has left the surface. @param {number} there */
    function drawCurve(there) {
      if (there === drawn) return;
      drawn = there;
      const [low, high] = range;
      const known = there >= low && there <= high;
      away.show(!known);
      pens.line(CURVE)(known ? xs : [], known ? xs.map((x) => at(x, there)) : [], known ? xs.length : 0);
      pens.commit();
    }

    /** So high that the slice through the lowest place is all there, and the ball too; it only grows. @param {View} view */
    function fit({ run, rows, cursor }) {
      if (!run) return;
      if (run.serial !== serial) {
        serial = run.serial;
        xs = run.surface[own] ?? [];
        range = ends(run.surface[other] ?? []);
        const through = run.theory?.optimum[other] ?? (range[0] + range[1]) / 2;
        top = 1.04 * extent(xs.map((x) => at(x, through)))[1] || 1;
      }
      const loss = rows.columns.loss[cursor];
      const shown = rows.columns[own][cursor] >= xs[0] && rows.columns[own][cursor] <= xs[xs.length - 1];
      if (shown && loss > top) top = roundUp(1.05 * loss);
    }

    /** @param {number} x @param {number} y @returns {[number, number]} */
    function place(x, y) {
      return [margin.l + pens.x(x), margin.t + pens.y(y)];
    }
  });
}

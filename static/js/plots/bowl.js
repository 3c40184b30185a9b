/**
 * The loss over two parameters as a bowl: the surface, the path of the run just above it, the ball and the optimum.
 * A frame adds the new steps to the path and moves the ball; the surface stands. On request, the slices through the ball. Where
 * drawing is slow, the bowl follows jumps at its own pace (pace.js). Where a processor draws it, the picture is a lighter one, and
 * the lines are drawn on a sheet before it (sheet.js); where there is no WebGL, it is seen from above (contour.js).
 *
 * @import {Run, View} from "../types.js"
 * @import {Context, Point, Theme} from "./types.js"
 * @import {Axis3d, Project} from "./axes3d.js"
 * @import {Landscape} from "./landscape.js"
 * @import {Scene} from "./pens.js"
 */

import { createAxes } from "./axes3d.js";
import { createCamera } from "./camera.js";
import { COMPANION_WIDTH, createCompanions } from "./companions3d.js";
import * as contour from "./contour.js";
import { rollOf } from "./crew.js";
import { createPlot } from "./figure.js";
import { landscape, REFINED } from "./landscape.js";
import { createMarks, exit, outsideText } from "./marks.js";
import { mix, surfaceScale } from "./palette.js";
import { createPace } from "./pace.js";
import { createPath, TAIL_WIDTH, WIDTH } from "./path3d.js";
import { scene } from "./pens.js";
import { projector } from "./projection.js";
import { createSheet } from "./sheet.js";
import { createSlices, SLICE_WIDTH } from "./slices3d.js";
import { contains } from "./trail.js";
import { named, optimumText } from "./words.js";

const SURFACE = 0; // traces
const PATH = 1;
const TAIL = 2;
const SLICES = [3, 4]; // along w, along b
const COMPANIONS = 5; // and from there on, one each
const FEWER = 4000; // segments, about, of a path on a sheet
const CONTOURS = 14;
const RETRY = 500; // milliseconds
const ASPECT = { x: 1, y: 1, z: 0.72 };

/**
 * @param {HTMLElement} element
 * @param {Context} context
 */
export function create(element, context) {
  const artist = whoDraws();
  if (!artist) return contour.create(element, context, "plot.flat");
  const light = artist === "processor";
  return createPlot(element, context, (figure) => {
    const axes = createAxes(figure.overlay);
    const marks = createMarks(figure.overlay);
    const companions = createCompanions(figure);
    /** On which a processor's lines are drawn. */
    const sheet = light ? createSheet(figure.overlay) : null;
    const camera = createCamera(figure);
    const pace = createPace(draw);
    /** @type {Landscape} */
    let land;
    /** @type {Scene} */
    let stage;
    /** @type {ReturnType<typeof createPath>} */
    let path;
    /** @type {ReturnType<typeof createSlices>} */
    let slices;
    /** @type {Project} */
    let project;
    /** In pixels. @type {Point | null} */
    let optimum = null;
    /** What is on the picture. @type {View} */
    let shown;
    /** What shall be. @type {View} */
    let next;

    return {
      identity: ({ run, companions }) => [run?.serial, run?.surface, run?.theory?.optimum_loss, rollOf(companions)],

      build({ run, companions: others = [] }) {
        const { theme, t } = figure.context;
        pace.restart();
        land = landscape(/** @type {Run} */ (run), light);
        const widths = light ? [] : [WIDTH, TAIL_WIDTH, SLICE_WIDTH, SLICE_WIDTH, ...others.map(() => COMPANION_WIDTH)];
        const lines = widths.map((width) => line(land, theme, width));
        figure.draw([surface(land, theme, light), ...lines], {
          margin: { l: 0, r: 0, t: 0, b: 0 },
          dragmode: "turntable",
          scene: {
            camera: camera.value(),
            aspectmode: "manual",
            aspectratio: ASPECT,
            hovermode: false,
            xaxis: wall(land.axes[0], theme),
            yaxis: wall(land.axes[1], theme),
            zaxis: wall(land.axes[2], theme),
          },
        }, light ? { plotGlPixelRatio: 1 } : {}); // of a pixel on the screen, else 2
        figure.element.setAttribute("aria-label", t("plot.bowl.description"));
      },

      attach(view) {
        const { theme, t, direct } = figure.context;
        const [w, b, height] = land.axes;
        const titled = (/** @type {Axis3d} */ axis, /** @type {string} */ title) => ({ ...axis, title });
        const size = /** @type {[number, number]} */ ([figure.width, figure.height]);
        axes.style([titled(w, named(t, "w")), titled(b, named(t, "b")), titled(height, t(height.title))], theme, figure.text, size);
        marks.style(theme, figure.text, figure.width);
        stage = scene(figure.gd, direct);
        if (light) stage.thin(SURFACE, REFINED);
        sheet?.clear();
        const { line } = sheet ?? stage;
        path = createPath(land, line(PATH, theme.path, WIDTH), line(TAIL, theme.path, TAIL_WIDTH), sheet ? FEWER : undefined);
        const [alongW, alongB] = SLICES.map((trace, i) => line(trace, theme[i === 0 ? "slice-w" : "slice-b"], SLICE_WIDTH));
        slices = createSlices(land, alongW, alongB);
        companions.attach(land, (index, colour) => line(COMPANIONS + index, colour, COMPANION_WIDTH));
        figure.element.dataset.drawing = stage.direct ? "direct" : "public";
        camera.attach(stage);
        shown = view;
        next = view;
        stage.onTurn(turned);
        stage.onLost(() => {
          camera.keep();
          recover();
        });
      },

      frame(view) {
        next = view;
        if (sheet) {
          draw();
          stage.rest();
          return;
        }
        // A bowl that plays is looked at; who jumps about wants the numbers at once, and the bowl follows when it can.
        if (!pace.ask(view.status === "playing" || view.racing === true)) stage.rest();
        tellBehind();
      },

      destroy() {
        pace.restart();
        camera.destroy();
      },
    };

    function draw() {
      if (!stage.alive) return; // until the graphics context is back
      shown = next;
      path.draw(shown);
      companions.frame(shown);
      const { w, b } = shown.rows.columns;
      const sliced = shown.options.view === "slices";
      slices.through(sliced ? w[shown.cursor] : NaN, sliced ? b[shown.cursor] : NaN);
      if (!sheet) stage.commit();
      placeBall();
      tellBehind();
    }

    function tellBehind() {
      figure.element.toggleAttribute("data-behind", pace.behind);
    }

    /** The graphics card was taken away: begin anew as soon as it is back. */
    function recover() {
      if (whoDraws()) figure.reset();
      else setTimeout(recover, RETRY);
    }

    /** The scene has been drawn from another side: what stands above it follows. */
    function turned() {
      project = projector(stage.matrices(), stage.scale, figure.width, figure.height);
      axes.place(project);
      sheet?.turn(project);
      const goal = shown.run?.theory?.optimum;
      optimum = goal && contains(land.window, goal.w, goal.b) ? above(goal.w, goal.b, 0) : null;
      marks.optimum(optimum, optimumText(figure.context.t, shown.run?.theory));
      placeBall();
    }

    function placeBall() {
      const { rows, cursor } = shown;
      const w = rows.columns.w[cursor];
      const b = rows.columns.b[cursor];
      const here = contains(land.window, w, b) ? above(w, b, path.lift) : null;
      companions.place(above, here, optimum);
      marks.nameOptimum(shown.companions, [companions.cover, axes.cover]);
      if (here) {
        marks.ball(here);
        return;
      }
      const [at, beyond] = exit(land.window, rows, ["w", "b"], cursor);
      const z = land.height(...at) + path.lift;
      marks.outside(project(...at, z), project(...beyond, z), outsideText(figure.context.t, rows, ["w", "b"], cursor));
    }

    /** @param {number} w @param {number} b @param {number} lift @returns {Point} */
    function above(w, b, lift) {
      return project(w, b, land.height(w, b) + lift);
    }
  });
}

/**
 * @param {Landscape} land
 * @param {Theme} theme
 * @param {boolean} light  whether a pixel is one of the screen: a line is twice as wide then, and so it is paler
 */
function surface({ grid, axes }, theme, light) {
  const top = axes[2].ticks.length ? axes[2].range[1] / 1.02 : 1;
  const still = { show: false, highlight: false };
  return {
    type: "surface",
    ...grid,
    showscale: false,
    colorscale: surfaceScale(theme),
    cmin: 0,
    cmax: top,
    contours: {
      x: still,
      y: still,
      z: { show: true, highlight: false, color: mix(theme.ink, theme["surface-2"], light ? 0.3 : 0.45), width: 1, start: 0, end: top, size: top / CONTOURS },
    },
    lighting: { ambient: 0.82, diffuse: 0.32, specular: 0.04, roughness: 0.9, fresnel: 0.02 },
    hoverinfo: "skip",
  };
}

/**
 * A line that fast.js or restyle.js will draw; until then it has no length.
 * @param {Landscape} land
 * @param {Theme} theme
 * @param {number} width
 */
function line({ window: { x, y } }, theme, width) {
  const there = { x: [x[0], x[0]], y: [y[0], y[0]], z: [0, 0] };
  return { type: "scatter3d", mode: "lines", ...there, line: { color: theme.path, width }, hoverinfo: "skip" };
}

/**
 * A side of the box: its grid is Plotly's, its labels are ours.
 * @param {Axis3d} axis
 * @param {Theme} theme
 */
const wall = ({ range, ticks }, theme) => ({
  range,
  autorange: false,
  title: { text: "" },
  tickmode: "array",
  tickvals: ticks.map(({ value }) => value),
  ticktext: ticks.map(() => ""),
  showticklabels: false,
  gridcolor: theme.grid,
  gridwidth: 1,
  zeroline: false,
  showline: false,
  showspikes: false,
  showbackground: false,
});

/** What draws a scene here, as far as browsers tell; null if nothing does. @returns {"card" | "processor" | null} */
function whoDraws() {
  const gl = document.createElement("canvas").getContext("webgl");
  if (!gl) return null;
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  const name = told ? String(gl.getParameter(told.UNMASKED_RENDERER_WEBGL)) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name) ? "processor" : "card";
}

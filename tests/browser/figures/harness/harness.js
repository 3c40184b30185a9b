/**
 * The figures alone, with the rows of a run given at once: `figures.open(…)` draws them, `figures.show(…)` is one frame.
 */

import * as beans from "/static/js/plots/beans.js";
import * as bowl from "/static/js/plots/bowl.js";
import * as contour from "/static/js/plots/contour.js";
import * as loss from "/static/js/plots/loss.js";
import { readTheme } from "/static/js/plots/palette.js";
import * as parabola from "/static/js/plots/parabola.js";
import { createRows } from "/static/js/rows.js";

const MAKERS = { beans, bowl, contour, loss, parabola };
const words = { "plot.thinned": "{shown} of {count}", "plot.outside": "outside: {values}", "plot.lowest": "lowest {loss}" };
const t = (key, facts = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const element = (place) => document.getElementById(place);
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

const figures = {
  view: null,
  plots: {},
  options: {},

  /** Make the figures { place: kind } and draw a run with all its rows. */
  async open({ run, rows }, kinds, options = {}) {
    figures.close();
    figures.options = options;
    figures.view = { run, rows: createRows([...run.parameters, "loss"]), cursor: 0, status: "paused", options: { lossScale: "log" } };
    figures.append(rows);
    for (const [place, kind] of Object.entries(kinds)) {
      figures.plots[place] = MAKERS[kind].create(element(place), figures.context());
    }
    await figures.show(rows.step.length - 1);
  },

  /** Add rows as a frame of the stream brings them. */
  append({ step, ...columns }) {
    const names = [...figures.view.run.parameters, "loss"];
    figures.view.rows.append({
      kind: "steps",
      rows: step.length,
      firstStep: step[0],
      stride: step.length > 1 ? step[1] - step[0] : 1,
      columns: names.map((name) => Float64Array.from(columns[name])),
    });
  },

  /** Other runs beside it, each with all its rows, shown at the row of the same place. */
  async accompany(others, cursors) {
    figures.view.companions = others.map(({ rows: { step, ...columns }, ...companion }, i) => {
      const names = [...figures.view.run.parameters, "loss"];
      const rows = createRows(names);
      rows.append({
        kind: "steps",
        rows: step.length,
        firstStep: step[0],
        stride: 1,
        columns: names.map((name) => Float64Array.from(columns[name])),
      });
      return { ...companion, rows, cursor: cursors[i] };
    });
    await figures.show(figures.view.cursor);
  },

  /** The points of a companion's line, in pixels of the figure; null parts it. */
  beside(place, key) {
    const pieces = [...element(place).querySelectorAll(`.companion[data-key="${key}"] > :last-child > path`)];
    const parts = pieces.map((piece) => [...(piece.getAttribute("d") ?? "").matchAll(/([ML])([-\d.e]+),([-\d.e]+)/g)]
      .map(([, command, x, y], i) => ({ from: command === "M" && i > 0, at: [Number(x), Number(y)] })));
    return parts.flatMap((part, k) => (k > 0 ? part.slice(1) : part).flatMap(({ from, at }) => (from ? [null, at] : [at])));
  },

  /** Show a row, and wait until it is on the screen. */
  async show(cursor, changes = {}) {
    Object.assign(figures.view, { cursor }, changes);
    figures.update();
    await nextFrame();
    await nextFrame();
    figures.update();
    do await nextFrame();
    while (document.querySelector("[data-behind]"));
  },

  update() {
    for (const plot of Object.values(figures.plots)) plot.update(figures.view);
  },

  async theme(name) {
    document.documentElement.dataset.theme = name;
    for (const plot of Object.values(figures.plots)) plot.restyle(figures.context());
    await figures.show(figures.view.cursor);
  },

  context: () => ({ theme: readTheme(), t, reducedMotion: false, direct: figures.options.direct }),

  close() {
    for (const plot of Object.values(figures.plots)) plot.destroy();
    figures.plots = {};
  },

  /** Plotly's own element of a figure. */
  gd: (place) => element(place).firstElementChild,

  /** The numbers of a line's path, in pixels of the axes; null parts it. */
  path(place, trace) {
    const gd = figures.gd(place);
    const d = gd.querySelector(`.trace${gd._fullData[trace].uid} path.js-line`).getAttribute("d");
    return [...d.matchAll(/([ML])([-\d.e]+),([-\d.e]+)/g)].flatMap(([, command, x, y], i) =>
      command === "M" && i > 0 ? [null, [Number(x), Number(y)]] : [[Number(x), Number(y)]]);
  },

  /** Where values stand in a cartesian figure, in pixels of its axes. */
  pixels(place, xs, ys) {
    const { xaxis, yaxis } = figures.gd(place)._fullLayout;
    return xs.map((x, i) => [xaxis.d2p(x), yaxis.d2p(ys[i])]);
  },
};
window.figures = figures;
document.documentElement.dataset.ready = "";

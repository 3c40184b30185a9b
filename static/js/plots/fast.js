/**
 * Direct drawing: the one module that knows Plotly's private parts (written for plotly.js 4.1).
 *
 * Plotly lays a figure out; between two layouts only what moves is set anew, in its own elements and buffers. Each function
 * gives null where a part is not as expected, so that with another version the public functions take over (restyle.js).
 *
 * @import {Cartesian, Pen, Scene} from "./pens.js"
 */

import { tenths } from "./ink.js";
import { rgba } from "./palette.js";

const FLOATS = 12; // of a vertex of gl-line3d: position, other end, arc length, ± width, red, green, blue, alpha
const CORNERS = 4; // of a segment

/**
 * Pens for a figure with one pair of axes.
 * @param {any} gd
 * @param {readonly number[]} moving  the traces to draw
 * @returns {Cartesian | null}
 */
export function cartesian(gd, moving) {
  const { xaxis, yaxis } = gd._fullLayout ?? {};
  if (typeof xaxis?.d2p !== "function" || typeof yaxis?.d2p !== "function" || !gd._fullData) return null;
  /** @type {Record<number, SVGPathElement>} */
  const paths = {};
  for (const trace of moving) {
    paths[trace] = gd.querySelector(`.trace${gd._fullData[trace]?.uid} path.js-line`);
    if (!paths[trace]) return null;
  }
  return {
    direct: true,
    x: (value) => xaxis.d2p(value),
    y: (value) => yaxis.d2p(value),
    line: (trace) => linePen(paths[trace], xaxis, yaxis),
    commit() {},
  };
}

/**
 * A line of a cartesian figure, set through its path; the part that has settled is turned into text only once.
 * @param {SVGPathElement} path
 * @param {any} xaxis
 * @param {any} yaxis
 * @returns {Pen}
 */
function linePen(path, xaxis, yaxis) {
  let prefix = "";
  let kept = 0;
  let apart = true; // whether the next point begins a new part
  return (xs, ys, count, settled = 0) => {
    if (settled < kept || kept === 0) [prefix, kept, apart] = ["", 0, true];
    prefix += text(xs, ys, kept, settled);
    kept = settled;
    const before = apart;
    path.setAttribute("d", prefix + text(xs, ys, kept, count) || "M0,0");
    apart = before;
  };

  /** @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {number} from @param {number} to */
  function text(xs, ys, from, to) {
    let d = "";
    for (let i = from; i < to; i += 1) {
      const x = tenths(xaxis.d2p(xs[i]));
      const y = tenths(yaxis.d2p(ys[i]));
      // NaN parts the line; so does a loss of 0 on a log axis, which has no place there.
      if (Number.isNaN(x) || Number.isNaN(y)) apart = true;
      else {
        d += (apart ? "M" : "L") + x + "," + y;
        apart = false;
      }
    }
    return d;
  }
}

/** What Plotly itself does when a scene has been drawn. @type {WeakMap<object, () => void>} */
const renders = new WeakMap();

/**
 * The 3D scene of a figure.
 * @param {any} gd
 * @returns {Scene | null}
 */
export function scene(gd) {
  const own = gd._fullLayout?.scene?._scene;
  const glplot = own?.glplot;
  const { view, projection, model } = glplot?.cameraParams ?? {};
  if (!projection || !model || view === undefined || typeof own.getCamera !== "function") return null;
  if (typeof own.setViewport !== "function") return null;
  if (typeof glplot.onrender !== "function" || typeof glplot.redraw !== "function") return null;
  /** @type {Record<number, any>} */
  const lines = {};
  for (const { index, uid, type, mode } of gd._fullData) {
    if (type !== "scatter3d" || mode !== "lines") continue;
    lines[index] = own.traces?.[uid]?.linePlot;
    if (typeof lines[index]?.buffer?.update !== "function" || !Array.isArray(lines[index].arcLength)) return null;
  }
  settle(glplot.camera?.view);
  forgetPicking(glplot);
  const render = renders.get(glplot) ?? glplot.onrender;
  renders.set(glplot, render);
  return {
    direct: true,
    get alive() {
      return own.glplot === glplot && !glplot.contextLost;
    },
    onLost(listener) {
      // Plotly's own recovery waits for the old context, which browsers do not give back to who does not ask for it.
      // It is told in the middle of a drawing, which must come to its end first.
      glplot.oncontextloss = () => setTimeout(listener);
    },
    line: (trace, colour, width) => linePen3d(lines[trace], own.dataScale, rgba(colour), width),
    thin: (trace, every) => thin(glplot.gl, own.traces[gd._fullData[trace]?.uid]?.surface, every),
    camera: () => own.getCamera(),
    look(camera) {
      gd.layout.scene.camera = { ...own.getCamera(), ...camera };
      own.setViewport({ ...own.fullSceneLayout, camera: gd.layout.scene.camera });
    },
    matrices: () => [glplot.cameraParams.model, glplot.cameraParams.view, glplot.cameraParams.projection],
    scale: own.dataScale,
    onTurn(listener) {
      /** @type {number[]} */
      let seen = [];
      glplot.onrender = () => {
        // Plotly works out ticks, what is hovered and annotations in every frame; they change when the scene turns. (Without a
        // context there is nothing to draw on, and it would complain.)
        const now = [...glplot.cameraParams.view, glplot.cameraParams.projection[0], glplot.cameraParams.model[0]];
        if (glplot.contextLost || now.every((value, i) => value === seen[i])) return;
        seen = now;
        render();
        listener();
      };
      glplot.redraw();
    },
    commit() {},
    rest() {
      // Chromium without a graphics card puts off part of the work for all other pictures until something is drawn with
      // WebGL: a few milliseconds for each frame, which together would make the next drawing late.
      glplot.gl.flush();
    },
  };
}

/**
 * A line of the scene, written straight into its vertex buffer: only what is new is uploaded.
 * @param {any} plot  of gl-line3d
 * @param {number[]} scale
 * @param {readonly number[]} colour
 * @param {number} width
 * @returns {import("./pens.js").Pen3d}
 */
function linePen3d(plot, scale, colour, width) {
  let vertices = new Float32Array(0);
  let used = 0; // vertices written
  let uploaded = 0;
  const segmentEnds = [0];
  const last = [NaN, NaN, NaN];
  plot.arcLength = [0, 1];
  plot.hasAlpha = colour[3] < 1;

  /** @param {number[]} at @param {number[]} other @param {number} side */
  function vertex(at, other, side) {
    vertices.set([at[0], at[1], at[2], other[0], other[1], other[2], 0, side * width, ...colour], used * FLOATS);
    used += 1;
  }

  function reserve() {
    if ((used + CORNERS + 2) * FLOATS <= vertices.length) return;
    const larger = new Float32Array(Math.max(2 * vertices.length, 256 * FLOATS));
    larger.set(vertices);
    vertices = larger;
    uploaded = -1;
  }

  return {
    clear() {
      used = 0;
      uploaded = Math.min(uploaded, 0);
      segmentEnds.length = 1;
      last[0] = NaN;
    },
    segment(x0, y0, z0, x1, y1, z1, joined) {
      reserve();
      const start = [x0 * scale[0], y0 * scale[1], z0 * scale[2]];
      const end = [x1 * scale[0], y1 * scale[1], z1 * scale[2]];
      if (used > 0 && !joined) {
        // Two triangles without area lead from one end of the strip to the next beginning.
        vertices.copyWithin(used * FLOATS, (used - 1) * FLOATS, used * FLOATS);
        used += 1;
        vertex(start, end, 1);
      }
      vertex(start, end, 1);
      vertex(start, end, -1);
      vertex(end, start, -1);
      vertex(end, start, 1);
      segmentEnds.push(used);
    },
    show(segments) {
      if (uploaded < 0) plot.buffer.update(vertices);
      else if (used > uploaded) {
        plot.buffer.update(vertices.subarray(uploaded * FLOATS, used * FLOATS), uploaded * FLOATS * 4);
      }
      uploaded = used;
      plot.vertexCount = segmentEnds[Math.min(segments, segmentEnds.length - 1)];
      plot.dirty = true;
    },
  };
}

const CELL = 6; // vertices of gl-surface3d: two triangles
const FIRST = [0, 1, 2, 3]; // of a cell at its corners: the first one, and the next along columns, rows and both

/**
 * Draw a surface with some of the vertices that it has. A processor takes its time for each triangle, however small.
 * @param {WebGLRenderingContext} gl
 * @param {any} surface  of gl-surface3d, or undefined
 * @param {number} every  so-many-th line of its grid
 */
function thin(gl, surface, every) {
  const { shape, _vao: vao, _vertexCount: all } = surface ?? {};
  const [rows, columns] = shape?.map((/** @type {number} */ count) => count - 1) ?? [];
  // Where values are missing, so are their cells.
  if (all !== CELL * rows * columns || rows % every > 0 || columns % every > 0 || !vao?._ext) return;
  if (typeof vao.draw !== "function" || !gl.getExtension("OES_element_index_uint")) return;

  /** A vertex at a point of the grid: that of the cell which begins there, or at the edge of the last one. @param {number} i @param {number} j */
  const at = (i, j) => {
    const [row, column] = [Math.min(i, rows - 1), Math.min(j, columns - 1)];
    return CELL * (row * columns + column) + FIRST[2 * (i - row) + (j - column)];
  };
  const triangles = [];
  for (let i = 0; i < rows; i += every) {
    for (let j = 0; j < columns; j += every) {
      const [a, b, c, d] = [at(i, j), at(i, j + every), at(i + every, j), at(i + every, j + every)];
      triangles.push(a, b, c, d, c, b);
    }
  }
  vao.bind();
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(triangles), gl.STATIC_DRAW);
  vao.unbind();
  // Plotly may give it another grid before this is called again.
  vao.draw = (/** @type {number} */ mode, /** @type {number} */ count, first = 0) => {
    if (count === all) gl.drawElements(mode, triangles.length, gl.UNSIGNED_INT, 0);
    else gl.drawArrays(mode, first, count);
  };
}

/**
 * Have a camera stand at once where it is put. Plotly leads it there for half a second after each layout, though it stands there
 * already: it comes by in a curve, and each step of that draws the scene.
 * @param {any} view  of 3d-view
 */
function settle(view) {
  if (typeof view?.recalcMatrix !== "function" || typeof view.lastT !== "function") return;
  const recalculate = Object.getPrototypeOf(view).recalcMatrix;
  view.recalcMatrix = (/** @type {number} */ time) => recalculate.call(view, Math.max(time, view.lastT()));
}

/**
 * Take the scene's objects out of the search for what lies under the pointer: it draws everything twice and reads the
 * picture back, a wait for the graphics card in every frame, and nothing here is hovered.
 * @param {any} glplot
 */
function forgetPicking(glplot) {
  for (const object of [...glplot.objects]) {
    object.pickSlots = 0;
    glplot.remove(object);
    glplot.add(object);
  }
}

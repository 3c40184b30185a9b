/** Marks and labels above a figure: crisp in 2D and 3D, in the page's own type, and moved at no cost. */

/** @import {Point, Theme} from "./types.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {Element} [parent]
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent?.append(element);
  return element;
}

/**
 * Something that can be moved and hidden; nothing is written twice.
 * @param {SVGGraphicsElement} element
 */
function movable(element) {
  let transform = "";
  let visible = true;
  return {
    element,
    /** @param {number} x @param {number} y @param {number} [angle] */
    move(x, y, angle) {
      const next = `translate(${x.toFixed(1)} ${y.toFixed(1)})${angle === undefined ? "" : ` rotate(${angle.toFixed(0)})`}`;
      if (next !== transform) element.setAttribute("transform", (transform = next));
      this.show(true);
    },
    /** @param {boolean} wanted */
    show(wanted) {
      if (wanted !== visible) element.style.display = (visible = wanted) ? "" : "none";
    },
  };
}

const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
const MEASURED = 100; // pixels, the size at which texts are measured
const SURE = 1.02; // times as wide, for what a page sets otherwise than a canvas
let [family, set] = ["", ""];

/**
 * The pixels that a text takes in the page's type; nothing is laid out for it.
 * @param {string} text
 * @param {number} size
 * @param {number} [weight]
 */
export function widthOf(text, size, weight = 400) {
  family ||= getComputedStyle(document.body).fontFamily;
  const font = `${weight} ${MEASURED}px ${family}`;
  if (set !== font) pen.font = set = font;
  // Digits are all as wide as a zero (tabular-nums), which a canvas does not know of.
  return (SURE * size * pen.measureText(formOf(text)).width) / MEASURED;
}

/** A text as wide, with no digit but zero. @param {string} text */
const formOf = (text) => text.replace(/\d/g, "0");

/**
 * A line of text with a rim in the colour of the ground, legible on anything.
 * @param {Element} parent
 * @param {string} name  a class, for the tests
 * @param {number} [rim]  its width
 * @param {number} [weight]
 */
export function label(parent, name, rim = 3, weight = 400) {
  const element = svg("text", { class: name, "stroke-width": rim, "stroke-linejoin": "round", "font-weight": weight }, parent);
  Object.assign(element.style, { paintOrder: "stroke", fontVariantNumeric: "tabular-nums" });
  let text = "";
  let form = ""; // of the text, whatever its digits: they are all as wide
  let size = 0;
  let room = Infinity;

  function fit() {
    element.setAttribute("font-size", String(room < Infinity ? Math.min(size, room / widthOf(text, 1, weight)) : size));
  }

  return {
    ...movable(element),
    /** @param {string} next */
    write(next) {
      if (next === text) return;
      element.textContent = text = next;
      if (room === Infinity) return;
      const last = form;
      form = formOf(next);
      if (form !== last) fit();
    },
    /** Set what is too long for its place in a smaller type. @param {number} width  of the place, in pixels */
    keepWithin(width) {
      if (width === room) return;
      room = width;
      fit();
    },
    /** @param {string} fill @param {string} ground @param {number} full  size @param {"start" | "middle" | "end"} anchor */
    style(fill, ground, full, anchor = "start") {
      size = full;
      element.setAttribute("fill", fill);
      element.setAttribute("stroke", ground);
      fit();
      element.setAttribute("text-anchor", anchor);
    },
  };
}

/**
 * The ball: where the run stands.
 * @param {Element} parent
 */
export function ball(parent) {
  const group = svg("g", { class: "ball" }, parent);
  const body = svg("circle", { r: 7, "stroke-width": 2 }, group);
  svg("circle", { cx: -2.2, cy: -2.4, r: 2, fill: "#ffffff", "fill-opacity": 0.65 }, group);
  return {
    ...movable(group),
    /** @param {Theme} theme */
    style(theme) {
      body.setAttribute("fill", theme.ball);
      body.setAttribute("stroke", theme.panel);
    },
  };
}

/**
 * A smaller ball, of another run.
 * @param {Element} parent
 * @param {string} name  a class, for the tests
 */
export function dot(parent, name) {
  const circle = svg("circle", { class: name, r: 5.5, "stroke-width": 1.5 }, parent);
  return {
    ...movable(circle),
    /** @param {string} fill @param {string} ground */
    style(fill, ground) {
      circle.setAttribute("fill", fill);
      circle.setAttribute("stroke", ground);
    },
  };
}

/**
 * The optimum: a ring that the ball fits into.
 * @param {Element} parent
 */
export function ring(parent) {
  const group = svg("g", { class: "optimum", fill: "none" }, parent);
  const ground = svg("circle", { r: 10.5, "stroke-width": 4, "stroke-opacity": 0.7 }, group);
  const line = svg("circle", { r: 10.5, "stroke-width": 1.8 }, group);
  const dot = svg("circle", { r: 1.8, stroke: "none" }, group);
  return {
    ...movable(group),
    /** @param {Theme} theme */
    style(theme) {
      ground.setAttribute("stroke", theme.panel);
      line.setAttribute("stroke", theme.optimum);
      dot.setAttribute("fill", theme.optimum);
    },
  };
}

/**
 * An arrowhead at the edge of the picture, for a run that has left it; it points to the right before it is turned.
 * @param {Element} parent
 * @param {string} name  a class, for the tests
 */
export function arrow(parent, name) {
  const group = svg("g", { class: name }, parent);
  const head = svg("path", { d: "M-9,-8 L9,0 L-9,8 L-4,0 Z", "stroke-width": 2, "stroke-linejoin": "round" }, group);
  return {
    ...movable(group),
    /** Put it there, turned to a point further on. @param {Point} at @param {Point} beyond  in pixels */
    point(at, beyond) {
      this.move(...at, (Math.atan2(beyond[1] - at[1], beyond[0] - at[0]) * 180) / Math.PI);
    },
    /** @param {string} fill @param {string} ground */
    style(fill, ground) {
      head.setAttribute("fill", fill);
      head.setAttribute("stroke", ground);
    },
  };
}

/**
 * A point that is only looked at.
 * @param {Element} parent
 * @param {string} name  a class, for the tests
 */
export function spot(parent, name) {
  const circle = svg("circle", { class: name, r: 5, fill: "none", "stroke-width": 2 }, parent);
  return {
    ...movable(circle),
    /** @param {Theme} theme */
    style(theme) {
      circle.setAttribute("stroke", theme.ink);
    },
  };
}

/**
 * A dashed line from point to point.
 * @param {Element} parent
 * @param {string} name  a class, for the tests
 */
export function stroke(parent, name) {
  const line = svg("line", { class: name, "stroke-width": 2, "stroke-dasharray": "7 5", "stroke-opacity": 0.8 }, parent);
  let visible = true;
  return {
    element: line,
    /** @param {readonly number[]} from @param {readonly number[]} to  in pixels */
    move([x1, y1], [x2, y2]) {
      for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value.toFixed(1));
    },
    /** @param {boolean} wanted */
    show(wanted) {
      if (wanted !== visible) line.style.display = (visible = wanted) ? "" : "none";
    },
    /** @param {string} colour */
    style(colour) {
      line.setAttribute("stroke", colour);
    },
  };
}

/**
 * A diamond: the best that was found.
 * @param {Element} parent
 * @param {string} name  a class, for the tests
 */
export function diamond(parent, name) {
  const shape = svg("path", { class: name, d: "M0,-8 L8,0 L0,8 L-8,0 Z", "stroke-width": 2, "stroke-linejoin": "round" }, parent);
  return {
    ...movable(shape),
    /** @param {Theme} theme */
    style(theme) {
      shape.setAttribute("fill", theme.ink);
      shape.setAttribute("stroke", theme.panel);
    },
  };
}

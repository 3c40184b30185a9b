/**
 * Hands on the beans: the line's two handles, one at each end of the beans, and the line of a point that is looked at elsewhere.
 * A handle goes up and down; the line turns about the other one, or about the origin where the model has no b.
 *
 * @import {View} from "../types.js"
 * @import {Figure} from "./figure.js"
 * @import {Point, Range, Window} from "./types.js"
 */

import { short } from "../numbers.js";
import { createHandle, quantum } from "./handle.js";
import { label, stroke } from "./overlay.js";
import { clip } from "./trail.js";
import { placeText } from "./words.js";

const RADIUS = 9; // pixels of a handle: it stands within the axes, clear of their numbers
const STEPS = 10; // quanta that an arrow key moves a handle

/**
 * @param {Figure} figure
 */
export function createLineHands(figure) {
  const { hand } = figure.context;
  if (!hand) return { attach() {}, frame() {} };
  figure.element.setAttribute("role", "group");

  const ghost = stroke(figure.overlay, "ghost");
  const words = label(figure.overlay, "ghost-text");
  const ends = /** @type {const} */ ([0, 1]);
  const handles = ends.map((end) =>
    createHandle(figure.element, end === 0 ? "line-left" : "line-right", {
      drag: (to) => put(end, clamped(heightAt(to))),
      nudge: (_, up) => put(end, clamped(heights()[end]) + up * STEPS * step.size),
      drop: hand.drop,
      cancel: hand.cancel,
    }));
  /** @type {View} */
  let view;
  /** @type {Window} */
  let window;
  /** @type {(x: number, y: number) => Point} */
  let place;
  let step = quantum([0, 1]);
  /** Where the handles stand. @type {Range} */
  let xs = [0, 1];
  /** The pixels between which they do. @type {Range} */
  let upright = [0, 0];
  ghost.show(false);
  words.show(false);

  /** The line as it is held, even if no frame has shown it yet, or else as it is shown. @returns {[w: number, b: number]} */
  function line() {
    const held = hand?.held();
    if (held) return [held.w, held.b ?? 0];
    const { rows, cursor } = view;
    return [rows.columns.w[cursor], rows.columns.b?.[cursor] ?? 0];
  }

  /** The line's heights at the handles. @returns {Range} */
  function heights() {
    const [w, b] = line();
    return [w * xs[0] + b, w * xs[1] + b];
  }

  /** Lead the line through a height at one handle and as before through the other. @param {0 | 1} end @param {number} height */
  function put(end, height) {
    if (!view.rows.columns.b) {
      hand?.move({ w: step.round(height / xs[1]) });
      return;
    }
    const through = heights();
    through[end] = height;
    const w = step.round((through[1] - through[0]) / (xs[1] - xs[0]));
    const still = 1 - end;
    hand?.move({ w, b: step.round(through[still] - w * xs[still]) });
  }

  /** The height in data of a place in pixels. @param {Point} at */
  function heightAt([, y]) {
    const [low, high] = window.y;
    const [, bottom] = place(xs[0], low);
    const [, top] = place(xs[0], high);
    return low + ((y - bottom) / (top - bottom)) * (high - low);
  }

  /** Within the picture. @param {number} height */
  const clamped = (height) => Math.min(Math.max(height, window.y[0]), window.y[1]);

  function showGhost() {
    const { look } = view;
    ghost.show(look != null);
    words.show(look != null);
    if (!look) return;
    const { w, b = 0 } = look.theta;
    const [left, right] = window.x;
    const part = clip(window, left, w * left + b, right, w * right + b);
    ghost.show(part !== null);
    if (part) ghost.move(place(part[0], part[1]), place(part[2], part[3]));
    words.write(placeText(figure.context.t, look.theta, look.loss));
  }

  return {
    /** After a layout. @param {Window} next @param {Range} beans  the sizes of the smallest and the largest @param {(x: number, y: number) => Point} at */
    attach(next, beans, at) {
      const { theme, t } = figure.context;
      [window, place] = [next, at];
      step = quantum(window.y);
      // With all beans of one size, or no room between the handles, they stand near the edges of the picture.
      const near = beans[1] - beans[0] > (window.x[1] - window.x[0]) / 4;
      const inset = (window.x[1] - window.x[0]) / 20;
      xs = near ? [...beans] : [window.x[0] + inset, window.x[1] - inset];
      upright = [place(xs[0], window.y[1])[1] + RADIUS, place(xs[0], window.y[0])[1] - RADIUS];
      ghost.style(theme.line);
      words.style(theme.ink, theme.panel, 0.95 * figure.text);
      words.move(...placeOfWords());
      handles[0].name(t("hand.line-left"), window.y);
      handles[1].name(t("hand.line-right"), window.y);
    },

    /** @param {View} next */
    frame(next) {
      view = next;
      const through = heights();
      // While the beans are edited, the line is out of their way.
      const offered = ends.filter((end) => !view.beans?.active && (end === 1 || view.rows.columns.b));
      for (const end of ends) handles[end].show(offered.includes(end));
      for (const end of offered) {
        const [x, y] = place(xs[end], clamped(through[end]));
        handles[end].move(x, Math.max(Math.min(y, upright[1]), upright[0]));
        if (view.status !== "playing" || document.activeElement === handles[end].element) {
          handles[end].say(through[end], sentence(end, through[end]));
        }
      }
      showGhost();
    },
  };

  /** @param {0 | 1} end @param {number} height */
  function sentence(end, height) {
    const { rows, cursor, run } = view;
    const theta = Object.fromEntries((run?.parameters ?? []).map((name) => [name, rows.columns[name][cursor]]));
    const at = figure.context.t("hand.at", { x: short(xs[end], 3), y: short(height, 4) });
    return `${at}, ${placeText(figure.context.t, theta, rows.columns.loss[cursor])}`;
  }

  /** @returns {Point} */
  function placeOfWords() {
    const [left, top] = place(window.x[0], window.y[1]);
    return [left + 8, top + 1.2 * figure.text];
  }
}

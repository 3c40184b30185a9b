/**
 * Hands on a landscape: the ball can be taken, and every point can be looked at, by pointer and by keyboard. What is done is
 * told to the context's `hand`; a figure without one (an exported page) has none of this.
 *
 * @import {View} from "../types.js"
 * @import {Figure} from "./figure.js"
 * @import {Point, Window} from "./types.js"
 * @typedef {Record<string, number>} Theta  parameters by name
 */

import { createHandle, quantum } from "./handle.js";
import { label, spot, widthOf } from "./overlay.js";
import { createPointer } from "./pointer.js";
import { inside } from "./trail.js";
import { placeText } from "./words.js";

/**
 * @param {Figure} figure
 * @param {readonly string[]} names  of the parameters along x and, if it is one, along y; otherwise the loss is
 */
export function createHands(figure, names) {
  const { hand } = figure.context;
  if (!hand) return { attach() {}, frame() {}, destroy() {} };
  figure.element.setAttribute("role", "group");

  const ghost = spot(figure.overlay, "look");
  const words = label(figure.overlay, "look-text");
  // Keys may come faster than frames, so they go on from what was asked for last.
  const pointer = createPointer(figure, {
    look: (at) => hand.look(theta(valuesAt(at))),
    nudge: (across, up) => hand.look(theta(nudged(hand.looked() ?? shown(), across, up))),
    leave: () => hand.look(null),
  });
  const ball = createHandle(figure.element, "ball", {
    drag: (to) => hand.move(theta(valuesAt(to))),
    nudge: (across, up) => hand.move(theta(nudged(hand.held() ?? shown(), across, up))),
    drop: hand.drop,
    cancel: hand.cancel,
  });
  /** @type {View} */
  let view;
  /** @type {Window} */
  let window;
  /** @type {(x: number, y: number) => Point} */
  let place;
  let size = [0, 0];
  ghost.show(false);
  words.show(false);

  /** The parameters of the row shown. @returns {Theta} */
  function shown() {
    const { rows, cursor, run } = view;
    return Object.fromEntries((run?.parameters ?? []).map((name) => [name, rows.columns[name][cursor]]));
  }

  /** All parameters, those along the axes from a point. @param {Point} values */
  function theta(values) {
    const ranges = [window.x, window.y];
    const point = inside(window, values);
    return { ...(hand?.held() ?? shown()), ...Object.fromEntries(names.map((name, i) => [name, quantum(ranges[i]).round(point[i])])) };
  }

  /** The values at a place of the picture. @param {Point} at @returns {Point} */
  function valuesAt(at) {
    const first = place(window.x[0], window.y[0]);
    const last = place(window.x[1], window.y[1]);
    const along = (/** @type {0 | 1} */ i, /** @type {[number, number]} */ [low, high]) =>
      low + ((at[i] - first[i]) / (last[i] - first[i])) * (high - low);
    return [along(0, window.x), along(1, window.y)];
  }

  /** @param {Theta} from @param {number} across @param {number} up @returns {Point} */
  function nudged(from, across, up) {
    const one = names.length === 1;
    const x = from[names[0]] + (one ? across + up : across) * size[0];
    return [x, one ? window.y[0] : from[names[1]] + up * size[1]];
  }

  /** Where a place stands in this picture. @param {NonNullable<View["look"]>} look @returns {Point} */
  const pointOf = (look) => place(look.theta[names[0]], names.length === 1 ? look.loss : look.theta[names[1]]);

  function showLook() {
    const { look } = view;
    ghost.show(look != null);
    words.show(look != null);
    if (!look) return;
    const [x, y] = pointOf(look);
    const text = placeText(figure.context.t, look.theta, look.loss);
    ghost.move(x, y);
    pointer.cross.move(x, y);
    pointer.cross.say(look.theta[names[0]], text);
    words.write(text);
    // To the side that has room; the pointer hides what is below it.
    const half = widthOf(text, figure.text) / 2;
    words.move(Math.min(Math.max(x, half + 4), figure.width - half - 4), y > 3.5 * figure.text ? y - figure.text : y + 2.4 * figure.text);
  }

  return {
    /**
     * After a layout.
     * @param {Window} next
     * @param {(x: number, y: number) => Point} at  the pixels of two values
     * @param {string} [name]  of the ball
     */
    attach(next, at, name = figure.context.t("hand.ball")) {
      const { theme, t, text } = { ...figure.context, text: figure.text };
      [window, place] = [next, at];
      size = [quantum(window.x).size, quantum(window.y).size];
      ghost.style(theme);
      words.style(theme.ink, theme.panel, text, "middle");
      ball.name(name, window.x);
      pointer.cross.name(t("hand.look"), window.x);
    },

    /** @param {View} next @param {Point} at  where the ball is, or the edge on its side */
    frame(next, at) {
      view = next;
      ball.move(...place(...at));
      if (view.status !== "playing" || document.activeElement === ball.element || ball.silent) {
        const { rows, cursor } = view;
        const values = shown();
        const text = placeText(figure.context.t, values, rows.columns.loss[cursor]);
        ball.say(values[names[0]], text);
        // Who looks nowhere yet will begin at the ball.
        if (!view.look) pointer.cross.say(values[names[0]], text);
      }
      showLook();
    },

    destroy: () => pointer.destroy(),
  };
}

/**
 * The marks of a landscape, the same in 3D, from above and over one parameter: the ball, the optimum with its name, and the
 * arrow where a run has left the picture.
 *
 * @import {Rows, Translate} from "../types.js"
 * @import {Point, Theme, Window} from "./types.js"
 */

import { significant } from "../numbers.js";
import { arrow, ball, label, ring } from "./overlay.js";
import { clip, inside } from "./trail.js";

const BACK = 2000; // rows to look back for the place where a run has left

/**
 * @param {Element} parent
 */
export function createMarks(parent) {
  const goal = ring(parent);
  const goalName = label(parent, "optimum-name");
  const sign = arrow(parent);
  const signText = label(parent, "outside-text");
  const runner = ball(parent);
  let text = 12;
  let width = 0;
  for (const mark of [goal, goalName, sign, signText, runner]) mark.show(false);

  return {
    /** @param {Theme} theme @param {number} size @param {number} across  of the picture */
    style(theme, size, across) {
      text = size;
      width = across;
      for (const mark of [goal, sign, runner]) mark.style(theme);
      goalName.style(theme.optimum, theme.panel, text);
      signText.style(theme.warn, theme.panel, text, "middle");
    },

    /** @param {Point | null} at  in pixels @param {string} name */
    optimum(at, name) {
      goal.show(at !== null);
      goalName.show(at !== null);
      if (!at) return;
      goal.move(...at);
      goalName.write(name);
      goalName.move(at[0] + 16, at[1] + 1.9 * text);
    },

    /** @param {Point} at */
    ball(at) {
      runner.move(...at);
      sign.show(false);
      signText.show(false);
    },

    /**
     * @param {Point} at  where the run has left
     * @param {Point} beyond  a little further on
     * @param {string} words
     */
    outside(at, beyond, words) {
      runner.show(false);
      sign.move(...at, (Math.atan2(beyond[1] - at[1], beyond[0] - at[0]) * 180) / Math.PI);
      signText.write(words);
      const half = Math.min(0.28 * text * words.length, width / 2);
      const above = at[1] > 3 * text;
      signText.move(Math.min(Math.max(at[0], half + 4), width - half - 4), at[1] + (above ? -1.3 : 2.1) * text);
    },
  };
}

/**
 * Where a run that is outside a window at a row has last left it, and a point a little further on.
 * @param {Window} window
 * @param {Rows} rows
 * @param {[x: string, y: string]} names  of the two columns
 * @param {number} row
 * @returns {[at: Point, beyond: Point]}
 */
export function exit(window, rows, [x, y], row) {
  const xs = rows.columns[x];
  const ys = rows.columns[y];
  for (let k = row; k > Math.max(row - BACK, 0); k -= 1) {
    const part = clip(window, xs[k - 1], ys[k - 1], xs[k], ys[k]);
    if (part) return onward(window, [part[2], part[3]], [xs[k], ys[k]]);
  }
  return onward(window, inside(window, [xs[row], ys[row]]), [xs[row], ys[row]]);
}

/**
 * @param {Window} window
 * @param {Point} at
 * @param {Point} to
 * @returns {[Point, Point]}
 */
function onward({ x, y }, at, to) {
  const across = (to[0] - at[0]) / (x[1] - x[0]);
  const up = (to[1] - at[1]) / (y[1] - y[0]);
  const share = 0.02 / (Math.hypot(across, up) || 1);
  return [at, [at[0] + across * share * (x[1] - x[0]), at[1] + up * share * (y[1] - y[0])]];
}

/**
 * "outside: w = 3.21, b = −14.1"
 * @param {Translate} t
 * @param {Rows} rows
 * @param {readonly string[]} names
 * @param {number} row
 */
export const outsideText = (t, rows, names, row) =>
  t("plot.outside", { values: names.map((name) => `${name} = ${significant(rows.columns[name][row], 3)}`).join(", ") });

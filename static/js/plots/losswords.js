/**
 * What is written into the loss: its value where the run stands, and the lowest possible one; neither upon the other.
 *
 * @import {Figure} from "./figure.js"
 */

import { count, significant } from "../numbers.js";
import { label, widthOf } from "./overlay.js";

const DIGITS = 4;
const RIM = 7; // pixels around the value: the curve may be all over the place
const BESIDE = 12; // pixels from the ball to its value
const GAP = 6; // pixels from the axis to the words at the lowest loss

/** @param {Figure} figure */
export function createLossWords(figure) {
  const value = label(figure.overlay, "value", RIM);
  const lowest = label(figure.overlay, "lowest");
  const thinned = label(figure.overlay, "thinned");
  let apart = 1;
  /** Where the words at the lowest loss end, and between which heights they are; nowhere while they are hidden. */
  let words = { right: -Infinity, top: 0, bottom: 0 };
  /** Of the value. */
  let [letters, wide] = [0, 0];

  return {
    attach() {
      const { theme } = figure.context;
      letters = 0;
      value.style(theme.ink, theme.panel, figure.text);
      lowest.style(theme.optimum, theme.panel, 0.95 * figure.text);
      lowest.show(false);
      thinned.style(theme.muted, theme.panel, 0.85 * figure.text);
      thinned.show(false);
      apart = 1;
      words = { right: -Infinity, top: 0, bottom: 0 };
    },

    /**
     * The lowest possible loss, at its line.
     * @param {number} loss
     * @param {number} left  of the axes
     * @param {number} y  of the line
     * @param {number} room  below it, within the axes
     * @returns {number} the height above which there is room for other words
     */
    sayLowest(loss, left, y, room) {
      const { text, width, context } = figure;
      const said = context.t("plot.lowest", { loss: significant(loss, DIGITS) });
      lowest.keepWithin(width - left - 2 * GAP);
      lowest.write(said);
      // Below the line: the curve comes down to it from above.
      const base = y + (room > 1.2 * text ? Math.min(1.2 * text, room - 0.15 * text) : -0.5 * text);
      lowest.move(left + GAP, base);
      words = { right: left + GAP + widthOf(said, 0.95 * text), top: base - 0.9 * text, bottom: base + 0.25 * text };
      return Math.min(y, words.top);
    },

    /** Of so many steps, one is drawn: beside the title of their axis. @param {number} every @param {string} title @param {number} middle  of it */
    sayEvery(every, title, middle) {
      if (every === apart) return;
      apart = every;
      const { text, width, height, context } = figure;
      thinned.write(context.t("plot.every", { every: count(every) }));
      const left = middle + widthOf(title, text) / 2 + text;
      thinned.keepWithin(width - left - 2);
      thinned.move(left, height - 0.65 * text);
      thinned.show(every > 1);
    },

    /**
     * The loss beside the ball; where the figure ends there, above it, and at the top before it.
     * @param {number} loss
     * @param {number} x  of the ball
     * @param {number} y
     * @returns {import("./reader.js").Box} where it stands
     */
    sayValue(loss, x, y) {
      const { text, width } = figure;
      const said = significant(loss, DIGITS);
      if (said.length !== letters) [letters, wide] = [said.length, widthOf(said, text)];
      const most = width - GAP - wide;
      const [left, base] =
        x + BESIDE <= most ? [x + BESIDE, y - 0.3 * text]
        : y > 2.2 * text ? [most, y - 0.9 * text]
        : [Math.min(most, x - BESIDE - wide), y + 0.3 * text];
      value.write(said);
      const baseline = clear(left, Math.max(base, text)); // whole, at the top too
      value.move(left, baseline);
      return [left, left + wide, baseline];
    },

    /** Say no value: where runs race, their names stand there. @returns {import("./reader.js").Box} nowhere */
    leaveValue() {
      value.show(false);
      return [NaN, NaN, NaN];
    },
  };

  /** The base line of the value: above the words at the lowest loss where it would lie on them. @param {number} left @param {number} base */
  function clear(left, base) {
    const { text } = figure;
    const apart = left > words.right || base + 0.3 * text < words.top || base - 0.9 * text > words.bottom;
    return apart ? base : words.top - 0.3 * text;
  }
}

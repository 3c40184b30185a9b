/**
 * What runs are called, beside their balls: names that would lie upon each other stand below each other.
 *
 * @import { View } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Point } from "./types.js"
 */

import { colourOf, NONE } from "./crew.js";
import { halfWidth, label, svg } from "./overlay.js";
import { mix } from "./palette.js";

const GAP = 11; // pixels from a ball to its name
const EDGE = 4; // pixels to the picture's edge
const BOLD = 1.15; // times as wide as usual
const SHARE = 0.75; // of its colour in a name, the rest is ink: text must be read more easily than a line is seen
const LINE = 1.25; // ems from name to name

/**
 * @param {Figure} figure
 */
export function createNames(figure) {
  const group = svg("g", { class: "companion-names", "font-weight": 600 }, figure.overlay);
  let room = [0, 0];
  /** @type {ReturnType<typeof label>[]} */
  const labels = [];
  /** The colour of each. @type {string[]} */
  const colours = [];
  /** @type {string[]} */
  const texts = [];
  /** @type {number[]} */
  const widths = [];
  /** The boxes of the names that have their place: left, right, middle. @type {[number, number, number][]} */
  const taken = [];

  /** @param {number} index @param {string} text @param {string} colour @param {Point} at */
  function put(index, text, colour, [x, y]) {
    const { theme } = figure.context;
    const size = 0.92 * figure.text;
    labels[index] ??= label(group, "companion-name");
    const one = labels[index];
    if (colours[index] !== colour) one.style(mix(colour, theme.ink, SHARE), theme.panel, size);
    colours[index] = colour;
    one.write(text);
    if (texts[index] !== text) [texts[index], widths[index]] = [text, BOLD * 2 * halfWidth(text, size)];
    const width = widths[index];
    const last = figure.width - EDGE - width;
    const left = x + GAP <= last ? x + GAP : x - GAP - width >= EDGE ? x - GAP - width : Math.max(last, EDGE);
    const middle = free(left, left + width, y, LINE * size);
    taken.push([left, left + width, middle]);
    one.move(left, middle + 0.35 * size);
  }

  /** The place nearest to a height that no name has taken. @param {number} left @param {number} right @param {number} wanted @param {number} gap */
  function free(left, right, wanted, gap) {
    const beside = taken.filter(([from, to]) => from < right && to > left);
    const clear = (/** @type {number} */ y) => y > room[0] + gap / 2 && y < room[1] - gap / 2 && beside.every(([, , middle]) => Math.abs(middle - y) >= gap - 0.01);
    if (clear(wanted)) return wanted;
    const edges = [room[0] + 0.51 * gap, room[1] - 0.51 * gap];
    const places = [...edges, ...beside.flatMap(([, , middle]) => [middle + gap, middle - gap])].filter(clear);
    return places.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? wanted;
  }

  return {
    /** In the colours and the size that are in force. @param {number} [top] @param {number} [bottom]  of the room for them */
    style(top = 0, bottom = figure.height) {
      room = [top, bottom];
      group.replaceChildren();
      labels.length = colours.length = texts.length = 0;
    },

    /**
     * @param {Pick<View, "companions" | "name">} view
     * @param {Point | null} own  where the run shown is
     * @param {readonly (Point | null)[]} places  of the companions
     */
    frame({ companions = NONE, name = "" }, own, places) {
      taken.length = 0;
      const { theme } = figure.context;
      if (own && name) put(0, name, theme.path, own);
      labels[0]?.show(Boolean(own && name));
      companions.forEach((companion, i) => {
        const at = places[i];
        if (at) put(i + 1, companion.label, colourOf(theme, companion), at);
        labels[i + 1]?.show(Boolean(at));
      });
      for (let i = companions.length + 1; i < labels.length; i += 1) labels[i].show(false);
    },
  };
}

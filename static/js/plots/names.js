/**
 * What runs are called, beside their balls: names that would lie upon each other stand below each other, and the optimum is left
 * to be seen.
 *
 * @import { Companion } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Point } from "./types.js"
 */

import { colourOf, NONE } from "./crew.js";
import { label, svg, widthOf } from "./overlay.js";
import { mix } from "./palette.js";

const GAP = 11; // pixels from a ball to its name
const RING = 14; // pixels from the optimum to a name, its rim included
const EDGE = 4; // pixels to the picture's edge
const SLACK = 1; // pixels over it, where room was made for the name
const SMALLEST = 0.7; // of its size
const BOLD = 600;
const RIM = 3; // pixels
const SHARE = 0.75; // of its colour in a name, the rest is ink: text must be read more easily than a line is seen
const LINE = 1.25; // ems from name to name
const SIZE = 0.92; // of the figure's text

/** The pixels from a ball to the end of its name and the air behind that. @param {string} text @param {number} size  of the figure's text */
export const roomOf = (text, size) => GAP + widthOf(text, SIZE * size, BOLD) + EDGE;

/** The pixels from name to name. @param {number} size  of the figure's text */
export const lineHeight = (size) => LINE * SIZE * size;

/**
 * @param {Figure} figure
 */
export function createNames(figure) {
  const group = svg("g", { class: "companion-names" }, figure.overlay);
  let room = [0, 0];
  let edge = EDGE; // of the room on the left
  let text = 0; // of which size of the figure's text they are
  /** The optimum. @type {Point | null} */
  let ring = null;
  /** @type {ReturnType<typeof label>[]} */
  const labels = [];
  /** The colour of each. @type {string[]} */
  const colours = [];
  /** @type {string[]} */
  const texts = [];
  /** @type {number[]} */
  const widths = [];
  /** Where the names are, or are to be. @type {{ index: number, left: number, right: number, wanted: number, middle: number }[]} */
  const boxes = [];

  /** @param {number} index @param {string} called @param {string} colour @param {Point} at */
  function put(index, called, colour, [x, y]) {
    const { theme } = figure.context;
    const size = SIZE * text;
    labels[index] ??= label(group, "companion-name", RIM, BOLD);
    const one = labels[index];
    if (colours[index] !== colour) one.style(mix(colour, theme.ink, SHARE), theme.panel, size);
    colours[index] = colour;
    if (texts[index] !== called) {
      one.write(called);
      [texts[index], widths[index]] = [called, widthOf(called, size, BOLD)];
    }
    const whole = widths[index];
    // Of a ball within the ring it begins behind that.
    const within = ring && Math.abs(x - ring[0]) < RING && Math.abs(y - ring[1]) < 3 * RING;
    const start = Math.max(x + GAP, within && ring ? ring[0] + RING : 0);
    const beside = start + whole <= figure.width - EDGE + SLACK;
    // Where there is too little room on the left, too, it is set smaller.
    const width = beside ? whole : Math.min(whole, Math.max(x - GAP - edge, whole * SMALLEST));
    one.keepWithin(width);
    const left = beside ? start : Math.max(x - GAP - width, edge);
    boxes.push({ index, left, right: left + width, wanted: y, middle: y });
  }

  /** Names that would lie upon each other go below each other, in the order of their balls, as near to these as they can. */
  function part() {
    const gap = lineHeight(text);
    boxes.sort((one, other) => one.wanted - other.wanted || one.index - other.index);
    boxes.forEach((box, i) => {
      // Those of one place stand as far above it as below.
      let after = 0;
      for (let k = i + 1; k < boxes.length; k += 1) if (boxes[k].wanted - box.wanted < gap && meet(boxes[k], box)) after += 1;
      box.middle = Math.max(box.wanted - (after * gap) / 2, room[0] + gap / 2);
      for (let k = 0; k < i; k += 1) if (meet(boxes[k], box)) box.middle = Math.max(box.middle, boxes[k].middle + gap);
    });
    for (let i = boxes.length - 1; i >= 0; i -= 1) {
      const box = boxes[i];
      box.middle = Math.min(box.middle, room[1] - gap / 2);
      for (let k = i + 1; k < boxes.length; k += 1) if (meet(boxes[k], box)) box.middle = Math.min(box.middle, boxes[k].middle - gap);
    }
    if (ring) clear(ring, gap);
    for (const { index, left, middle } of boxes) labels[index].move(left, middle + 0.35 * SIZE * text);
  }

  /** Names upon the ring give way: with those above them upward, with those below them downward. @param {Point} ring @param {number} gap */
  function clear([x, y], gap) {
    const upon = { left: x - RING, right: x + RING };
    const away = RING + gap / 2 - 2;
    for (let i = 0; i < boxes.length; i += 1) {
      const box = boxes[i];
      if (box.middle < y) continue;
      if (meet(box, upon)) box.middle = Math.max(box.middle, y + away);
      for (let k = 0; k < i; k += 1) if (boxes[k].middle >= y && meet(boxes[k], box)) box.middle = Math.max(box.middle, boxes[k].middle + gap);
    }
    for (let i = boxes.length - 1; i >= 0; i -= 1) {
      const box = boxes[i];
      if (box.middle >= y) continue;
      if (meet(box, upon)) box.middle = Math.min(box.middle, y - away);
      for (let k = i + 1; k < boxes.length; k += 1) if (boxes[k].middle < y && meet(boxes[k], box)) box.middle = Math.min(box.middle, boxes[k].middle - gap);
    }
  }

  return {
    /** In the colours and the size that are in force. @param {number} [top] @param {number} [bottom]  of the room for them @param {number} [left] @param {number} [size] */
    style(top = 0, bottom = figure.height, left = EDGE, size = figure.text) {
      [room, edge, text] = [[top, bottom], left, size];
      group.replaceChildren();
      labels.length = colours.length = texts.length = 0;
    },

    /**
     * @param {{ companions?: readonly Pick<Companion, "label" | "kind" | "hue">[], name?: string }} view
     * @param {Point | null} own  where the run shown is
     * @param {readonly (Point | null)[]} places  of the companions
     * @param {Point | null} [optimum]
     */
    frame({ companions = NONE, name = "" }, own, places, optimum = null) {
      boxes.length = 0;
      ring = optimum;
      const { theme } = figure.context;
      if (own && name) put(0, name, theme.path, own);
      labels[0]?.show(Boolean(own && name));
      companions.forEach((companion, i) => {
        const at = places[i];
        if (at) put(i + 1, companion.label, colourOf(theme, companion), at);
        labels[i + 1]?.show(Boolean(at));
      });
      for (let i = companions.length + 1; i < labels.length; i += 1) labels[i].show(false);
      part();
    },

    /** Whether a name stands there. @param {{ left: number, right: number, top: number, bottom: number }} place */
    cover(place) {
      const half = 0.45 * SIZE * text;
      return boxes.some((box) => meet(box, place) && box.middle - half < place.bottom && box.middle + half > place.top);
    },
  };
}

/** @param {{ left: number, right: number }} one @param {{ left: number, right: number }} other */
const meet = (one, other) => one.left < other.right && one.right > other.left;

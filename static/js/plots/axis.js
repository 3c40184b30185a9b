/**
 * The axes of a flat figure: how they look, and the room that their numbers take.
 *
 * @import {Figure} from "./figure.js"
 * @import {Range} from "./types.js"
 */

import { short } from "../numbers.js";
import { ticks } from "./scales.js";

const TICKS = 6; // of an axis, about
const TITLE_ROOM = 2; // ems: a title, and the air on both sides of it
const DIGIT = 0.64; // ems, in a wide font
const TICK_AIR = 1; // ems between two numbers

/**
 * An axis of a cartesian figure.
 * @param {Figure} figure
 * @param {string} title
 * @param {Record<string, unknown>} more
 */
export function axis({ context, text }, title, more) {
  return {
    title: { text: title, font: { color: context.theme.ink, size: text }, standoff: 6 },
    gridcolor: context.theme.grid,
    zeroline: false,
    fixedrange: true,
    automargin: false,
    autorange: false,
    ticks: "",
    tickangle: 0,
    nticks: TICKS,
    ...more,
  };
}

/**
 * The room at the left of an axis for its title and its ticks, however long their numbers are, in pixels.
 * @param {number} text  its size
 * @param {Range} range
 * @param {number} usual  ems, at least
 */
export function roomBeside(text, range, usual) {
  return Math.max(usual, TITLE_ROOM + DIGIT * longest(range)) * text;
}

/**
 * How many ticks there is room for below an axis, however long their numbers are.
 * @param {number} text  its size
 * @param {Range} range
 * @param {number} width  in pixels
 */
export function ticksAcross(text, range, width) {
  return Math.min(Math.max(Math.floor(width / ((DIGIT * longest(range) + TICK_AIR) * text)), 2), TICKS);
}

/** How many letters its longest number has. @param {Range} range */
const longest = (range) => Math.max(...ticks(range, TICKS).map((value) => numeral(value).length));

/** About what Plotly makes of a number: thousands from 10 000 on. @param {number} value */
function numeral(value) {
  const thousands = Math.abs(value) < 1e4 ? 0 : Math.floor(Math.log10(Math.abs(value)) / 3);
  return short(value / 1000 ** thousands, 4) + "k".repeat(Math.min(thousands, 1));
}

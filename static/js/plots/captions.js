/**
 * What runs are called at the ends of their curves: by their whole names where these leave the curves room enough, else without
 * their numbers, and before the curves as far as these are still wider. Many names in a low picture are set smaller. Only where
 * that does not help, the run shown and the one that leads are the ones that are named.
 *
 * @import { Companion, View } from "../types.js"
 *
 * @typedef {Pick<Companion, "label" | "kind" | "hue">} Caption
 * @typedef {{ name: string, companions: readonly Caption[], few: boolean, room: number, text: number }} Captions
 *   name: of the run shown; few: whether only two are to be named; room: what the names take at the right of the axes, in pixels;
 *   text: of which size of the figure's text they are.
 */

import { NONE } from "./crew.js";
import { lineHeight, roomOf } from "./names.js";

const SHARE = 0.3; // of the figure's width, the most that names may take beside the curves
const WIDEST = 0.6; // of it, with what they cover of the curves
const SMALLEST = 10; // pixels

/**
 * @param {Pick<View, "companions" | "name">} view
 * @param {{ width: number, text: number }} figure
 * @param {number} height  of the axes
 * @returns {Captions}
 */
export function captionsOf({ companions = NONE, name = "" }, { width, text }, height) {
  const whole = [name, ...companions.map(({ label }) => label)];
  const brief = whole.map(briefly);
  const most = SHARE * width;
  const widest = (/** @type {string[]} */ texts) => Math.max(...texts.map((each) => roomOf(each, text)));
  const apart = new Set(brief).size === new Set(whole).size;
  const texts = widest(whole) > most && apart ? brief : whole;
  const size = Math.min(text, (text * height) / (whole.length * lineHeight(text)));
  const fits = size >= Math.min(SMALLEST, text) && widest(texts) <= WIDEST * width;
  return {
    name: texts[0],
    companions: companions.map(({ kind, hue }, i) => ({ label: texts[i + 1], kind, hue })),
    few: name !== "" && !fits,
    room: Math.min(widest(texts), most),
    text: fits ? size : text,
  };
}

/** "w = 0.1 …" of "w = 0.1, b = 0.2", and "mini-batch" of "mini-batch 10 0.05". @param {string} name */
const briefly = (name) => (name.includes(" = ") ? name.replace(/(,| →).*$/, " …") : name.replace(/\s\d.*$/, ""));

/** The one with the lowest loss, if that is lower than the one of the run shown: its index, else −1. @param {readonly Companion[]} companions @param {number} own */
export function leaderOf(companions, own) {
  let [lowest, leader] = [own, -1];
  for (let i = 0; i < companions.length; i += 1) {
    const { rows, cursor } = companions[i];
    if (cursor >= 0 && rows.columns.loss[cursor] < lowest) [lowest, leader] = [rows.columns.loss[cursor], i];
  }
  return leader;
}

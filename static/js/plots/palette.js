/**
 * The colours of the figures: CSS custom properties, one per token, on the root element.
 *
 * Hexadecimal values, since WebGL reads them as written. The five surface colours go from the valley to the rim in even
 * steps of lightness (OKLab), so that height reads the same for every eye; the valley is always the end that contrasts most
 * with the path. Orange against teal and blue stays apart with every colour blindness; so do the eight lanes of a race, which
 * differ in lightness as much as in hue. Defaults:
 *
 * |             | light   | dark    | projector |
 * |-------------|---------|---------|-----------|
 * | --ink       | #23201b | #ece8df | #000000   |
 * | --muted     | #6b665d | #a39e93 | #3d3a34   |
 * | --grid      | #e4dfd5 | #343944 | #cfcac0   |
 * | --paper     | #faf8f3 | #14161b | #ffffff   |
 * | --panel     | #ffffff | #1b1e25 | #ffffff   |
 * | --accent    | #c2410c | #ffb454 | #b93400   |
 * | --bean      | #4d7c6f | #7fc3b0 | #2c5f52   |
 * | --line      | #c2410c | #ffb454 | #b93400   |
 * | --path      | #9a2a10 | #ffb454 | #8a1c00   |
 * | --ball      | #e0570f | #ffa033 | #d94a00   |
 * | --optimum   | #1f3a5f | #f4f1ea | #0b2545   |
 * | --gradient  | #7b2cbf | #d9a8ff | #5f149c   |
 * | --warn      | #b42318 | #ff8a7a | #a30000   |
 * | --surface-0 | #fbf4da | #1d1a3a | #fff8e0   |
 * | --surface-1 | #c3dfbd | #2a3660 | #c0e3c0   |
 * | --surface-2 | #80c9bf | #335784 | #70c8c2   |
 * | --surface-3 | #5ba9c1 | #4079a0 | #45a2c3   |
 * | --surface-4 | #4d87b7 | #5b9db3 | #3b7ab7   |
 * | --slice-w   | #6a2a8c | #dcb0ff | #530f78   |
 * | --slice-b   | #1d5c2b | #b4e67a | #0d4719   |
 * | --lane-1    | #9a2a10 | #ffb454 | #8a1c00   |
 * | --lane-2    | #0d3284 | #1668f9 | #2d6ffb   |
 * | --lane-3    | #000b00 | #91c08a | #000a00   |
 * | --lane-4    | #712b53 | #b7376f | #e25cc7   |
 * | --lane-5    | #969491 | #f7f5f1 | #797774   |
 * | --lane-6    | #c48804 | #8c6022 | #b58b14   |
 * | --lane-7    | #aa4be8 | #7b5cb5 | #680097   |
 * | --lane-8    | #6394c5 | #67d4fe | #06415b   |
 *
 * Size and family of the text come from the figure's own element (`font-size`, `font-family`).
 *
 * @import {Theme} from "./types.js"
 */

export const TOKENS = [
  "ink", "muted", "grid", "paper", "panel", "accent", "bean", "line", "path", "ball", "optimum", "gradient", "warn",
  "surface-0", "surface-1", "surface-2", "surface-3", "surface-4", "slice-w", "slice-b",
  "lane-1", "lane-2", "lane-3", "lane-4", "lane-5", "lane-6", "lane-7", "lane-8",
];

/**
 * Read the tokens in force from the custom properties of an element.
 * @param {Element} [element]
 * @returns {Theme}
 */
export function readTheme(element = document.documentElement) {
  const style = getComputedStyle(element);
  return Object.fromEntries(TOKENS.map((token) => [token, style.getPropertyValue(`--${token}`).trim()]));
}

/**
 * The colour scale of a surface, for Plotly: from the valley (0) to the rim (1).
 * @param {Theme} theme
 * @returns {[number, string][]}
 */
export function surfaceScale(theme) {
  return [0, 1, 2, 3, 4].map((stop) => [stop / 4, theme[`surface-${stop}`]]);
}

/**
 * Red, green, blue and alpha between 0 and 1 of a hexadecimal colour, as WebGL takes them.
 * @param {string} colour
 * @returns {[number, number, number, number]}
 */
export function rgba(colour) {
  const digits = colour.length < 6 ? colour.slice(1).replace(/./g, "$&$&") : colour.slice(1);
  const value = (/** @type {number} */ at) => parseInt(digits.slice(at, at + 2) || "ff", 16) / 255;
  return [value(0), value(2), value(4), value(6)];
}

/**
 * A colour between two hexadecimal colours, for lines that cannot be translucent.
 * @param {string} first
 * @param {string} second
 * @param {number} share  of the first
 */
export function mix(first, second, share) {
  const other = rgba(second);
  const [red, green, blue] = rgba(first).map((part, i) => Math.round(255 * (part * share + other[i] * (1 - share))));
  return `rgb(${red}, ${green}, ${blue})`;
}

/**
 * A hexadecimal colour made translucent.
 * @param {string} colour
 * @param {number} alpha between 0 and 1
 */
export function fade(colour, alpha) {
  const [red, green, blue] = rgba(colour).map((part) => Math.round(part * 255));
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

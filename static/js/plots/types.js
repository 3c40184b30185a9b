/**
 * What a figure is made of and what it gives back; the view that it draws stands in ../types.js.
 *
 * @import {Translate, View} from "../types.js"
 *
 * @typedef {Record<string, string>} Theme  colours by token (palette.js)
 *
 * @typedef {object} Context
 * @property {Theme} theme
 * @property {Translate} t
 * @property {boolean} reducedMotion
 * @property {boolean} [direct]  false: draw with Plotly's public functions alone
 * @property {Hand} [hand]  whom to tell what a person does to the parameters on a figure
 * @property {Beans} [beans]  whom to tell what a person does to the beans
 *
 * @typedef {object} Hand
 * @property {() => Record<string, number> | null} held  where, if it is; known before a view shows it
 * @property {() => Record<string, number> | null} looked  likewise
 * @property {(theta: Record<string, number> | null) => void} look  at a point, or nowhere
 * @property {(theta: Record<string, number>) => void} move  the start is held there
 * @property {() => void} drop
 * @property {() => void} cancel
 *
 * @typedef {object} Beans
 * @property {() => Point | null} place  of the bean that is selected; known before a view shows it
 * @property {(index: number) => void} select
 * @property {(way: 1 | -1) => void} next
 * @property {(at: Point) => void} add
 * @property {() => void} remove  the bean that is selected
 * @property {(at: Point) => void} hold  it somewhere
 * @property {() => void} drop
 * @property {() => void} cancel
 *
 * @typedef {object} Plot
 * @property {(view: View) => void} update  at most once per animation frame
 * @property {(context: Context) => void} restyle  another theme or language; data and camera stay
 * @property {() => void} destroy
 *
 * @typedef {[low: number, high: number]} Range
 * @typedef {{x: Range, y: Range}} Window
 * @typedef {[x: number, y: number]} Point
 */

export {};

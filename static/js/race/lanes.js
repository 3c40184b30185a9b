/** @import { Catalog, Entry, Problem, Spec } from "../types.js" */
/** @import { Clock, Lane, Settings } from "./types.js" */

/** The lanes of a race: pure, in the terms of the catalogue. */

import { sizeName } from "../settingnames.js";
import { edited, entry, includes, inForce } from "../spec.js";
import { laneStep } from "./clock.js";

/** With the run on the screen. */
export const MOST_LANES = 8;
const HUES = [2, 3, 4, 5, 6, 7, 8];
const MINI_BATCH = 10;

/** The settings of the run on the screen at a step. @param {Spec} spec @param {number} step @returns {Settings} */
export const settingsOf = (spec, step) => ({
  optimizer: { name: spec.optimizer.name, ...inForce(spec, step) },
  batch: { ...spec.batch },
});

/** A method as the catalogue has it. @param {Entry} method @returns {Settings["optimizer"]} */
export const usual = ({ name, parameters }) => ({
  name,
  ...Object.fromEntries(parameters.map((param) => [param.name, param.default])),
});

/**
 * The lanes with more of them, as many as there is room for.
 *
 * @param {readonly Lane[]} lanes
 * @param {readonly Settings[]} more
 * @returns {readonly Lane[]}
 */
export function withLanes(lanes, more) {
  const all = [...lanes];
  for (const { optimizer, batch } of more.slice(0, MOST_LANES - 1 - lanes.length)) {
    const hue = HUES.find((free) => all.every((lane) => lane.hue !== free)) ?? HUES[0];
    const id = 1 + Math.max(0, ...all.map((lane) => lane.id));
    all.push({ id, hue, optimizer, batch });
  }
  return all;
}

/** Those of the settings that no lane has yet. @param {readonly Lane[]} lanes @param {readonly Settings[]} more @returns {Settings[]} */
export const missing = (lanes, more) =>
  more.filter(({ optimizer, batch }) => !lanes.some((lane) => includes(lane.optimizer, optimizer) && includes(lane.batch, batch)));

/** A lane with the value at `path` of its spec replaced. @param {Lane} lane @param {string} path @param {unknown} value @param {Spec} spec @param {Catalog} catalog @returns {Lane} */
export function withSetting(lane, path, value, spec, catalog) {
  const { optimizer, batch } = edited({ ...spec, ...settings(lane) }, path, value, catalog);
  return { ...lane, optimizer, batch };
}

/** @param {Settings} lane @returns {Settings} */
const settings = ({ optimizer, batch }) => ({ optimizer, batch });

/** Every method but that of the run on the screen, as the catalogue has them. @param {Catalog} catalog @param {Spec} spec @returns {Settings[]} */
export const allMethods = (catalog, spec) =>
  catalog.optimizers.filter(({ name }) => name !== spec.optimizer.name).map((method) => ({ optimizer: usual(method), batch: { ...spec.batch } }));

/** One bean, some beans, all beans a step, with the method of the run on the screen; its own batch is there already. @param {Spec} spec @param {number} step @param {number} count  of beans @returns {Settings[]} */
export function batchSizes(spec, step, count) {
  const own = settingsOf(spec, step);
  /** @type {Settings["batch"]["size"][]} */
  const sizes = [1, MINI_BATCH, "all"];
  const taken = own.batch.size === count ? "all" : own.batch.size;
  return sizes.filter((size) => size !== taken && (size === "all" || size < count)).map((size) => ({ ...own, batch: { ...own.batch, size } }));
}

/**
 * What is wrong with the numbers of a lane, in the engine's words: what it would refuse need not be asked.
 *
 * @param {Settings} lane
 * @param {Catalog} catalog
 * @returns {Problem[]}
 */
export function problemsOf({ optimizer }, catalog) {
  return (entry(catalog.optimizers, optimizer.name)?.parameters ?? []).flatMap(({ name, low, high }) => {
    const value = optimizer[name];
    const path = `optimizer.${name}`;
    const got = typeof value === "string" ? `"${value.slice(0, 40)}"` : String(value ?? "null");
    if (typeof value !== "number" || !Number.isFinite(value)) return [{ path, message: "", key: "expected-number", facts: { got } }];
    return value >= low && value <= high ? [] : [{ path, message: "", key: "out-of-range", facts: { low: String(low), high: String(high), got } }];
  });
}

/**
 * The spec of a lane: that of the run on the screen, but for its settings, and as long as its clock goes.
 *
 * @param {Settings} lane
 * @param {Spec} spec
 * @param {Clock} clock
 * @param {number} count  of the rows of data
 * @param {number} most  steps that are computed
 * @returns {Spec}
 */
export function specOf(lane, spec, clock, count, most) {
  const steps = Math.min(laneStep(clock, spec.batch, lane.batch, count, spec.steps), most);
  return { ...spec, ...settings(lane), steps, changes: [] };
}

/**
 * What lanes are called: their method and its rate, and what else sets them apart from each other, or from the first one.
 *
 * @param {readonly Settings[]} all  the run on the screen first
 * @param {Catalog} catalog
 * @param {import("../types.js").Translate} t
 * @returns {string[]}
 */
export function namesOf(all, catalog, t) {
  return all.map((lane) => {
    const { optimizer, batch } = lane;
    const method = entry(catalog.optimizers, optimizer.name);
    const [rate, ...others] = method?.parameters ?? [];
    const alike = all.filter((other) => other.optimizer.name === optimizer.name);
    const differ = (/** @type {(one: Settings) => unknown} */ of, /** @type {readonly Settings[]} */ among = alike) => among.some((other) => of(other) !== of(lane));
    const descent = optimizer.name === "gradient-descent";
    const parts = [descent ? sizeName(batch.size, t) : (method?.label ?? optimizer.name), rate ? String(optimizer[rate.name]) : ""];
    for (const { name, symbol, label } of others) {
      if (differ((one) => one.optimizer[name])) parts.push(`${symbol || label}\u2009${optimizer[name]}`);
    }
    if (!descent && batch.size !== all[0].batch.size) parts.push(sizeName(batch.size, t));
    if (batch.size !== "all" && differ((one) => one.batch.order, alike.filter((one) => one.batch.size !== "all"))) {
      parts.push(entry(catalog.orders, batch.order)?.label ?? batch.order);
    }
    return parts.filter(Boolean).join(" ");
  });
}

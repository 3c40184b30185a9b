/** @import { Catalog, Companion, Frame, Rows, Spec, Translate } from "./types.js" */

/**
 * What a run would have become: going back and changing something leaves a path behind, which stays as a ghost to compare
 * with and can be returned to. A run is a value, so its spec is enough to return to it; its rows are kept to be drawn.
 *
 * @typedef {{ name: string, symbol: string }} Changed a parameter that was changed, of the method or of the start, by its symbol;
 *   or the path of something else in the spec
 * @typedef {{ key: string, label: string, at: number, changed: readonly Changed[], spec: Spec, rows: Rows }} Branch
 *   label: what held in it after the change; at: the step at which the ways part; rows: its rows, thinned where there are many.
 */

import { repr, withMinus } from "./numbers.js";
import { sizeName } from "./settingnames.js";
import { createRows, lastStep } from "./rows.js";
import { entry, inForce, runParam } from "./spec.js";

export const MOST_BRANCHES = 4;
const MOST_ROWS = 8192;
const MOST_VALUES = 3; // said of one parameter

/** The step of the last row. @param {Rows} rows */
export const reached = ({ length, step }) => (length > 0 ? step[length - 1] : 0);

/** A copy of rows, of many only every so-manyth and the last one. @param {Rows} rows @param {number} [most] @returns {Rows} */
export function copied(rows, most = MOST_ROWS) {
  const stride = Math.ceil(rows.length / most);
  const length = Math.ceil((rows.length - 1) / stride) + 1;
  const names = Object.keys(rows.columns);
  const copy = createRows(names);
  /** @param {Float64Array} column */
  const thinned = (column) => Float64Array.from({ length }, (_, i) => column[Math.min(i * stride, rows.length - 1)]);
  copy.step = thinned(rows.step);
  for (const name of names) copy.columns[name] = thinned(rows.columns[name]);
  copy.length = length;
  copy.every = rows.every * stride;
  return copy;
}

/**
 * "a = 0.5", or "a = 0.5 → 0.1" where it was changed later: what held after a step; "Adam" and "mini-batch 10" speak for themselves.
 *
 * @param {Spec} spec
 * @param {number} at
 * @param {readonly Changed[]} changed
 * @param {Catalog} catalog
 * @param {Translate} t
 */
export function labelOf(spec, at, changed, catalog, t) {
  const method = entry(catalog.optimizers, spec.optimizer.name)?.label ?? spec.optimizer.name;
  const descent = spec.optimizer.name === "gradient-descent";
  const steps = [at, ...spec.changes.map(({ step }) => step).filter((step) => step > at)];
  return changed.map(({ name, symbol }) => {
    if (name === "optimizer.name") return method;
    if (name === "batch.size") return [...(descent ? [] : [method]), sizeName(spec.batch.size, t)].join(" ");
    if (name === "batch.order") return entry(catalog.orders, spec.batch.order)?.label ?? spec.batch.order;
    if (name === "seed") return `${runParam(catalog, "seed").label} ${spec.seed}`;
    const values = steps.map((step) => repr({ ...spec.start, ...inForce(spec, step) }[name])).filter((value, i, all) => value !== all[i - 1]);
    const told = values.length > MOST_VALUES ? [values[0], "…", values[values.length - 1]] : values;
    return withMinus(`${symbol} = ${told.join(" → ")}`);
  }).join(", ");
}

/** What the run shown is called among the paths that it has left. @param {Spec} spec @param {readonly Branch[]} branches @param {Catalog} catalog @param {Translate} t */
export function nameOf(spec, branches, catalog, t) {
  const last = branches.at(-1);
  return last && labelOf(spec, last.at, last.changed, catalog, t);
}

/** What two specs have otherwise after a step, or else the first parameter of their method. @param {Spec} left @param {Spec} right @param {number} at @param {Catalog} catalog @returns {Changed[]} */
export function differing(left, right, at, catalog) {
  const [before, after] = [inForce(left, at), inForce(right, at)];
  const params = entry(catalog.optimizers, left.optimizer.name)?.parameters ?? [];
  const sameMethod = left.optimizer.name === right.optimizer.name;
  const other = sameMethod ? params.filter(({ name }) => before[name] !== after[name]) : [{ name: "optimizer.name", symbol: "" }];
  const starts = Object.keys(left.start).filter((name) => left.start[name] !== right.start[name]).map((name) => ({ name, symbol: name }));
  const { size, order } = left.batch;
  const batch = size === right.batch.size ? [] : [{ name: "batch.size", symbol: "" }];
  if (order !== right.batch.order) batch.push({ name: "batch.order", symbol: "" });
  const seed = left.seed === right.seed ? [] : [{ name: "seed", symbol: "" }];
  const all = [...starts, ...other.map(({ name, symbol }) => ({ name, symbol })), ...batch, ...seed];
  return all.length > 0 ? all : params.slice(0, 1).map(({ name, symbol }) => ({ name, symbol }));
}

/** The branches as the figures draw them: whole, and the same as long as their list is. @param {readonly Branch[]} branches @returns {readonly Companion[]} */
export const ghosts = (branches) =>
  branches.map(({ key, label, rows }) => ({ key, label, kind: "ghost", hue: 0, rows, cursor: rows.length - 1 }));

/**
 * The branches of the run shown. It remembers how far the run has been, also when the rows beyond have gone.
 *
 * @param {() => Catalog} catalog
 * @param {Translate} t
 */
export function createBranches(catalog, t) {
  let made = 0;
  /** Rows of the run shown that reach further than those held. @type {Rows | null} */
  let further = null;

  /** @param {Rows} rows */
  const furthest = (rows) => (further && reached(further) > reached(rows) ? further : rows);

  /** @param {Spec} spec @param {Rows} rows @param {number} at @param {readonly Changed[]} changed @returns {Branch} */
  function branch(spec, rows, at, changed) {
    made += 1;
    return { key: `ghost-${made}`, label: labelOf(spec, at, changed, catalog(), t), at, changed, spec, rows: copied(furthest(rows)) };
  }

  return {
    /** These rows are about to be cut after a step. @param {Rows} rows @param {number} step */
    cut(rows, step) {
      if (reached(rows) > step && reached(rows) > (further ? reached(further) : -1)) further = copied(rows);
    },

    /** A frame is about to be taken in. @param {Rows} rows @param {Frame} frame */
    take(rows, frame) {
      const step = lastStep(frame);
      if (reached(rows) > step && rows.find(step) < 0) this.cut(rows, step);
    },

    /** Another run is shown. */
    forget() {
      further = null;
    },

    /** After a step the run goes on otherwise: what it leaves behind, if it had been beyond. @param {readonly Branch[]} branches @param {Spec} spec @param {Rows} rows @param {number} at @param {Spec} other @returns {readonly Branch[]} */
    part(branches, spec, rows, at, other) {
      if (reached(furthest(rows)) <= at) return branches;
      const left = branch(spec, rows, at, differing(spec, other, at, catalog()));
      further = null;
      return [...branches, left].slice(-MOST_BRANCHES);
    },

    /** In another language. @param {readonly Branch[]} branches @returns {readonly Branch[]} */
    relabel: (branches) => branches.map((each) => ({ ...each, label: labelOf(each.spec, each.at, each.changed, catalog(), t) })),

    /** One returns to a branch: the run that was shown takes its place. @param {readonly Branch[]} branches @param {Branch} back @param {Spec} spec @param {Rows} rows @returns {readonly Branch[]} */
    exchange(branches, back, spec, rows) {
      const left = branch(spec, rows, back.at, back.changed);
      further = null;
      return branches.map((each) => (each.key === back.key ? left : each));
    },
  };
}

/** @import { Catalog, Entry, Named, Param, Spec } from "./types.js" */

/** What a spec becomes when a person changes something in it: pure, in the terms of the catalogue. */

/** @param {readonly Entry[]} entries @param {string} name */
export const entry = (entries, name) => entries.find((candidate) => candidate.name === name);

/** @param {Catalog} catalog @param {string} name */
export function runParam(catalog, name) {
  const found = catalog.run.find((param) => param.name === name);
  if (!found) throw new Error(`the catalogue has no run parameter "${name}"`);
  return found;
}

/**
 * The method's parameters in force for the update step → step + 1, without its name.
 *
 * @param {Pick<Spec, "optimizer" | "changes">} spec
 * @param {number} step
 * @returns {Record<string, number>}
 */
export function inForce(spec, step) {
  const { name: _, ...params } = spec.optimizer;
  for (const change of spec.changes) {
    if (change.step > step) break;
    Object.assign(params, change.optimizer);
  }
  return params;
}

/**
 * The run that starts anew with the parameters in force at `step`: what one sees is what one gets.
 *
 * @param {Spec} spec
 * @param {number} step
 * @returns {Spec}
 */
export function restarted(spec, step) {
  return { ...spec, optimizer: { name: spec.optimizer.name, ...inForce(spec, step) }, changes: [] };
}

/** The same run with what was changed before its first step as its own parameters. @param {Spec} spec @returns {Spec} */
export const folded = (spec) => ({
  ...spec,
  optimizer: { name: spec.optimizer.name, ...inForce(spec, 0) },
  changes: spec.changes.filter((change) => change.step > 0),
});

/**
 * The run that is this one up to `step` and goes on with other parameters of its method.
 *
 * @param {Spec} spec
 * @param {number} step
 * @param {Record<string, number>} optimizer
 * @returns {Spec}
 */
export function withChange(spec, step, optimizer) {
  const kept = spec.changes.filter((change) => change.step < step);
  const same = spec.changes.find((change) => change.step === step);
  return { ...spec, changes: [...kept, { step, optimizer: { ...same?.optimizer, ...optimizer } }] };
}

/** @param {Record<string, unknown>} all @param {Record<string, unknown>} some */
export const includes = (all, some) => Object.entries(some).every(([name, value]) => all[name] === value);

/** @param {Spec["changes"]} left @param {Spec["changes"]} right */
export const sameChanges = (left, right) => left === right || JSON.stringify(left) === JSON.stringify(right);

/**
 * `spec` with the value at `path` ("batch.size") replaced. A new name brings its own parameters: those that were
 * chosen by hand stay, those that were the old one's defaults become the new one's defaults.
 *
 * @param {Spec} spec
 * @param {string} path
 * @param {unknown} value
 * @param {Catalog} catalog
 * @returns {Spec}
 */
export function edited(spec, path, value, catalog) {
  switch (path) {
    case "dataset.name":
      return fitBatch({ ...spec, dataset: renamed(spec.dataset, String(value), catalog.datasets) });
    case "optimizer.name":
      return { ...spec, optimizer: renamed(spec.optimizer, String(value), catalog.optimizers), changes: [] };
    case "model": {
      const { name: _, ...start } = renamed({ name: spec.model, ...spec.start }, String(value), catalog.models);
      return { ...spec, model: String(value), start };
    }
    default:
      return fitBatch(replaced(spec, path.split("."), value));
  }
}

/** Rows of data, with one number or a list of one in x, as points of one's own. @param {{ x: (number | number[])[], y: number[] }} data */
export const ownPoints = ({ x, y }) => ({ x: x.map((row) => (typeof row === "number" ? row : row[0])), y: [...y] });

/** @param {Named} chosen @param {string} name @param {readonly Entry[]} entries @returns {Named} */
function renamed(chosen, name, entries) {
  const before = new Map(entry(entries, chosen.name)?.parameters.map((param) => [param.name, param.default]));
  /** @param {Param} param */
  const value = ({ name: key, default: usual, low, high }) => {
    const own = chosen[key];
    return before.has(key) && own !== before.get(key) && own >= low && own <= high ? own : usual;
  };
  return { name, ...Object.fromEntries((entry(entries, name)?.parameters ?? []).map((param) => [param.name, value(param)])) };
}

/** A batch cannot be larger than the data. @param {Spec} spec @returns {Spec} */
function fitBatch(spec) {
  const { size } = spec.batch;
  const count = spec.dataset.count ?? spec.dataset.y?.length;
  if (size === "all" || !Number.isInteger(count) || count < 1 || size <= count) return spec;
  return { ...spec, batch: { ...spec.batch, size: "all" } };
}

/**
 * @template T
 * @param {T} object
 * @param {string[]} path
 * @param {unknown} value
 * @returns {T}
 */
function replaced(object, [key, ...rest], value) {
  const inner = /** @type {Record<string, unknown>} */ (object ?? {});
  return /** @type {T} */ ({ ...inner, [key]: rest.length > 0 ? replaced(inner[key] ?? {}, rest, value) : value });
}

/** The value at a dotted path, undefined where there is none. @param {unknown} object @param {string} path */
export const valueAt = (object, path) =>
  path.split(".").reduce((inner, key) => /** @type {any} */ (inner)?.[key], object);

/** @import { Catalog, Change, Entry, Param, Problem, Spec } from "./types.js" */

/**
 * The address: a spec and a step as short readable keys, defaults left out, and back again.
 * The keys are one declared list, made from the catalogue; unknown keys and bad values are named, never swallowed.
 *
 * @typedef {{ key: string, path: string, usual: unknown, read: (text: string) => unknown,
 *   write: (value: any) => string }} Property
 *   One key of the address. `read` gives undefined for what is no value of it.
 * @typedef {{ kind: "unknown", key: string } | { kind: "bad", key: string, got: string, used: string } |
 *   { kind: "repeated", key: string, used: string } |
 *   { kind: "words" } | { kind: "left-out", key: string } | { kind: "limit", key: string, limit: string, rate: string }} Notice
 *   What was ignored, or replaced by its default, or said again, or is too long for an address; or a rate beyond its limit.
 */

import { NAME_KEYS } from "./data/columns.js";
import { entry, folded, runParam, valueAt } from "./spec.js";

/** The names that a spec has when nothing is said, as the engine has them. */
const USUAL = {
  dataset: "offset-beans",
  model: "line",
  loss: "squared-error",
  optimizer: "gradient-descent",
  order: "sequential",
};

/** Short keys for parameters whose own names are long; every other parameter goes by its own name. */
const SHORT = /** @type {Record<string, string>} */ ({ learning_rate: "rate" });
const DATASET_KEYS = /** @type {Record<string, string>} */ ({ count: "n", seed: "data-seed" });

/** Data of one's own that take more characters than this are left out of the address, which then says so. */
const MOST_DATA = 4096;
const LEFT_OUT = "left-out";

/** Keys of the address that are not the run's. */
const RESERVED = ["lang", "race", "clock", "goal", ...NAME_KEYS, LEFT_OUT];

/** @param {Catalog} catalog @returns {Property[]} */
const nameProperties = (catalog) => [
  name("data", "dataset.name", catalog.datasets, USUAL.dataset),
  name("model", "model", catalog.models, USUAL.model),
  name("loss", "loss", catalog.losses, USUAL.loss),
  name("method", "optimizer.name", catalog.optimizers, USUAL.optimizer),
];

/**
 * All keys that a run with these names has.
 *
 * @param {Catalog} catalog
 * @param {{ dataset: string, model: string, optimizer: string }} names
 * @returns {Property[]}
 */
export function properties(catalog, names) {
  const [data, model, loss, method] = nameProperties(catalog);
  const methodParams = entry(catalog.optimizers, names.optimizer)?.parameters ?? [];
  return [
    data,
    ...(entry(catalog.datasets, names.dataset)?.parameters ?? []).map((param) =>
      number(DATASET_KEYS[param.name] ?? param.name, `dataset.${param.name}`, param),
    ),
    ...(names.dataset === "points" ? [numbers("x", "dataset.x"), numbers("y", "dataset.y")] : []),
    model,
    loss,
    method,
    ...methodParams.map((param) => number(short(param.name), `optimizer.${param.name}`, param)),
    size("batch", "batch.size", runParam(catalog, "batch.size")),
    name("order", "batch.order", catalog.orders, USUAL.order),
    ...(entry(catalog.models, names.model)?.parameters ?? []).map((param) =>
      number(param.name, `start.${param.name}`, param),
    ),
    number("steps", "steps", runParam(catalog, "steps")),
    number("seed", "seed", runParam(catalog, "seed")),
    { ...number("stop", "stop.gradient_norm", runParam(catalog, "stop.gradient_norm")), usual: undefined },
    changes("changes", "changes", methodParams),
    { ...number("at", "at", runParam(catalog, "steps")), usual: 0 },
  ];
}

/**
 * @param {string | URLSearchParams} address with every key once
 * @param {Catalog} catalog
 * @returns {{ spec: Spec, at: number, notices: Notice[] }}
 */
export function decode(address, catalog) {
  const given = new Map(new URLSearchParams(address));
  /** @type {Notice[]} */
  const notices = [];
  const [dataset, model, , optimizer] = nameProperties(catalog).map(
    (property) => /** @type {string} */ (property.read(given.get(property.key) ?? "") ?? property.usual),
  );
  const list = properties(catalog, { dataset, model, optimizer });
  /** @type {Record<string, any>} */
  const tree = {};
  for (const { key, path, usual, read, write } of list) {
    const text = given.get(key);
    const value = text === undefined ? usual : read(text);
    if (value === undefined && text !== undefined) {
      notices.push({ kind: "bad", key, got: text, used: usual === undefined ? "" : write(usual) });
    }
    put(tree, path.split("."), value ?? usual);
  }
  const known = new Set([...list.map(({ key }) => key), ...RESERVED]);
  for (const key of given.keys()) if (!known.has(key)) notices.push({ kind: "unknown", key });
  if (given.has(LEFT_OUT)) notices.push({ kind: "left-out", key: LEFT_OUT });
  const { at, stop, ...rest } = tree;
  const spec = /** @type {Spec} */ ({ ...rest, stop: stop.gradient_norm === undefined ? null : stop });
  if (at > spec.steps) notices.push({ kind: "bad", key: "at", got: String(at), used: String(spec.steps) });
  return { spec, at: Math.min(at, spec.steps), notices };
}

/**
 * Every key with its last value, and the keys that a part says more than once; a later part may well say it otherwise.
 *
 * @param {...string} parts of an address: what stands after "?", what stands after "#"
 * @returns {{ given: URLSearchParams, notices: Notice[] }}
 */
export function gather(...parts) {
  /** @type {Notice[]} */
  const notices = [];
  const given = new Map(parts.flatMap((part) => {
    const [last, again] = [new Map(), new Set()];
    for (const [key, value] of new URLSearchParams(part)) {
      if (last.has(key)) again.add(key);
      last.set(key, value);
    }
    for (const key of again) notices.push({ kind: "repeated", key, used: last.get(key) });
    return [...last];
  }));
  return { given: new URLSearchParams([...given]), notices };
}

/**
 * @param {Spec} spec
 * @param {number} at
 * @param {Catalog} catalog
 * @returns {string} the part after "?", empty where all is as usual
 */
export function encode(spec, at, catalog) {
  const names = { dataset: spec.dataset.name, model: spec.model, optimizer: spec.optimizer.name };
  const all = { ...folded(spec), at };
  const left = names.dataset === "points" && isLong(spec);
  const parts = left ? [`${LEFT_OUT}=data`] : [];
  for (const { key, path, usual, write } of properties(catalog, names)) {
    const value = valueAt(all, path);
    if (value === undefined || value === null || (left && path.startsWith("dataset."))) continue;
    const text = write(value);
    if (usual === undefined || text !== write(usual)) parts.push(`${key}=${readable(text)}`);
  }
  return parts.filter((part) => !part.endsWith("=")).join("&");
}

/** Whether an address that `encode` has made goes without the data. @param {string} query */
export const leavesOutData = (query) => new URLSearchParams(query).has(LEFT_OUT);

/** Whether the data of one's own take more characters than an address has for them. @param {Spec} spec */
function isLong({ dataset }) {
  let length = 0;
  for (const list of [dataset.x, dataset.y]) {
    for (const value of list) {
      length += writeNumber(value).length + 1;
      if (length > MOST_DATA) return true;
    }
  }
  return false;
}

/**
 * `spec` with every value that the server refused replaced by its default, and what was replaced.
 *
 * @param {Spec} spec
 * @param {readonly Problem[]} problems
 * @param {Catalog} catalog
 * @returns {{ spec: Spec, notices: Notice[] }}
 */
export function repaired(spec, problems, catalog) {
  const { spec: usualSpec } = decode("", catalog);
  const names = { dataset: spec.dataset.name, model: spec.model, optimizer: spec.optimizer.name };
  /** @type {Notice[]} */
  const notices = [];
  const copy = structuredClone(spec);
  for (const problem of problems) {
    const property = properties(catalog, names).find(
      ({ path }) => problem.path === path || problem.path.startsWith(`${path}.`),
    );
    if (!property) continue;
    const { key, path, usual, write } = property;
    const value = valueAt(spec, path);
    notices.push({ kind: "bad", key, got: value === undefined ? "" : write(value), used: usual === undefined ? "" : write(usual) });
    if (path.startsWith("dataset.") && names.dataset === "points") copy.dataset = usualSpec.dataset;
    else put(copy, path.split("."), usual);
  }
  return { spec: copy, notices };
}

/** @param {string} param */
export const short = (param) => SHORT[param] ?? param;

/** @param {string} key @param {string} path @param {readonly Entry[]} entries @param {string} usual @returns {Property} */
const name = (key, path, entries, usual) => ({
  key,
  path,
  usual,
  read: (text) => entry(entries, text)?.name,
  write: String,
});

/** @param {string} key @param {string} path @param {Param} param @returns {Property} */
const number = (key, path, param) => ({
  key,
  path,
  usual: param.default,
  read: (text) => readNumber(text, param),
  write: writeNumber,
});

/** @param {string} key @param {string} path @param {Param} param @returns {Property} */
const size = (key, path, param) => ({
  ...number(key, path, param),
  read: (text) => (text === "all" ? "all" : readNumber(text, param)),
  write: (value) => (value === "all" ? "all" : writeNumber(value)),
});

/** Points of one's own: "0.1,0.2". @param {string} key @param {string} path @returns {Property} */
const numbers = (key, path) => ({
  key,
  path,
  usual: undefined,
  read: (text) => every(text.split(",").map((part) => readNumber(part))),
  write: (value) => value.flat().map(writeNumber).join(","),
});

/** Changes on the way: "500:rate=0.05;800:rate=0.1,momentum=0.9". @param {string} key @param {string} path @param {Param[]} params @returns {Property} */
const changes = (key, path, params) => ({
  key,
  path,
  usual: [],
  read: (text) => (text === "" ? [] : every(text.split(";").map((part) => readChange(part, params)))),
  // A change of nothing says nothing.
  write: (value) => value.filter((/** @type {Change} */ { optimizer }) => Object.keys(optimizer).length > 0).map(writeChange).join(";"),
});

/** @param {string} text @param {readonly Param[]} params @returns {Change | undefined} */
function readChange(text, params) {
  const [step, list, ...rest] = text.split(":");
  const at = readNumber(step);
  if (at === undefined || !Number.isInteger(at) || at < 0 || !list || rest.length > 0) return undefined;
  /** @type {Record<string, number>} */
  const optimizer = {};
  for (const part of list.split(",")) {
    const [key, value = ""] = part.split("=");
    const param = params.find((candidate) => short(candidate.name) === key);
    const read = param && readNumber(value, param);
    if (param === undefined || read === undefined) return undefined;
    optimizer[param.name] = read;
  }
  return { step: at, optimizer };
}

/** @param {Change} change */
const writeChange = ({ step, optimizer }) =>
  `${step}:${Object.entries(optimizer).map(([param, value]) => `${short(param)}=${writeNumber(value)}`).join(",")}`;

/** @param {string} text @param {Param} [param] */
export function readNumber(text, param) {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) return undefined;
  if (param && (value < param.low || value > param.high || (param.integer && !Number.isInteger(value)))) return undefined;
  return value;
}

/** In an address "+" would be read as a space. @param {number} value */
export const writeNumber = (value) => String(value).replace("e+", "e");

/** The list if it has no gap. @template T @param {(T | undefined)[]} list @returns {T[] | undefined} */
const every = (list) => (list.includes(undefined) ? undefined : /** @type {T[]} */ (list));

/** @param {string} text */
export const readable = (text) => encodeURIComponent(text).replace(/%(3A|3B|2C|3D)/g, decodeURIComponent);

/** @param {Record<string, any>} tree @param {string[]} path @param {unknown} value */
function put(tree, [key, ...rest], value) {
  if (rest.length === 0) tree[key] = value;
  else put((tree[key] ??= {}), rest, value);
}

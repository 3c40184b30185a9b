/** @import { Catalog, Param, Spec, Translate } from "../types.js" */
/** @import { Draft, Request, Varied, Variable } from "./types.js" */

/** A sweep as it is set up: what can be varied, the values to begin with, and the request that comes of it. Pure. */

import { entry } from "../spec.js";

const FIRST_COUNT = 200;
const OTHER_COUNT = 40;
const MOST_WHOLE = 20;
const SIZES = [1, 10, "all"];

/**
 * All that can be varied where these names are chosen, in the order of the panel; the method's rate comes first.
 *
 * @param {Catalog} catalog
 * @param {Spec} spec
 * @param {Translate} t
 * @returns {Variable[]}
 */
export function variables(catalog, spec, t) {
  const of = (/** @type {string} */ group, /** @type {readonly Param[]} */ params) =>
    params.map((param) => number(`${group}.${param.name}`, param));
  const run = Object.fromEntries(catalog.run.map((param) => [param.name, number(param.name, param)]));
  const { "batch.size": size, ...rest } = run;
  return [
    ...of("optimizer", entry(catalog.optimizers, spec.optimizer.name)?.parameters ?? []),
    size,
    { key: "batch.order", label: t("control.order"), symbol: "", param: null, entries: catalog.orders },
    { key: "optimizer.name", label: t("control.method"), symbol: "", param: null, entries: catalog.optimizers },
    ...of("start", entry(catalog.models, spec.model)?.parameters ?? []),
    ...Object.values(rest),
    ...of("dataset", entry(catalog.datasets, spec.dataset.name)?.parameters ?? []),
    { key: "dataset.name", label: t("control.data"), symbol: "", param: null, entries: catalog.datasets.filter(({ parameters }) => parameters.length > 0) },
    { key: "model", label: t("control.model"), symbol: "", param: null, entries: catalog.models },
    { key: "loss", label: t("control.loss"), symbol: "", param: null, entries: catalog.losses },
  ];
}

/** @param {string} key @param {Param} param @returns {Variable} */
const number = (key, param) => ({ key, label: param.label, symbol: param.symbol, param, entries: null });

/**
 * The values that a key takes on until others are chosen.
 *
 * @param {Variable} variable
 * @param {boolean} first whether it is the key that pictures are drawn against
 * @returns {Varied}
 */
export function proposed({ key, param, entries }, first) {
  if (entries) return { key, kind: "list", values: entries.map(({ name }) => name) };
  if (!param || key === "batch.size") return { key, kind: "list", values: [...SIZES] };
  const { scale, slider, low, high, integer } = param;
  const round = (/** @type {number} */ value) => Number(value.toPrecision(3));
  const [from, to] = scale === "log" && !integer
    ? [Math.max(round(param.default / 100), low), Math.min(round(param.default * 10), high)]
    : slider;
  const count = integer ? Math.min(MOST_WHOLE, to - from + 1) : first ? FIRST_COUNT : OTHER_COUNT;
  return { key, kind: "range", range: { from, to, count, scale } };
}

/** @param {Draft} draft @returns {Request} */
export function toRequest({ spec, vary, goal }) {
  return {
    base: spec,
    vary: Object.fromEntries(vary.map((each) => [each.key, each.kind === "range" ? each.range : each.values])),
    goal: goal === null ? null : { excess_loss: /** @type {number} */ (goal) },
  };
}

/** @param {Request} request @returns {Draft} */
export function fromRequest({ base, vary, goal }) {
  return {
    spec: base,
    vary: Object.entries(vary).map(([key, given]) =>
      Array.isArray(given)
        ? { key, kind: "list", values: given }
        : { key, kind: "range", range: given }),
    goal: goal?.excess_loss ?? null,
  };
}

/**
 * The draft with another run: a key that this run does not have gives way to the one that is offered first.
 *
 * @param {Draft} draft
 * @param {Spec} spec
 * @param {Variable[]} offered
 * @returns {Draft}
 */
export function withSpec(draft, spec, offered) {
  const known = new Set(offered.map(({ key }) => key));
  const kept = draft.vary.filter(({ key }) => known.has(key));
  const vary = kept.length > 0 ? kept : [proposed(offered[0], true)];
  return { ...draft, spec, vary };
}

/** Values as one types them: "1, 10, all". @param {readonly (number | string)[]} values */
export const writeList = (values) => values.join(", ");

/** @param {string} text @returns {(number | string)[]} */
export function readList(text) {
  const parts = text.split(/[\s,;，、；]+/).filter(Boolean);
  return parts.map((part) => (Number.isFinite(Number(part)) ? Number(part) : part));
}

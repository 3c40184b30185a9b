/** @import { Catalog, Entry, Param, Spec, Translate } from "./types.js" */

/**
 * What the panel holds for a spec, from the catalogue alone: groups of rows of controls.
 *
 * @typedef {{ path: string, label: string, help: (spec: Spec) => string }} Common
 *   path: of the value in the spec; help: what there is to say of the control as it stands.
 * @typedef {Common & { kind: "choice", entries: readonly Entry[] }} ChoicePlan
 * @typedef {Common & { kind: "size" | "number" | "optional" | "rate" | "slider", param: Param }} ParamPlan
 *   size: a number or "all"; optional: a number or nothing; slider: a number that may change while the run goes; rate: the one of them that
 *   says how far a step goes.
 * @typedef {Common & { kind: "action" }} ActionPlan
 *   path: the name of what is done
 * @typedef {ChoicePlan | ParamPlan | ActionPlan} ControlPlan
 * @typedef {{ name: string, title: string, rows: ControlPlan[][] }} Group
 */

import { entry, runParam } from "./spec.js";

/**
 * @param {Catalog} catalog
 * @param {Spec} spec
 * @param {Translate} t
 * @param {boolean} own whether there are beans on a screen that beans of one's own can begin with
 * @returns {Group[]}
 */
export function panelPlan(catalog, spec, t, own) {
  const dataset = entry(catalog.datasets, spec.dataset.name)?.parameters ?? [];
  const model = entry(catalog.models, spec.model)?.parameters ?? [];
  const method = entry(catalog.optimizers, spec.optimizer.name)?.parameters ?? [];
  // Points of one's own cannot be chosen out of nothing; they may come with an address.
  const offered = catalog.datasets.filter(({ name }) => own || name !== "points" || spec.dataset.name === "points");
  const load = /** @type {ActionPlan} */ ({ kind: "action", path: "load", label: t("load.open"), help: () => t("load.open.help") });
  return [
    {
      name: "data",
      title: t("group.data"),
      rows: [
        [choice("dataset.name", t("control.data"), offered, (given) => given.dataset.name), ...(own ? [load] : [])],
        dataset.map((param) => number("number", `dataset.${param.name}`, param)),
      ],
    },
    {
      name: "model",
      title: t("group.model"),
      rows: [[
        choice("model", t("control.model"), catalog.models, (given) => given.model),
        choice("loss", t("control.loss"), catalog.losses, (given) => given.loss),
      ]],
    },
    {
      name: "method",
      title: t("group.method"),
      rows: [
        [choice("optimizer.name", t("control.method"), catalog.optimizers, (given) => given.optimizer.name)],
        ...method.map((param, i) => [number(i === 0 ? "rate" : "slider", `optimizer.${param.name}`, param)]),
        [
          number("size", "batch.size", runParam(catalog, "batch.size")),
          choice("batch.order", t("control.order"), catalog.orders, (given) => given.batch.order),
        ],
      ],
    },
    {
      name: "run",
      title: t("group.run"),
      rows: [
        model.map((param) => number("number", `start.${param.name}`, param)),
        [
          number("number", "steps", runParam(catalog, "steps")),
          number("number", "seed", runParam(catalog, "seed")),
          number("optional", "stop.gradient_norm", runParam(catalog, "stop.gradient_norm")),
        ],
      ],
    },
  ];
}

/** @param {string} path @param {string} label @param {readonly Entry[]} entries @param {(spec: Spec) => string} chosen @returns {ChoicePlan} */
const choice = (path, label, entries, chosen) => ({
  kind: "choice",
  path,
  label,
  entries,
  help: (spec) => entry(entries, chosen(spec))?.help ?? "",
});

/** @param {ParamPlan["kind"]} kind @param {string} path @param {Param} param @returns {ParamPlan} */
const number = (kind, path, param) => ({ kind, path, label: param.label, param, help: () => param.help });

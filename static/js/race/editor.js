/** @import { Field } from "../fields.js" */
/** @import { Language } from "../language.js" */
/** @import { Catalog, Problem, Translate } from "../types.js" */
/** @import { Runner } from "./race.js" */
/** @import { Lane } from "./types.js" */

/** The settings of one lane as fields: its method with its numbers, its batches; and its removal. */

import { h, setText } from "../dom.js";
import { createChoice, createNumber } from "../fields.js";
import { count } from "../numbers.js";
import { entry, valueAt } from "../spec.js";

const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * @param {{ edit: (lane: Lane, path: string, value: unknown) => void, remove: (lane: Lane) => void, close: () => void }} acts
 * @param {Translate} t
 * @param {Language["say"]} say
 * @param {() => Catalog} catalog
 */
export function createEditor(acts, t, say, catalog) {
  const element = h("fieldset", { id: "race-editor", class: "race-editor", hidden: true });
  /** @type {{ path: string, field: Field }[]} */
  let fields = [];
  let built = "";
  /** @type {Lane | null} */
  let lane = null;

  /** @param {Lane} shown @param {number} rows  of the data */
  function build(shown, rows) {
    const set = (/** @type {string} */ path) => (/** @type {unknown} */ value) => lane && acts.edit(lane, path, value);
    const words = (/** @type {string} */ path, /** @type {string} */ label, help = "") => ({ name: `race.${path}`, label, help });
    const method = createChoice(words("method", t("control.method")), set("optimizer.name"));
    method.offer(catalog().optimizers.map(({ name, label }) => [name, label]));
    const params = entry(catalog().optimizers, shown.optimizer.name)?.parameters ?? [];
    const numbers = params.map((param) => ({
      path: `optimizer.${param.name}`,
      field: createNumber({ ...words(param.name, param.label, param.help), symbol: param.symbol }, param, set(`optimizer.${param.name}`)),
    }));
    const size = createChoice(words("batch", t("race.batch")), (value) => set("batch.size")(value === "all" ? "all" : Number(value)));
    const sizes = [...new Set([...SIZES.filter((each) => each < rows), ...(shown.batch.size === "all" ? [] : [shown.batch.size])])].sort((a, b) => a - b);
    size.offer([...sizes.map((each) => /** @type {[string, string]} */ ([String(each), count(each)])), ["all", t("control.all", { count: count(rows) })]]);
    const order = createChoice(words("order", t("control.order")), set("batch.order"));
    order.offer(catalog().orders.map(({ name, label }) => [name, label]));
    fields = [{ path: "optimizer.name", field: method }, ...numbers, { path: "batch.size", field: size }, { path: "batch.order", field: order }];
    const remove = h("button", { type: "button", class: "plain" }, t("race.remove"));
    remove.addEventListener("click", () => lane && acts.remove(lane));
    const close = h("button", { type: "button", class: "plain" }, t("race.done"));
    close.addEventListener("click", acts.close);
    element.replaceChildren(
      h("legend", { class: "for-readers" }),
      h("div", { class: "race-head" }, method.element, close, remove),
      h("div", { class: "race-fields" }, ...numbers.map(({ field }) => field.element), size.element, order.element),
    );
  }

  return {
    element,

    /** @param {Runner | null} runner @param {number} rows  of the data */
    update(runner, rows) {
      lane = runner?.lane ?? null;
      element.hidden = lane === null;
      if (!runner || !lane) return;
      const wanted = `${lane.id} ${lane.optimizer.name} ${rows} ${SIZES.includes(Number(lane.batch.size)) ? "" : lane.batch.size}`;
      const focused = fields.find(({ field }) => field.element.contains(document.activeElement))?.path;
      if (wanted !== built) build(lane, rows);
      built = wanted;
      if (focused) refocus(focused);
      setText(/** @type {Element} */ (element.firstElementChild), t("race.editor", { name: runner.name }));
      element.style.setProperty("--lane", `var(--lane-${runner.hue})`);
      for (const { path, field } of fields) field.sync(valueAt(lane, path), problemAt(path, runner.result?.problems ?? []));
    },

    /** Make everything anew, in other words. */
    relabel() {
      built = "";
    },
  };

  /** @param {string} path */
  function refocus(path) {
    const control = fields.find((each) => each.path === path)?.field.element.querySelector("select, input");
    if (control instanceof HTMLElement && control !== document.activeElement) control.focus({ preventScroll: true });
  }

  /** @param {string} path @param {readonly Problem[]} problems */
  function problemAt(path, problems) {
    const found = problems.find((problem) => problem.path === path);
    return found && say({ ...found, text: found.message });
  }
}

/** @import { Field } from "./fields.js" */
/** @import { ControlPlan } from "./plan.js" */
/** @import { Language } from "./language.js" */
/** @import { State } from "./known.js" */
/** @import { Session } from "./session.js" */
/** @import { Catalog, Spec, Translate } from "./types.js" */
/** @import { Meaning } from "./zones.js" */

/** The panel of controls: one field for each value of the spec, as the plan says. */

import { arrange, h, setAttribute, setText } from "./dom.js";
import { createAction, createChoice, createNumber, createSlider } from "./fields.js";
import { panelPlan } from "./plan.js";
import { rateZones, UNTOLD } from "./ratezones.js";
import { shownStep } from "./known.js";
import { inForce, valueAt } from "./spec.js";

const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * @param {HTMLElement} panel
 * @param {Pick<Session, "edit" | "change">} session
 * @param {Translate} t
 * @param {Language["say"]} say
 * @param {Record<string, () => void>} [actions] what the panel's buttons do; without them there are none
 */
export function createControls(panel, session, t, say, actions) {
  /** @type {Map<string, { plan: ControlPlan, field: Field }>} */
  let controls = new Map();
  const groups = h("div", { class: "groups" });
  const help = h("p", { class: "help", "aria-hidden": "true" });
  panel.replaceChildren(groups, help);

  /** @param {ControlPlan} plan @returns {Field} */
  function create(plan) {
    const { path, label } = plan;
    if (plan.kind === "choice") {
      const made = createChoice({ name: path, label, help: "" }, (value) => session.edit(path, value));
      made.offer(plan.entries.map((each) => [each.name, each.label]));
      return made;
    }
    if (plan.kind === "action") return createAction({ name: path, label, help: "" }, () => actions?.[path]());
    const { param } = plan;
    const words = { name: path, label, symbol: param.symbol, help: param.help };
    switch (plan.kind) {
      case "size":
        return createChoice(words, (value) => session.edit(path, value === "all" ? "all" : Number(value)));
      case "rate":
      case "slider":
        return createSlider(words, param, (value) => session.change({ [param.name]: /** @type {number} */ (value) }),
          t("control.exact", { label }), plan.kind === "slider");
      case "optional":
        return createNumber(words, param, (value) => (value === null ? session.edit("stop", null) : session.edit(path, value)),
          t("control.never"));
      default:
        return createNumber(words, param, (value) => session.edit(path, value));
    }
  }

  /** The controls for a spec; those that still say the same stay where they are, with what is being typed. @param {Catalog} catalog @param {Spec} spec */
  function build(catalog, spec) {
    /** @type {typeof controls} */
    const next = new Map();
    const sets = panelPlan(catalog, spec, t, actions !== undefined).map(({ name, title, rows }) => {
      const set = groups.querySelector(`[data-group=${name}]`) ?? h("fieldset", { "data-group": name }, h("legend", { class: "for-readers" }));
      const [legend, ...lines] = set.children;
      setText(/** @type {HTMLElement} */ (legend), title);
      const filled = rows.filter((row) => row.length > 0).map((row, i) => {
        const line = lines[i] ?? h("div", {});
        setAttribute(line, "class", `row of-${row.length}${row.at(-1)?.kind === "action" ? " with-action" : ""}`);
        arrange(line, row.map((plan) => {
          const known = controls.get(plan.path);
          const field = known && sameControl(known.plan, plan) ? known.field : create(plan);
          next.set(plan.path, { plan, field });
          return field.element;
        }));
        return line;
      });
      arrange(set, [legend, ...filled]);
      return set;
    });
    controls = next;
    arrange(groups, sets);
  }

  /** @type {Catalog | null} */
  let catalog = null;
  let built = "";
  /** @type {string | null} */
  let pointed = null;
  /** @type {Spec | null} */
  let shown = null;
  let meaning = UNTOLD;
  /** What the panel shows was made from these. @type {unknown[]} */
  let sources = [];

  /** Whatever is pointed at or focused is explained at the foot of the panel; else the method is. */
  function explain() {
    const control = controls.get(pointed ?? "optimizer.name");
    if (shown && control) setText(help, control.plan.help(shown));
  }

  /** @param {Event} event */
  function point(event) {
    const found = event.target instanceof Element ? event.target.closest(".field") : null;
    pointed = found instanceof HTMLElement ? (found.dataset.name ?? null) : null;
    explain();
  }
  panel.addEventListener("pointerover", point);
  panel.addEventListener("focusin", point);
  for (const leave of ["pointerleave", "focusout"]) {
    panel.addEventListener(leave, () => {
      pointed = null;
      explain();
    });
  }

  return {
    /** Make everything anew, in the words of another catalogue. @param {Catalog} other */
    relabel(other) {
      catalog = other;
      controls = new Map();
      built = "";
      sources = [];
    },

    /** @param {State} state */
    update(state) {
      if (!catalog) return;
      const spec = state.draft ?? state.spec;
      const now = [catalog, spec, state.theory, state.problems, spec.changes.length > 0 && shownStep(state)];
      if (now.every((source, i) => source === sources[i])) return;
      sources = now;
      const names = JSON.stringify([spec.dataset.name, spec.model, spec.optimizer.name]);
      if (names !== built) {
        build(catalog, spec);
        meaning = UNTOLD;
      }
      built = names;
      offerSizes(controls.get("batch.size")?.field, spec, t);
      shown = { ...spec, optimizer: { name: spec.optimizer.name, ...inForce(spec, shownStep(state)) } };
      for (const [path, { field }] of controls) {
        const problem = state.problems.find((each) => each.path === path || each.path.startsWith(`${path}.`));
        field.sync(valueAt(shown, path) ?? null, problem && say({ ...problem, text: problem.message }));
      }
      /** @type {any} */ (controls.get("batch.order")?.field).enable(spec.batch.size !== "all");
      // A run that is only asked for has no theory yet: what was said stays, unless it was said of another method.
      if (state.run && !state.draft) meaning = rateZones(state.theory, t);
      paintTheory(controls.values(), meaning);
      explain();
    },
  };
}

/**
 * Whether two controls are the same to a person: then the field stays, with what is being typed into it.
 *
 * @param {ControlPlan} left
 * @param {ControlPlan} right
 */
const sameControl = (left, right) => JSON.stringify({ ...left, help: null }) === JSON.stringify({ ...right, help: null });

/** @param {any} field @param {Spec} spec @param {Translate} t */
function offerSizes(field, { dataset, batch }, t) {
  const count = dataset.count ?? dataset.y?.length ?? 0;
  const sizes = new Set(BATCH_SIZES.filter((size) => size < count));
  if (batch.size !== "all") sizes.add(batch.size);
  const numbers = [...sizes].sort((a, b) => a - b).map((size) => [String(size), String(size)]);
  field.offer([...numbers, ["all", t("control.all", { count })]]);
}

/** The theory of the run on the screen, on the rate's own track. @param {Iterable<{ plan: ControlPlan, field: Field }>} controls @param {Meaning} meaning */
function paintTheory(controls, meaning) {
  for (const { plan, field } of controls) if (plan.kind === "rate") /** @type {any} */ (field).mean(meaning);
}

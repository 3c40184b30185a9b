/** @import { Field } from "../fields.js" */
/** @import { Language } from "../language.js" */
/** @import { Translate } from "../types.js" */
/** @import { State, Varied, Variable } from "./types.js" */

/**
 * What varies, as fields: two keys with their values, and the goal.
 *
 * @typedef {{ key: (index: number, key: string) => void, values: (index: number, varied: Varied) => void,
 *   goal: (goal: unknown) => void }} Editor
 *   An index beyond the last one adds a key; the key "" takes it away.
 */

import { byId, h, setAttribute, setText } from "../dom.js";
import { createChoice, createNumber } from "../fields.js";
import { readList, writeList } from "./draft.js";

const MOST_KEYS = 2;
const ANY = { name: "", label: "", symbol: "", default: 0, low: -Infinity, high: Infinity, help: "", slider: /** @type {[number, number]} */ ([0, 1]) };
const COUNT = /** @type {const} */ ({ ...ANY, scale: "log", integer: true });
const FREE = /** @type {const} */ ({ ...ANY, scale: "linear", integer: false });

/**
 * @param {Editor} editor
 * @param {Translate} t
 * @param {Language["say"]} say
 */
export function createBuilder(editor, t, say) {
  const place = byId("vary");
  const goalPlace = byId("goal");
  /** @type {{ element: HTMLElement, shape: string, sync: (state: State, offered: Variable[]) => void }[]} */
  let groups = [];
  /** @type {Field | null} */
  let goal = null;

  /**
   * @param {number} index
   * @param {Varied | undefined} varied
   * @param {Variable | undefined} variable
   */
  function createGroup(index, varied, variable) {
    const choice = createChoice({ name: `vary-${index}`, label: t(index === 0 ? "sweeps.key" : "sweeps.key.second"), help: "" },
      (key) => editor.key(index, key));
    const values = varied && variable ? createValues(index, varied, variable) : null;
    const element = h("div", { class: "vary", "data-index": String(index) }, choice.element, ...(values ? [values.element] : []));
    return {
      element,
      shape: shapeOf(varied),
      /** @param {State} state @param {Variable[]} offered */
      sync(state, offered) {
        const taken = new Set(state.draft.vary.filter((_, i) => i !== index).map(({ key }) => key));
        /** @type {[string, string][]} */
        const options = offered.filter(({ key }) => !taken.has(key)).map(({ key, label }) => [key, label]);
        choice.offer(index === 0 ? options : [["", t("sweeps.nothing")], ...options]);
        choice.sync(state.draft.vary[index]?.key ?? "");
        const now = state.draft.vary[index];
        if (now) values?.sync(now, (suffix) => problemAt(state, `vary.${now.key}${suffix}`));
      },
    };
  }

  /** @param {number} index @param {Varied} varied @param {Variable} variable */
  function createValues(index, varied, variable) {
    if (variable.entries) return createNames(index, variable);
    const { key } = varied;
    const name = `vary.${key}`;
    const spacing = createSpacing(index, varied);
    if (varied.kind === "list") {
      const list = createText(name, t("sweeps.values"), t("sweeps.values.help"), (text) => editor.values(index, { key, kind: "list", values: readList(text) }));
      return {
        element: h("div", { class: "values of-list" }, list.element, spacing.element),
        /** @param {Varied} now @param {(suffix: string) => string | undefined} problem */
        sync(now, problem) {
          if (now.kind === "list") list.sync(writeList(now.values), problem(""));
          spacing.sync(now);
        },
      };
    }
    /** @type {Varied & { kind: "range" }} */
    let latest = varied;
    const parts = /** @type {const} */ (["from", "to", "count"]);
    const fields = parts.map((part) => {
      const words = { name: `${name}.${part}`, label: t(`sweeps.${part}`), help: "" };
      return createNumber(words, part === "count" ? COUNT : FREE, (value) =>
        editor.values(index, { ...latest, range: { ...latest.range, [part]: value } }));
    });
    return {
      element: h("div", { class: "values of-range" }, ...fields.map(({ element }) => element), spacing.element),
      /** @param {Varied} now @param {(suffix: string) => string | undefined} problem */
      sync(now, problem) {
        if (now.kind === "range") {
          latest = now;
          for (const [i, part] of parts.entries()) fields[i].sync(now.range[part], problem(`.${part}`));
        }
        spacing.sync(now);
      },
    };
  }

  /** How numbers are given: a range, evenly or by factors, or a list. @param {number} index @param {Varied} first */
  function createSpacing(index, first) {
    let latest = first;
    const kinds = /** @type {const} */ (["log", "linear", "list"]);
    const buttons = kinds.map((kind) => {
      const button = h("button", { type: "button", "data-spacing": kind }, t(`sweeps.${kind}`));
      button.addEventListener("click", () => editor.values(index, respaced(latest, kind)));
      return button;
    });
    return {
      element: h("div", { class: "segmented small", role: "group", "aria-label": t("sweeps.spacing") }, ...buttons),
      /** @param {Varied} now */
      sync(now) {
        latest = now;
        const kind = now.kind === "list" ? "list" : now.range.scale;
        for (const button of buttons) setAttribute(button, "aria-pressed", String(button.dataset.spacing === kind));
      },
    };
  }

  /** Names: a box to tick for each. @param {number} index @param {Variable} variable */
  function createNames(index, { key, label, entries }) {
    const boxes = (entries ?? []).map(({ name, label: text, help }) => {
      const input = h("input", { type: "checkbox", value: name });
      input.addEventListener("change", () => {
        const values = boxes.filter((box) => box.input.checked).map((box) => box.input.value);
        editor.values(index, { key, kind: "list", values });
      });
      return { input, element: h("label", { title: help }, input, " ", text) };
    });
    const complaint = h("p", { class: "complaint", role: "alert" });
    return {
      element: h("div", { class: "values of-names field", role: "group", "aria-label": label, "data-name": `vary.${key}` }, ...boxes.map(({ element }) => element), complaint),
      /** @param {Varied} now @param {(suffix: string) => string | undefined} problem */
      sync(now, problem) {
        const chosen = new Set(now.kind === "list" ? now.values : []);
        for (const { input } of boxes) input.checked = chosen.has(input.value);
        setText(complaint, problem("") ?? "");
      },
    };
  }

  /** The first problem of a field or of what is in it. @param {State} state @param {string} path */
  function problemAt({ problems }, path) {
    const problem = problems.find((each) => each.path === path || (/\.\d+$/.test(each.path) && each.path.replace(/\.\d+$/, "") === path));
    return problem && say({ ...problem, text: problem.message });
  }

  return {
    /** Everything anew, in other words. */
    relabel() {
      groups = [];
      goal = null;
    },

    /** @param {State} state @param {Variable[]} offered */
    update(state, offered) {
      const { vary } = state.draft;
      const shown = Math.min(vary.length + 1, MOST_KEYS);
      const wanted = Array.from({ length: shown }, (_, i) => {
        const known = groups[i];
        if (known?.shape === shapeOf(vary[i])) return known;
        return createGroup(i, vary[i], offered.find(({ key }) => key === vary[i]?.key));
      });
      if (wanted.length !== groups.length || wanted.some((group, i) => group !== groups[i])) {
        const focused = document.activeElement?.getAttribute("id");
        groups = wanted;
        place.replaceChildren(...groups.map(({ element }) => element));
        if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      }
      for (const group of groups) group.sync(state, offered);
      if (!goal) {
        goal = createNumber({ name: "goal.excess_loss", label: t("sweeps.goal"), help: t("sweeps.goal.help") }, FREE,
          (value) => editor.goal(value), t("control.never"));
        goalPlace.replaceChildren(goal.element);
      }
      goal.sync(state.draft.goal, problemAt(state, "goal.excess_loss"));
    },
  };
}

/** Fields can stay as long as this does. @param {Varied | undefined} varied */
const shapeOf = (varied) => (varied ? `${varied.key} ${varied.kind}` : "");

/** The same values given otherwise, as far as that goes. @param {Varied} varied @param {"log" | "linear" | "list"} kind @returns {Varied} */
function respaced(varied, kind) {
  const { key } = varied;
  if (kind === "list") {
    if (varied.kind === "list") return varied;
    const { from, to } = varied.range;
    return { key, kind, values: [from, to] };
  }
  if (varied.kind === "range") return { key, kind: "range", range: { ...varied.range, scale: kind } };
  const numbers = varied.values.filter((value) => typeof value === "number");
  const [from, to] = numbers.length > 0 ? [Math.min(...numbers), Math.max(...numbers)] : [1, 10];
  return { key, kind: "range", range: { from, to, count: Math.max(numbers.length, 2), scale: kind } };
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} help
 * @param {(text: string) => void} onChange
 */
function createText(name, label, help, onChange) {
  const id = `field-${name.replace(/[^a-z0-9]+/g, "-")}`;
  const input = h("input", { type: "text", id, class: "box", autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-help` });
  const complaint = h("p", { class: "complaint", id: `${id}-complaint`, role: "alert" });
  const element = h("div", { class: "field text", "data-name": name }, h("label", { for: id }, label, " ", h("span", { id: `${id}-help`, class: "hint" }, help)), input);
  input.addEventListener("change", () => onChange(input.value));
  return {
    element,
    /** @param {string} text @param {string} [problem] */
    sync(text, problem) {
      if (document.activeElement !== input && input.value !== text) input.value = text;
      setAttribute(input, "aria-invalid", problem ? "true" : false);
      setAttribute(input, "aria-errormessage", problem ? complaint.id : false);
      setText(complaint, problem ?? "");
      if (problem && !complaint.isConnected) element.append(complaint);
      else if (!problem) complaint.remove();
    },
  };
}

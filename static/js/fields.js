/** @import { Param } from "./types.js" */
/** @import { Meaning } from "./zones.js" */

/**
 * The kinds of control: a choice, a number, a number with a slider. Each shows a value and says what a person made of it;
 * none knows what the value means.
 *
 * @typedef {{ element: HTMLElement, sync: (value: unknown, problem?: string) => void }} Field
 *   `sync` shows a value, or beside the value that was typed what is wrong with it.
 * @typedef {{ name: string, label: string, symbol?: string, help: string }} Words
 */

import { h, setAttribute, setText } from "./dom.js";
import { createScale, nudged } from "./scale.js";
import { createZones } from "./zones.js";

/** How long after a drag the value that it set is not taken back by an older one that is still on its way. */
const SETTLED = 250;

/**
 * @param {Words} words
 * @param {(value: string) => void} onChange
 * @returns {Field & { offer: (options: [value: string, label: string][]) => void, enable: (enabled: boolean) => void }}
 */
export function createChoice(words, onChange) {
  const select = h("select", { id: idOf(words), "aria-describedby": `${idOf(words)}-help` });
  const frame = createFrame("choice", words, h("div", { class: "select" }, select));
  select.addEventListener("change", () => onChange(select.value));
  let offered = "";
  return {
    element: frame.element,
    sync(value, problem) {
      frame.complain(select, problem);
      if (!problem && select.value !== String(value)) select.value = String(value);
    },
    offer(options) {
      const key = JSON.stringify(options);
      if (key === offered) return;
      offered = key;
      const chosen = select.value;
      select.replaceChildren(...options.map(([value, label]) => h("option", { value }, label)));
      select.value = chosen;
    },
    enable(enabled) {
      select.disabled = !enabled;
    },
  };
}

/**
 * @param {Words} words
 * @param {Param} param
 * @param {(value: unknown) => void} onChange a number where one was typed, else the text; null where nothing was
 * @param {string} [placeholder] what nothing means
 * @returns {Field}
 */
export function createNumber(words, param, onChange, placeholder) {
  const box = createBox(param, onChange, { id: idOf(words), "aria-describedby": `${idOf(words)}-help`, placeholder: placeholder ?? "" });
  const frame = createFrame("number", words, box.input);
  return {
    element: frame.element,
    sync(value, problem) {
      frame.complain(box.input, problem);
      if (!problem) box.show(value);
    },
  };
}

/**
 * @param {Words} words
 * @param {Param} param
 * @param {(value: unknown) => void} onChange
 * @param {string} exact what the number box beside the slider is called
 * @param {boolean} slim all in one line
 * @returns {Field & { mean: (meaning: Meaning) => void }}
 */
export function createSlider(words, param, onChange, exact, slim) {
  const scale = createScale(param);
  const range = h("input", {
    type: "range",
    id: idOf(words),
    min: String(scale.min),
    max: String(scale.max),
    step: String(scale.step),
    "aria-describedby": `${idOf(words)}-help`,
  });
  const box = createBox(param, onChange, { "aria-label": exact });
  const track = h("div", { class: "track" }, range);
  const frame = createFrame(slim ? "slider slim" : "slider", words, box.input, track);
  const zones = createZones(track, (value) => share(value));
  /** @type {unknown} */
  let shown;
  let touched = -Infinity;

  range.addEventListener("input", () => {
    touched = performance.now();
    shown = scale.value(range.valueAsNumber);
    box.show(shown);
    place();
    onChange(shown);
  });

  /** @param {number} value */
  const share = (value) => Math.min(Math.max((scale.position(Math.max(value, 0)) - scale.min) / (scale.max - scale.min), 0), 1);

  function place() {
    track.style.setProperty("--at", String(share(Number(shown))));
    const zone = zones.at(Number(shown));
    setAttribute(range, "aria-valuetext", zone ? `${shown}, ${zone}` : String(shown));
  }

  return {
    element: frame.element,
    sync(value, problem) {
      frame.complain(box.input, problem);
      if (problem || performance.now() - touched < SETTLED) return;
      box.show(value);
      if (value === shown) return;
      shown = value;
      range.valueAsNumber = scale.position(Number(value));
      place();
    },
    mean(meaning) {
      if (!zones.key.isConnected) frame.element.append(zones.key);
      zones.show(meaning);
      place();
    },
  };
}

/**
 * A button beside the values: it shows none.
 *
 * @param {Words} words
 * @param {() => void} onClick
 * @returns {Field}
 */
export function createAction(words, onClick) {
  const button = h("button", { type: "button", class: "plain", id: idOf(words) }, words.label);
  button.addEventListener("click", onClick);
  return { element: h("div", { class: "field action", "data-name": words.name }, button), sync() {} };
}

/**
 * A box for one number: Enter or leaving it says the value, Escape takes it back, the arrow keys move it.
 *
 * @param {Param} param
 * @param {(value: unknown) => void} onChange
 * @param {Record<string, string>} attributes
 */
function createBox(param, onChange, attributes) {
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", class: "box", ...attributes });
  let shown = "";

  /** @param {unknown} value */
  const show = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    if (text === shown && document.activeElement === input) return;
    shown = text;
    if (input.value !== text) input.value = text;
  };
  const read = () => {
    const text = input.value.trim().replace(",", ".");
    if (text === "") return null;
    return Number.isFinite(Number(text)) ? Number(text) : input.value.trim();
  };

  input.addEventListener("change", () => {
    shown = input.value;
    onChange(read());
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = shown;
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const value = read();
      if (typeof value !== "number") return;
      event.preventDefault();
      const next = nudged(param, value, event.key === "ArrowUp" ? 1 : -1);
      show(next);
      onChange(next);
    }
  });
  return { input, show };
}

/**
 * Label, controls, help for screen readers, and a place to say what is wrong.
 *
 * @param {string} kind
 * @param {Words} words
 * @param {...HTMLElement} controls
 */
function createFrame(kind, words, ...controls) {
  const id = idOf(words);
  const label = h("label", { for: id }, words.label);
  if (words.symbol) label.append(" ", h("i", { "aria-hidden": "true" }, words.symbol));
  const complaint = h("p", { class: "complaint", id: `${id}-complaint`, role: "alert" });
  const element = h(
    "div",
    { class: `field ${kind}`, "data-name": words.name },
    label,
    ...controls,
    h("span", { id: `${id}-help`, class: "for-readers" }, words.help),
  );
  return {
    element,
    /** @param {HTMLElement} control @param {string} [problem] */
    complain(control, problem) {
      setAttribute(control, "aria-invalid", problem ? "true" : false);
      setAttribute(control, "aria-errormessage", problem ? complaint.id : false);
      if (problem) {
        setText(complaint, problem);
        if (!complaint.isConnected) element.append(complaint);
      } else if (complaint.isConnected) {
        complaint.remove();
      }
    },
  };
}

/** @param {Words} words */
const idOf = ({ name }) => `field-${name.replace(/[^a-z0-9]+/g, "-")}`;

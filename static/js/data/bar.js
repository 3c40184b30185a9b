/** @import { Editor } from "./editor.js" */
/** @import { State } from "../known.js" */
/** @import { Translate } from "../types.js" */

/**
 * The bar over the beans while they are edited: the bean that is selected, its numbers to read and to type, and the buttons for
 * all that a pointer can do.
 */

import { byId, setAttribute, setText } from "../dom.js";
import { count } from "../numbers.js";
import { LARGEST } from "./csv.js";

/** Whether it is a finger that points. */
const coarse = matchMedia("(pointer: coarse)");
const AXES = /** @type {const} */ (["x", "y"]);

/**
 * @param {Editor} editor
 * @param {Translate} t
 */
export function createBar(editor, t) {
  const toggle = byId("edit-beans");
  const undo = /** @type {HTMLButtonElement} */ (byId("beans-undo"));
  const redo = /** @type {HTMLButtonElement} */ (byId("beans-redo"));
  const bar = byId("bean-bar");
  const which = byId("bean-which");
  const said = byId("bean-said");
  const remove = /** @type {HTMLButtonElement} */ (byId("bean-delete"));
  const inputs = AXES.map((axis) => /** @type {HTMLInputElement} */ (byId(`bean-${axis}`)));
  /** What went wrong last, and to which state of the beans it was said. @type {{ text: () => string, at: string } | null} */
  let complaint = null;
  let shown = "";

  /** @param {State["beans"]} beans */
  const keyOf = ({ active, selected }) => `${active} ${selected} ${editor.place()} ${editor.points()?.x.length}`;

  /** @param {State["beans"]} beans @param {() => string} text */
  function complain(beans, text) {
    complaint = { text, at: keyOf(beans) };
    setText(said, text());
    setAttribute(said, "data-wrong", true);
  }

  /** @type {State["beans"] | null} */
  let beans = null;

  function deleteBean() {
    if (!editor.remove() && beans) complain(beans, () => t("beans.one-stays"));
  }

  /** A number of the bean, typed. @param {number} axis */
  function typed(axis) {
    const now = editor.place();
    if (!now || !beans) return;
    const place = /** @type {[number, number]} */ ([...now]);
    const text = inputs[axis].value.trim();
    const value = text === "" ? NaN : Number(text.replace(",", ".").replace("\u2212", "-"));
    if (Math.abs(value) <= LARGEST) {
      place[axis] = value + 0;
      editor.put(place);
      return;
    }
    inputs[axis].setAttribute("aria-invalid", "true");
    const facts = { name: AXES[axis], got: text, value: String(place[axis]) };
    complain(beans, () => t(Number.isFinite(value) ? "beans.too-large" : "beans.no-number", facts));
  }

  toggle.addEventListener("click", () => editor.toggle());
  undo.addEventListener("click", editor.undo);
  redo.addEventListener("click", editor.redo);
  remove.addEventListener("click", deleteBean);
  byId("bean-before").addEventListener("click", () => editor.next(-1));
  byId("bean-after").addEventListener("click", () => editor.next(1));
  inputs.forEach((input, axis) => {
    input.addEventListener("change", () => typed(axis));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      shown = "";
      input.value = "";
      if (beans) write();
    });
  });

  function write() {
    if (!beans) return;
    const key = keyOf(beans);
    if (complaint && complaint.at !== key) {
      complaint = null;
      for (const input of inputs) input.removeAttribute("aria-invalid");
    }
    setText(said, complaint?.text() ?? t(coarse.matches ? "beans.touch" : beans.selected < 0 ? "beans.help" : "beans.keys"));
    setAttribute(said, "data-wrong", complaint !== null);
    if (key === shown) return;
    shown = key;
    const place = editor.place();
    const all = editor.points()?.x.length ?? 0;
    setText(which, t(place ? "beans.which" : all === 1 ? "beans.count.one" : "beans.count", { bean: count(beans.selected + 1), count: count(all) }));
    remove.disabled = place === null;
    inputs.forEach((input, axis) => {
      input.disabled = place === null;
      const text = place ? String(place[axis]) : "";
      if (input.value !== text && !input.hasAttribute("aria-invalid")) input.value = text;
    });
  }

  return {
    deleteBean,
    relabel: () => (shown = ""),

    /** @param {State} state */
    update(state) {
      const { run } = state;
      beans = state.beans;
      /** @type {HTMLButtonElement} */ (toggle).disabled = run === null;
      setAttribute(toggle, "aria-pressed", String(beans.active));
      setAttribute(bar, "hidden", !beans.active);
      setAttribute(byId("beans-history"), "hidden", !beans.active);
      undo.disabled = !editor.canUndo();
      redo.disabled = !editor.canRedo();
      if (beans.active) write();
    },
  };
}

/** Keys that take edits back, wherever no text is being written, and Escape, which ends to edit. @param {Editor} editor */
export function listenToEdits(editor) {
  document.addEventListener("keydown", ({ key, target, defaultPrevented }) => {
    if (key !== "Escape" || defaultPrevented || !editor.isActive() || !(target instanceof Element)) return;
    const here = target.closest(".beans") !== null;
    if (target.matches("input") || (target !== document.body && !here)) return;
    editor.toggle(false);
    // What had the focus is gone.
    if (here) byId("edit-beans").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    const act = key === "y" || (key === "z" && event.shiftKey) ? editor.redo : key === "z" ? editor.undo : null;
    const writing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
    if (!act || writing) return;
    event.preventDefault();
    act();
  });
}

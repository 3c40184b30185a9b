/** @import { Translate, Update } from "../types.js" */

/** The rows of the batch as a table. Of many rows only those in sight are there; all can be scrolled to. */

import { h, setAttribute, setText } from "../dom.js";
import { count, repr, significant, withMinus } from "../numbers.js";
import { MEAN } from "./equations.js";
import { createFit } from "./fit.js";

const DIGITS = 4;
const IN_SIGHT = 10;
const ROW_HEIGHT = 1.7; // em, as in the style sheet
const SMALLEST = 0.7; // of its usual size, when it would be too wide

/**
 * @param {Translate} t
 * @param {(place: number) => void} onPick a row of the batch, or MEAN
 */
export function createTable(t, onPick) {
  const head = h("tr");
  const body = h("tbody");
  const foot = h("tr", { class: "mean" });
  const above = h("tr", { class: "space", "aria-hidden": "true" });
  const below = h("tr", { class: "space", "aria-hidden": "true" });
  const table = h("table", {}, h("thead", {}, head), body, h("tfoot", {}, foot));
  const box = h("div", { class: "rows", role: "region" }, table);
  const note = h("p", { class: "aside" });
  const element = h("div", { class: "batch" }, box, note);
  /** @type {HTMLTableRowElement[]} */
  let pool = [];
  /** @type {string[]} */
  let columns = [];
  /** @type {{ update: Update, place: number, exact: boolean } | null} */
  let held = null;
  let top = 0;
  let whole = false; // all digits
  const sizes = createFit(box, SMALLEST);

  sizes.watch([table]);
  box.addEventListener("scroll", () => {
    const first = Math.floor(box.scrollTop / (ROW_HEIGHT * parseFloat(getComputedStyle(table).fontSize)));
    if (first === top) return;
    top = first;
    if (held) fill(held.update, held.place, held.exact);
  });
  body.addEventListener("click", ({ target }) => {
    const row = target instanceof Element && target.closest("tr");
    const place = row ? pool.indexOf(row) : -1;
    if (place >= 0 && held) onPick(Number(pool[place].dataset.place) === held.place ? MEAN : Number(pool[place].dataset.place));
  });
  foot.addEventListener("click", () => onPick(MEAN));

  /** @param {string[]} names */
  function arrange(names) {
    columns = names;
    const cells = () => [h("th", { scope: "row" }), ...names.map(() => h("td"))];
    head.replaceChildren(h("th", { scope: "col" }, t("inspect.bean")), ...names.map((name) => h("th", { scope: "col" }, titleOf(name))));
    pool = Array.from({ length: IN_SIGHT + 1 }, () => h("tr", {}, ...cells()));
    body.replaceChildren(above, ...pool, below);
    foot.replaceChildren(...cells());
    setText(foot.cells[0], t("inspect.mean"));
  }

  /** @param {Update} update @param {number} place @param {boolean} exact */
  function fill({ batch }, place, exact) {
    const first = Math.min(top, Math.max(batch.rows.length - pool.length, 0));
    above.style.height = `${first * ROW_HEIGHT}em`;
    below.style.height = `${Math.max(batch.rows.length - first - pool.length, 0) * ROW_HEIGHT}em`;
    pool.forEach((row, i) => {
      const at = first + i;
      setAttribute(row, "hidden", at >= batch.rows.length);
      if (at >= batch.rows.length) return;
      row.dataset.place = String(at);
      setAttribute(row, "aria-rowindex", String(at + 2));
      setAttribute(row, "aria-current", at === place ? "true" : false);
      setText(row.cells[0], count(batch.rows[at]));
      columns.forEach((name, j) => write(row.cells[j + 1], batch.columns[name][at], exact, whole));
    });
    columns.forEach((name, j) => write(foot.cells[j + 1], batch.means[name], exact, whole));
  }

  return {
    element,

    /** @param {Update} update @param {number} place @param {boolean} exact whether there is time for every digit @param {boolean} all whether every digit is to be seen */
    update(update, place, exact, all) {
      const { batch, parameters } = update;
      const names = ["x", "y", "y_hat", "r", ...parameters.map((name) => `g_${name}`)];
      if (names.join() !== columns.join()) arrange(names);
      const scrolls = batch.rows.length > IN_SIGHT;
      setAttribute(box, "tabindex", scrolls && "0");
      setAttribute(box, "aria-label", t("inspect.rows"));
      setAttribute(table, "aria-rowcount", String(batch.rows.length + 2));
      setAttribute(foot, "hidden", batch.count === 1);
      setAttribute(foot, "aria-rowindex", String(batch.rows.length + 2));
      held = { update, place, exact };
      whole = all;
      fill(update, place, exact);
      if (exact) sizes.renew();
      const some = batch.rows.length < batch.count;
      setText(note, some ? t("inspect.some", { shown: count(batch.rows.length), count: count(batch.count) }) : "");
      setAttribute(note, "hidden", !some);
    },

    /** Write everything anew, in another language. */
    relabel() {
      columns = [];
    },
  };
}

/** A number with its digits lined up; every digit of it when pointed at, or asked for. @param {HTMLElement} cell @param {number} value @param {boolean} exact @param {boolean} all */
function write(cell, value, exact, all) {
  setText(cell, all ? withMinus(repr(value)) : significant(value, DIGITS));
  setAttribute(cell, "title", exact && repr(value));
}

/** @param {string} name */
function titleOf(name) {
  if (name.startsWith("g_")) return `∂L/∂${name.slice(2)}`;
  return name === "y_hat" ? "ŷ" : name;
}

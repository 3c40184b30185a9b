/** @import { Store } from "./store.js" */
/** @import { State } from "./known.js" */
/** @import { Run, Search, Translate } from "./types.js" */

/**
 * Exhaustive search: the loss at a hundred values of each parameter, one after the other, as somebody would do who knows no
 * slope. The numbers are the engine's, asked for at once; they are shown as if they were computed one by one.
 */

import { byId, h, setAttribute, setText } from "./dom.js";
import { bestOf, rowsSeen, VALUES } from "./evaluations.js";
import { count, short, significant } from "./numbers.js";
import { PLACE_DIGITS } from "./plots/words.js";
import { shownStep } from "./known.js";
import { shownTab } from "./tabs.js";

const SECONDS = /** @type {Record<number, number>} */ ({ 1: 3, 2: 8 }); // by how many parameters are tried
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {Store<State>} store
 * @param {Translate} t
 */
export function createSearch(store, t) {
  const panel = createPanel(byId("search"), start);
  const { state } = store;
  let latest = 0; // request
  let failed = false;
  /** What the losses belong to, and the run it was made from. */
  let sought = "";
  /** @type {Run | null} */
  let known = null;

  /** Try all values of these parameters, the others staying where the ball is. @param {readonly string[]} names */
  async function start(names) {
    const { run, rows, cursor } = state;
    if (!run) return;
    latest += 1;
    const request = latest;
    failed = false;
    const axes = Object.fromEntries(run.parameters.map((name) => {
      const values = run.surface[/** @type {"w" | "b"} */ (name)] ?? [];
      return [name, names.includes(name) ? [values[0], values[values.length - 1], VALUES] : rows.columns[name][cursor]];
    }));
    const { dataset, model, loss } = run.spec;
    const surface = await ask({ dataset, model, loss, ...axes });
    if (request !== latest) return;
    failed = surface === null;
    if (surface === null || run !== state.run) return store.set({ search: null });
    const { loss: losses, ...values } = surface;
    store.set({ search: { names: [...names], axes: values, losses: losses.flat(), done: 0, best: 0 } });
    if (reduced.matches) advance(Infinity);
    else requestAnimationFrame((now) => go(request, now, now));
  }

  /** @param {number} request @param {number} began @param {number} now */
  function go(request, began, now) {
    const { search } = state;
    if (!search || request !== latest) return;
    const share = (now - began) / 1000 / SECONDS[search.names.length];
    advance(Math.floor(share * search.losses.length));
    if (share < 1) requestAnimationFrame((next) => go(request, began, next));
  }

  /** @param {number} wanted losses to have been computed */
  function advance(wanted) {
    const { search } = state;
    if (!search) return;
    const { losses } = search;
    const done = Math.min(Math.max(wanted, 1), losses.length);
    let { best } = search;
    for (let i = search.done; i < done; i += 1) if (losses[i] < losses[best]) best = i;
    store.set({ search: { ...search, done, best } });
  }

  return {
    /** @param {State} given */
    update(given) {
      const { run, search, options } = given;
      if (!run) return;
      if (run !== known) {
        const now = seeking(run);
        if (now !== sought && search) {
          latest += 1;
          store.set({ search: null });
        }
        known = run;
        sought = now;
      }
      const here = shownTab(options.view, run) === "search";
      setAttribute(byId("search"), "hidden", !here);
      if (here) panel.show(given, run, t, failed);
    },
  };
}

/** The losses of a search hold for as long as this stays the same. @param {Run} run */
const seeking = ({ spec: { dataset, model, loss }, surface: { w, b } }) =>
  JSON.stringify([dataset, model, loss, w[0], w[w.length - 1], b?.[0], b?.[b.length - 1]]);

/** @param {object} body @returns {Promise<(Record<string, number[]> & { loss: any }) | null>} */
async function ask(body) {
  try {
    const answer = await fetch("/api/surface", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * The table of both ways, the buttons, and why one of the ways ends soon.
 *
 * @param {HTMLElement} element
 * @param {(names: readonly string[]) => void} start
 */
function createPanel(element, start) {
  const cell = () => h("td");
  const heads = [h("td"), ...[1, 2, 3].map(() => h("th", { scope: "col" }))];
  const rows = ["search", "descent"].map((name) => ({ title: h("th", { scope: "row" }), cells: [cell(), cell(), cell()], name }));
  const buttons = [["w"], ["w", "b"]].map((names) => ({ names, button: h("button", { type: "button", class: "plain" }) }));
  const why = h("p", { class: "note" });
  const words = h("p", { class: "for-readers", role: "status" });
  let said = "";
  for (const { names, button } of buttons) button.addEventListener("click", () => start(names));
  element.replaceChildren(
    h("table", {}, h("thead", {}, h("tr", {}, ...heads)),
      h("tbody", {}, ...rows.map(({ title, cells, name }) => h("tr", { "data-way": name }, title, ...cells)))),
    h("div", { class: "ways" }, ...buttons.map(({ button }) => button)),
    why,
    words,
  );

  return {
    /** @param {State} state @param {Run} run @param {Translate} t @param {boolean} failed */
    show(state, run, t, failed) {
      const total = run.data.y.length;
      const { search, cursor } = state;
      const steps = shownStep(state);
      const loss = (/** @type {number} */ value) => significant(value, PLACE_DIGITS);
      const found = search && search.done > 0 ? search : null;
      const texts = [
        found ? [count(found.done), count(found.done * total), loss(found.losses[found.best])] : ["0", "0", "–"],
        [count(steps), count(rowsSeen(state.spec, steps, total)), loss(state.rows.columns.loss[cursor])],
      ];
      ["search.evaluations", "search.rows", "search.loss"].forEach((key, i) => setText(heads[i + 1], t(key)));
      rows.forEach(({ title, cells, name }, i) => {
        setText(title, t(`search.way.${name}`));
        cells.forEach((each, k) => setText(each, texts[i][k]));
      });
      for (const { names, button } of buttons) {
        setText(button, t(names.length === 1 ? "search.line" : "search.grid", { values: VALUES }));
        setAttribute(button, "hidden", names.length > run.parameters.length);
      }
      const reason = failed ? t("search.failed") : t("search.why");
      if (reason !== said) why.replaceChildren(...withPowers((said = reason)));
      setText(words, found && found.done === found.losses.length ? sentence(found, t) : "");
    },
  };
}

/** A text in which "10^80" is a power. @param {string} text */
const withPowers = (text) => text.split(/\^(\w+)/).map((part, i) => (i % 2 === 1 ? h("sup", {}, part) : part));

/** @param {Search} search @param {Translate} t */
const sentence = (search, t) =>
  t("search.found", {
    count: count(search.done),
    loss: significant(search.losses[search.best], PLACE_DIGITS),
    values: Object.entries(bestOf(search)).map(([name, value]) => `${name} = ${short(value, 4)}`).join(", "),
  });

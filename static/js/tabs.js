/** @import { Store } from "./store.js" */
/** @import { State } from "./known.js" */
/** @import { Run, Tab } from "./types.js" */

/** The ways to see the loss, as tabs: which there are for a run, and the one that was chosen, remembered. */

import { byId, setAttribute, setText } from "./dom.js";

const KEY = "view";

/** The kinds of figure that a tab shows for two parameters. @type {Partial<Record<Tab, string[]>>} */
const TWO = { bowl: ["bowl"], contour: ["contour"], slices: ["bowl", "slices"], search: ["search"] };
/** With one parameter there is nothing but its parabola. @type {Partial<Record<Tab, string[]>>} */
const ONE = { contour: ["parabola"], search: ["scan"] };

/** @param {Run} run */
const isFlat = (run) => run.parameters.length === 1;

/** The figures of a tab, for a run. @param {Tab} tab @param {Run} run */
export const kindsOf = (tab, run) => (isFlat(run) ? ONE : TWO)[tab] ?? [];

/** The tab that was open last. @returns {Tab} */
export function rememberedTab() {
  try {
    const tab = localStorage.getItem(KEY) ?? "";
    return tab in TWO ? /** @type {Tab} */ (tab) : "bowl";
  } catch {
    return "bowl"; // without storage, as at first
  }
}

/**
 * @param {Store<State>} store
 * @param {import("./types.js").Translate} t
 */
export function createTabs(store, t) {
  const list = byId("views");
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  const panel = byId("plot-bowl");
  const tabOf = (/** @type {HTMLElement} */ button) => /** @type {Tab} */ (button.dataset.view);
  const offered = () => tabs.filter((button) => !button.hidden);

  /** @param {Tab} view */
  function choose(view) {
    try {
      localStorage.setItem(KEY, view);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    store.set({ options: { ...store.state.options, view } });
  }

  for (const button of tabs) button.addEventListener("click", () => choose(tabOf(button)));
  list.addEventListener("keydown", (event) => {
    const all = offered();
    const at = all.findIndex((button) => button === document.activeElement);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const button = all[(next + all.length) % all.length];
    choose(tabOf(button));
    button.focus();
  });

  return {
    /** @param {State} state */
    update({ run, options }) {
      if (!run) return;
      const flat = isFlat(run);
      setText(byId("bowl-title"), t(flat ? "figure.parabola" : "figure.bowl"));
      const chosen = shownTab(options.view, run);
      for (const button of tabs) {
        const here = tabOf(button) === chosen;
        setAttribute(button, "aria-selected", String(here));
        setAttribute(button, "tabindex", here ? "0" : "-1");
        setAttribute(button, "hidden", flat && !ONE_TABS.includes(tabOf(button)));
        setText(button, t(flat && tabOf(button) === "contour" ? "view.parabola" : `view.${tabOf(button)}`));
        if (here) setAttribute(panel, "aria-labelledby", button.id);
      }
      setAttribute(panel, "data-view", chosen);
    },
  };
}

/** @type {Tab[]} */
const ONE_TABS = ["contour", "search"];

/** The tab to show: the one that was chosen, or what a run with one parameter has in its place. @param {Tab | undefined} view @param {Run} run @returns {Tab} */
export const shownTab = (view = "bowl", run) => (isFlat(run) && !ONE_TABS.includes(view) ? "contour" : view);

/** @import { Store } from "./store.js" */
/** @import { State } from "./session.js" */

/** How the figures are drawn: the scale of the loss. */

import { setAttribute } from "./dom.js";

/** @param {Store<State>} store */
export function createOptions(store) {
  const buttons = document.querySelectorAll("[data-loss-scale]");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const lossScale = button.getAttribute("data-loss-scale") === "linear" ? "linear" : "log";
      store.set({ options: { ...store.state.options, lossScale } });
    });
  }
  store.subscribe(({ options }) => {
    for (const button of buttons) {
      setAttribute(button, "aria-pressed", String(button.getAttribute("data-loss-scale") === options.lossScale));
    }
  });
}

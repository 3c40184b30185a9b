/** @import { Store } from "./store.js" */
/** @import { State } from "./known.js" */
/** @import { Options, Translate } from "./types.js" */

/** How the loss is drawn: on which scale, above what, how smooth. */

import { byId, setAttribute, setText } from "./dom.js";
import { fixed } from "./numbers.js";

/**
 * @param {Store<State>} store
 * @param {Translate} t
 */
export function createOptions(store, t) {
  const scales = document.querySelectorAll("[data-loss-scale]");
  const kinds = document.querySelectorAll("[data-loss-kind]");
  const smoothing = /** @type {HTMLInputElement} */ (byId("smoothing"));
  const factor = byId("smoothing-now");

  /** @param {Partial<Options>} some */
  const choose = (some) => store.set({ options: { ...store.state.options, ...some } });

  for (const button of scales) {
    button.addEventListener("click", () => choose({ lossScale: button.getAttribute("data-loss-scale") === "linear" ? "linear" : "log" }));
  }
  for (const button of kinds) {
    button.addEventListener("click", () => choose({ excess: button.getAttribute("data-loss-kind") === "excess" }));
  }
  smoothing.addEventListener("input", () => choose({ smoothing: smoothing.valueAsNumber }));

  return {
    /** @param {State} state */
    update({ options, run }) {
      const known = run === null || run.theory !== null;
      const excess = options.excess === true && known;
      for (const button of scales) setAttribute(button, "aria-pressed", String(button.getAttribute("data-loss-scale") === options.lossScale));
      for (const button of kinds) {
        const other = button.getAttribute("data-loss-kind") === "excess";
        setAttribute(button, "aria-pressed", String(other === excess));
        if (!other) continue;
        setAttribute(button, "disabled", !known);
        setAttribute(button, "title", t(known ? "loss-kind.excess.help" : "loss-kind.unknown"));
      }
      const text = options.smoothing ? fixed(options.smoothing, 2) : t("smoothing.off");
      setText(factor, text);
      setAttribute(smoothing, "aria-valuetext", text);
      smoothing.parentElement?.style.setProperty("--at", String((options.smoothing ?? 0) / Number(smoothing.max)));
    },
  };
}

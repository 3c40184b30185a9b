/** @import { State } from "./session.js" */
/** @import { Run, Translate } from "./types.js" */

/**
 * The figures: Plotly fetched after the first paint, a figure for each place, all drawn from one view.
 *
 * @typedef {{ update: (view: any) => void, restyle: (context: any) => void, destroy: () => void }} Plot
 */

import { byId, h, setAttribute, setText } from "./dom.js";
import { readTheme } from "./plots/palette.js";

const PLACES = /** @type {const} */ (["beans", "loss", "bowl"]);
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {string} plotlyUrl
 * @param {Translate} t
 * @param {() => void} onReady to be called when there is something to draw with
 */
export function createFigures(plotlyUrl, t, onReady) {
  /** @type {Map<string, { kind: string, plot: Plot }>} */
  const plots = new Map();
  /** @type {Record<string, (element: HTMLElement, context: any) => Plot> | null} */
  let makers = null;
  /** @type {string | null} */
  let trouble = null;

  async function load() {
    trouble = null;
    showTrouble();
    try {
      const [beans, bowl, parabola, loss] = await Promise.all([
        import("./plots/beans.js"),
        import("./plots/bowl.js"),
        import("./plots/parabola.js"),
        import("./plots/loss.js"),
        loadScript(plotlyUrl),
      ]);
      makers = { beans: beans.create, bowl: bowl.create, parabola: parabola.create, loss: loss.create };
      onReady();
    } catch {
      trouble = "trouble.plotly";
      showTrouble();
    }
  }

  const context = () => ({ theme: readTheme(), t, reducedMotion: reduced.matches });

  /** The figure that a place holds for a run. @param {string} place @param {Run} run */
  const kindAt = (place, run) => (place === "bowl" && run.parameters.length === 1 ? "parabola" : place);

  /** @param {string} place @param {Run} run */
  function plotAt(place, run) {
    const kind = kindAt(place, run);
    const known = plots.get(place);
    if (known?.kind === kind) return known.plot;
    known?.plot.destroy();
    plots.delete(place);
    const element = placeOf(place);
    element.replaceChildren();
    const plot = /** @type {NonNullable<typeof makers>} */ (makers)[kind](element, context());
    plots.set(place, { kind, plot });
    setAttribute(element, "aria-busy", false);
    return plot;
  }

  function showTrouble() {
    for (const place of PLACES) {
      const element = placeOf(place);
      if (trouble) complain(element, t(trouble), place === "bowl" ? { label: t("trouble.retry"), act: load } : undefined);
      else if (!plots.has(place)) element.replaceChildren(h("div", { class: "skeleton" }));
    }
  }

  // The first paint comes before a script of five megabytes is parsed.
  requestAnimationFrame(() => setTimeout(load));

  return {
    /** @param {State} state */
    update({ run, rows, cursor, status, options }) {
      if (run) setText(byId("bowl-title"), t(run.parameters.length === 1 ? "figure.parabola" : "figure.bowl"));
      if (!makers || !run || cursor < 0) return;
      for (const place of PLACES) plotAt(place, run).update({ run, rows, cursor, status, options });
    },

    /** Another theme, another language. */
    restyle() {
      const now = context();
      for (const { plot } of plots.values()) plot.restyle(now);
      if (trouble) showTrouble();
    },
  };
}

/** @param {string} place */
const placeOf = (place) => byId(`plot-${place}`);

/** @param {HTMLElement} element @param {string} text @param {{ label: string, act: () => void }} [remedy] */
function complain(element, text, remedy) {
  const message = h("div", { class: "trouble", role: "alert" }, h("p", {}, text));
  if (remedy) {
    const button = h("button", { type: "button", class: "plain" }, remedy.label);
    button.addEventListener("click", remedy.act);
    message.append(button);
  }
  setAttribute(element, "aria-busy", false);
  element.replaceChildren(message);
}

/** @param {string} src @returns {Promise<void>} */
export function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = h("script", { src });
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error(src));
    });
    document.head.append(script);
  });
}

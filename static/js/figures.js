/** @import { Beans, Hand } from "./plots/types.js" */
/** @import { State } from "./known.js" */
/** @import { Catalog, Options, Run, Spec, Translate, View } from "./types.js" */

/**
 * The figures: Plotly fetched after the first paint, the figures of each place, all drawn from one view.
 *
 * @typedef {{ update: (view: any) => void, restyle: (context: any) => void, destroy: () => void }} Plot
 * @typedef {{ plot: Plot, element: HTMLElement }} Made
 */

import { ghosts, nameOf } from "./branches.js";
import { byId, h, setAttribute } from "./dom.js";
import { readTheme } from "./plots/palette.js";
import { kindsOf, shownTab } from "./tabs.js";

const PLACES = /** @type {const} */ (["beans", "loss", "bowl"]);
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {string} plotlyUrl
 * @param {() => Catalog} catalog
 * @param {Translate} t
 * @param {Hand} hand whom the figures tell what a person does on them to the parameters
 * @param {Beans} beans whom they tell what is done to the beans
 * @param {() => void} onReady to be called when there is something to draw with
 */
export function createFigures(plotlyUrl, catalog, t, hand, beans, onReady) {
  /** The figures of each place by kind; those of another tab wait, unseen. @type {Map<string, Map<string, Made>>} */
  const plots = new Map();
  let parameters = 0; // of the run that they were made for
  /** @type {Record<string, (element: HTMLElement, context: any) => Plot> | null} */
  let makers = null;
  /** @type {string | null} */
  let trouble = null;

  async function load() {
    trouble = null;
    showTrouble();
    try {
      const [beans, bowl, contour, slices, search, parabola, scan, loss] = await Promise.all([
        import("./plots/beans.js"),
        import("./plots/bowl.js"),
        import("./plots/contour.js"),
        import("./plots/slices.js"),
        import("./plots/search.js"),
        import("./plots/parabola.js"),
        import("./plots/scan.js"),
        import("./plots/loss.js"),
        loadScript(plotlyUrl),
      ]);
      makers = {
        beans: beans.create,
        bowl: bowl.create,
        contour: contour.create,
        slices: slices.create,
        search: search.create,
        parabola: parabola.create,
        scan: scan.create,
        loss: loss.create,
      };
      onReady();
    } catch {
      trouble = "trouble.plotly";
      showTrouble();
    }
  }

  const context = () => ({ theme: readTheme(), t, reducedMotion: reduced.matches, hand, beans });

  /** The kinds of figure that a place shows. @param {string} place @param {Run} run @param {Options} options */
  const kindsAt = (place, run, options) => (place === "bowl" ? kindsOf(shownTab(options.view, run), run) : [place]);

  /** The figures that a place shows, made when they are first needed. @param {string} place @param {Run} run @param {Options} options */
  function plotsAt(place, run, options) {
    const kinds = kindsAt(place, run, options);
    const made = plots.get(place) ?? clear(place);
    for (const kind of kinds) if (!made.has(kind)) made.set(kind, make(place, kind));
    for (const [kind, { element }] of made) setAttribute(element, "data-away", !kinds.includes(kind));
    return kinds.map((kind) => /** @type {Made} */ (made.get(kind)).plot);
  }

  /** @param {string} place @param {string} kind @returns {Made} */
  function make(place, kind) {
    const element = h("div", { class: "view", "data-kind": kind });
    placeOf(place).append(element);
    setAttribute(placeOf(place), "aria-busy", false);
    return { plot: /** @type {NonNullable<typeof makers>} */ (makers)[kind](element, context()), element };
  }

  /** Nothing is drawn in a place yet, or any more. @param {string} place @returns {Map<string, Made>} */
  function clear(place) {
    for (const { plot } of plots.get(place)?.values() ?? []) plot.destroy();
    placeOf(place).replaceChildren();
    plots.set(place, new Map());
    return /** @type {Map<string, Made>} */ (plots.get(place));
  }

  function showTrouble() {
    for (const place of PLACES) {
      const element = placeOf(place);
      if (trouble) complain(element, t(trouble), place === "bowl" ? { label: t("trouble.retry"), act: load } : undefined);
      else if (!plots.has(place)) element.replaceChildren(h("div", { class: "skeleton" }));
    }
  }

  /** @type {Pick<View, "companions" | "name">} */
  let all = {};
  /** @type {unknown[]} */
  let sources = [];

  /** The runs beside and the paths left behind, the same list as long as they are; and what the run shown is called among these. @param {State["companions"]} given @param {State["branches"]} branches @param {Spec} spec */
  function beside(given, branches, spec) {
    if (given !== sources[0] || branches !== sources[1]) all = { companions: branches.length > 0 ? [...given, ...ghosts(branches)] : given };
    else if (spec === sources[2]) return all;
    sources = [given, branches, spec];
    all.name = nameOf(spec, branches, catalog(), t);
    return all;
  }

  // The first paint comes before a script of five megabytes is parsed.
  requestAnimationFrame(() => setTimeout(load));

  return {
    /** @param {State} state */
    update({ run, spec, rows, cursor, status, options, draft, inspecting, inside, picked, hand: { look, held }, search, companions: given, branches, course, beans: editing }) {
      if (!makers || !run || cursor < 0) return;
      if (run.parameters.length !== parameters) clear("bowl");
      parameters = run.parameters.length;
      const update = inspecting && !draft ? inside : null;
      // Names of one's own are those of points of one's own.
      const edited = editing.names && run.spec.dataset.name !== "points" ? { ...editing, names: null } : editing;
      // A start that is held has its numbers said as it moves.
      const { companions, name } = beside(given, branches, held?.draft ?? spec);
      const view = { run, rows, cursor, status, options, update, picked, look, search, companions, beans: edited, name: course.name || name, perStep: course.perStep, racing: course.playing };
      for (const place of PLACES) for (const plot of plotsAt(place, run, options)) plot.update(view);
    },

    /** Another theme, another language. */
    restyle() {
      const now = context();
      for (const made of plots.values()) for (const { plot } of made.values()) plot.restyle(now);
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

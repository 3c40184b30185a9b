/** @import { Spec, Translate } from "../types.js" */
/** @import { Chart, State, Variable } from "./types.js" */

/** The two pictures, their legend, and the choice between curves and map. Plotly is fetched after the first paint. */

import { byId, h, setAttribute, setText } from "../dom.js";
import { loadScript } from "../figures.js";
import { short } from "../numbers.js";
import { readTheme } from "../plots/palette.js";
import { quantities, suitsMap, toChart } from "./chart.js";
import { lawOf } from "./limits.js";

const PLACES = ["picture-0", "picture-1"];
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {string} plotlyUrl
 * @param {Translate} t
 * @param {(spec: Spec) => Variable[]} offered
 * @param {{ ready: () => void, choose: (picture: "curves" | "map") => void, open: (row: number) => void }} actions
 */
export function createPictures(plotlyUrl, t, offered, actions) {
  /** @type {any} */
  let parts = null;
  /** @type {any[]} */
  let plots = [];
  /** @type {Chart | null} */
  let chart = null;
  let charted = -1;
  let legend = "";

  async function load() {
    try {
      const [made, drawn] = await Promise.all([import("../plots/chart.js"), import("../plots/curves.js"), loadScript(plotlyUrl)]);
      parts = { create: made.create, colour: drawn.colour };
      actions.ready();
    } catch {
      for (const place of PLACES) byId(place).replaceChildren(h("p", { class: "trouble", role: "alert" }, t("sweeps.trouble")));
    }
  }
  // The first paint comes before a script of five megabytes is parsed.
  requestAnimationFrame(() => setTimeout(load));

  for (const button of document.querySelectorAll("[data-picture]")) {
    button.addEventListener("click", () => actions.choose(button.getAttribute("data-picture") === "map" ? "map" : "curves"));
  }
  const context = () => ({ theme: readTheme(), t, reducedMotion: reduced.matches, pick: actions.open });

  /** @param {State} state @returns {Chart | null} */
  function chartOf({ request, table, limits, serial }) {
    if (!request || !table) return null;
    return toChart(request, table, offered(request.base), (values) => limits.get(lawOf(values)) ?? null, t("sweeps.all"), serial);
  }

  /** @param {State} state */
  const pictureOf = ({ picture }) => picture ?? (chart && suitsMap(chart) ? "map" : "curves");

  /** @param {State} state */
  function showLegend(state) {
    const { table } = state;
    const list = byId("legend");
    if (!chart || !table || !parts) return list.replaceChildren();
    const theme = readTheme();
    const { series } = chart;
    const map = chart.y !== null && pictureOf(state) === "map";
    const named = series.length > 1 && !map;
    const has = (/** @type {(row: number) => boolean} */ test) => table.status.some((_, row) => test(row));
    const lost = has((row) => table.status[row] === "diverged");
    const unreached = has((row) => table.status[row] !== "diverged" && table.steps_to_goal[row] === null);
    list.replaceChildren(
      ...(named && chart.y ? [h("li", { class: "of" }, chart.y.label)] : []),
      ...(named ? series.map((each, i) => h("li", {}, swatch(parts.colour(i, series, theme)), each.label, limitOf(each))) : []),
      ...(lost ? [h("li", { class: "diverged" }, map ? swatch(theme.warn) : h("i", {}, "×"), t("sweeps.diverged"))] : []),
      ...(unreached ? [h("li", { class: "unreached" }, h("i", {}, map ? "□" : "○"), t("sweeps.unreached"))] : []),
    );
  }

  /** @param {import("./types.js").Series} series */
  const limitOf = ({ limit }) => h("span", {}, limit === null ? "" : t("sweeps.limit", { rate: short(limit, 3) }));

  return {
    /** @param {State} state */
    update(state) {
      if (state.serial !== charted) {
        chart = chartOf(state);
        charted = state.serial;
        legend = "";
      }
      if (legend !== pictureOf(state)) showLegend(state);
      legend = parts ? pictureOf(state) : "";
      const map = chart !== null && chart.y !== null;
      setAttribute(byId("picture-choice"), "hidden", !map);
      const picture = pictureOf(state);
      for (const button of document.querySelectorAll("[data-picture]")) {
        setAttribute(button, "aria-pressed", String(button.getAttribute("data-picture") === picture));
      }
      setAttribute(byId("empty"), "hidden", chart !== null);
      setText(byId("empty"), t(state.sweep?.ended ? "sweeps.empty.ended" : "sweeps.empty"));
      if (!chart) {
        // What another sweep has shown says nothing of this one.
        for (const plot of plots) plot.destroy();
        plots = [];
      }
      if (!parts || !chart) return;
      if (plots.length === 0) {
        plots = PLACES.map((place) => parts.create(byId(place), context()));
      }
      for (const [i, quantity] of quantities(chart.table).entries()) {
        setText(byId(`picture-title-${i}`), t(quantity.title));
        plots[i].update({ chart, quantity, picture });
        setAttribute(byId(PLACES[i]), "aria-label", t("sweeps.plot.description", {
          title: t(quantity.title), runs: chart.table.status.length, key: chart.x.label, best: "",
        }).trim());
      }
    },

    /** Another theme, another language. */
    restyle() {
      for (const plot of plots) plot.restyle(context());
      charted = -1;
      actions.ready();
    },
  };
}

/** @param {string} colour */
function swatch(colour) {
  const element = h("i", { class: "swatch", "aria-hidden": "true" });
  element.style.background = colour;
  return element;
}

/** @import { Language } from "../language.js" */
/** @import { State } from "../known.js" */
/** @import { Catalog, Translate } from "../types.js" */
/** @import { RaceControl, Runner } from "./race.js" */
/** @import { Clock } from "./types.js" */

/** The panel of the race: lanes to add, the clock, the table, the lane that is being edited, the goal. */

import { h, setAttribute, setText } from "../dom.js";
import { createChoice, createNumber } from "../fields.js";
import { count } from "../numbers.js";
import { shownStep } from "../known.js";
import { entry } from "../spec.js";
import { createEditor } from "./editor.js";
import { allMethods, batchSizes, missing, MOST_LANES, settingsOf, usual } from "./lanes.js";
import { createTable } from "./table.js";

/** @type {import("../types.js").Param} */
const GOAL = { name: "goal", label: "", symbol: "", default: 1e-3, low: 1e-300, high: 1e300, scale: "log", integer: false, slider: [1e-9, 1], help: "" };
const FRAMES = 6; // from one writing of the numbers to the next, while they move
const CLOCKS = /** @type {const} */ (["steps", "rows"]);

/**
 * @param {HTMLElement} panel
 * @param {RaceControl} race
 * @param {State} state
 * @param {Translate} t
 * @param {Language["say"]} say
 * @param {() => Catalog} catalog
 */
export function createPanel(panel, race, state, t, say, catalog) {
  const mostSteps = Number(panel.dataset.maxSteps);
  /** The id of the lane that is being edited. @type {number | null} */
  let chosen = null;
  const table = createTable(t, say, ({ lane }) => choose(lane && lane.id !== chosen ? lane.id : null));
  const editor = createEditor({
    edit: race.edit,
    remove(lane) {
      race.remove(lane);
      choose(null);
      panel.focus();
    },
    close() {
      const id = chosen;
      choose(null);
      focusLane(id);
    },
  }, t, say, catalog);
  /** @type {ReturnType<typeof furnish>} */
  let parts = furnish();
  /** What the panel shows was made from these. @type {unknown[]} */
  let sources = [];
  let frames = 0;

  /** @param {number | null} id */
  function choose(id) {
    chosen = id;
    sources = [];
    update();
  }

  /** @param {number | null} id */
  function focusLane(id) {
    const index = race.runners().findIndex(({ lane }) => lane?.id === id);
    const button = table.element.tBodies[0].rows[index]?.querySelector("button");
    button?.focus();
  }

  /** Everything that is written, in the language in force. */
  function furnish() {
    const clocks = CLOCKS.map((clock) => {
      const button = h("button", { type: "button", "data-clock": clock, title: t(`race.clock.${clock}.help`) }, t(`race.clock.${clock}`));
      button.addEventListener("click", () => race.set({ clock: /** @type {Clock} */ (clock) }));
      return button;
    });
    const clock = h("div", { class: "segmented small", role: "group", "aria-label": t("race.clock") }, ...clocks);
    const method = createChoice({ name: "race.add", label: t("race.add.method"), help: t("race.add.method.help") }, (name) => {
      const found = entry(catalog().optimizers, name);
      method.sync("");
      if (found) add([{ optimizer: usual(found), batch: { ...state.spec.batch } }], true);
    });
    method.offer([["", t("race.add.choose")], ...catalog().optimizers.map((each) => /** @type {[string, string]} */ ([each.name, each.label]))]);
    const button = (/** @type {string} */ key, /** @type {() => void} */ act) => {
      const made = h("button", { type: "button", class: "plain", title: t(`${key}.help`) }, t(key));
      made.addEventListener("click", act);
      return made;
    };
    const own = () => settingsOf(state.spec, shownStep(state));
    /** A set of lanes, but for those that are there. @param {ReturnType<typeof allMethods>} settings */
    const addSet = (settings) => add(missing(state.race.lanes, settings), false);
    const adders = [
      button("race.add.same", () => add([race.runners().find(({ lane }) => lane?.id === chosen)?.settings ?? own()], true)),
      button("race.add.methods", () => addSet(allMethods(catalog(), state.spec))),
      button("race.add.batches", () => addSet(batchSizes(state.spec, shownStep(state), state.run?.data.y.length ?? 0))),
    ];
    const clear = button("race.clear", () => {
      race.clear();
      choose(null);
    });
    const goal = createNumber({ name: "race.goal", label: t("race.goal"), help: t("race.goal.help") }, GOAL, (value) => {
      const fine = typeof value === "number" && value >= GOAL.low && value <= GOAL.high;
      if (fine) race.set({ goal: value });
      goal.sync(state.race.goal, fine ? undefined : t("race.goal.bad"));
    });
    const again = button("race.retry", () => {
      race.retry();
      sources = [];
    });
    const note = h("p", { class: "aside", role: "status" });
    const about = h("p", { class: "aside" }, t("race.about"));
    const scroll = h("div", { class: "race-scroll" }, table.element);
    panel.replaceChildren(
      h("header", {}, h("h2", {}, t("race.title")), clear, clock),
      about,
      scroll,
      editor.element,
      note,
      again,
      h("div", { class: "race-foot" }, method.element, goal.element),
      h("div", { class: "race-buttons" }, ...adders),
    );
    return { clocks, clock, method, adders, clear, goal, note, about, again };
  }

  /** @param {Parameters<RaceControl["add"]>[0]} settings @param {boolean} open whether the new lane is to be edited */
  function add(settings, open) {
    const before = state.race.lanes.length;
    race.add(settings);
    chosen = open && state.race.lanes.length > before ? state.race.lanes[before].id : null;
    sources = [];
  }

  /** @param {readonly Runner[]} runners */
  function arrange(runners) {
    const { race: { clock, goal, lanes }, run } = state;
    const any = lanes.length > 0;
    if (!lanes.some(({ id }) => id === chosen)) chosen = null;
    for (const button of parts.clocks) setAttribute(button, "aria-pressed", String(button.dataset.clock === clock));
    setAttribute(parts.about, "hidden", any);
    setAttribute(parts.clock, "hidden", !any);
    setAttribute(parts.goal.element, "hidden", !any);
    setAttribute(parts.clear, "hidden", !any);
    setAttribute(table.element, "hidden", !any);
    const full = lanes.length >= MOST_LANES - 1;
    parts.method.enable(!full);
    for (const button of parts.adders) button.disabled = full || !run;
    if (!parts.goal.element.querySelector("[aria-invalid]")) parts.goal.sync(goal);
    table.arrange(runners, clock, chosen);
    editor.update(runners.find(({ lane }) => lane !== null && lane.id === chosen) ?? null, run?.data.y.length ?? 0);
    setAttribute(parts.again, "hidden", !runners.some(({ result }) => result?.lost));
    const thinned = runners.flatMap(({ name, result }) => (result && result.every > 1 && result.rows ? [{ name, every: result.every }] : []));
    const refused = runners.filter(({ result }) => result && !result.outcome);
    setText(parts.note, [
      ...refused.map(({ name, result }) => t("race.trouble", { name, words: result?.lost ? t("race.lost") : (result?.problems ?? []).map((each) => say({ ...each, text: each.message })).join(" ") })),
      ...(thinned.length > 0 ? [t("race.thinned", { list: thinned.map(({ name, every }) => t("race.thinned.lane", { name, every })).join(t("race.comma")) })] : []),
      ...runners.filter(({ cut }) => cut).map(({ name }) => t("race.cut", { name, steps: count(mostSteps) })),
      ...(full ? [t("race.full", { count: MOST_LANES })] : []),
    ].join(" "));
    setAttribute(parts.note, "hidden", parts.note.textContent === "");
  }

  function update() {
    if (panel.hidden) return;
    const now = [race.version(), state.race, state.run, chosen];
    if (now.some((source, i) => source !== sources[i])) {
      sources = now;
      arrange(race.runners());
    }
    // Nobody reads numbers that change sixty times a second.
    frames += 1;
    const resting = state.status !== "playing" && !state.course.playing;
    if (state.race.lanes.length > 0 && (resting || frames % FRAMES === 0)) table.update(state.run?.theory?.optimum_loss ?? null);
  }

  return {
    update,

    relabel() {
      editor.relabel();
      sources = [];
      parts = furnish();
    },
  };
}

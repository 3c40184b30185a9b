/** @import { State } from "../known.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Translate, Update } from "../types.js" */

/** Inside the step: the update from the row shown to the next one, as a graph, line by line, and row by row. */

import { byId, h, prepared, setAttribute, setChildren, setText } from "../dom.js";
import { count } from "../numbers.js";
import { createAsking } from "./asking.js";
import { createDrawing } from "./drawing.js";
import { MEAN } from "./equations.js";
import { createPhase } from "./phase.js";
import { createTable } from "./table.js";
import { createWalk } from "./walk.js";

const PHASES = /** @type {const} */ (["forward", "backward", "move"]);

/** Steps a second at which there is time to show everything in one frame. */
const UNHURRIED = 10;

/**
 * @param {HTMLElement} element
 * @param {Store<State>} store
 * @param {Session} session
 * @param {Translate} t
 */
export function createInspector(element, store, session, t) {
  const title = byId("inspect-title");
  const seen = byId("inspect-seen");
  const picker = byId("inspect-picker");
  const picked = byId("inspect-picked");
  const content = byId("inspect-content");
  const drawing = createDrawing(t);
  const phases = PHASES.map((phase) => createPhase(phase, t));
  const digits = h("button", { type: "button", class: "digits-toggle", "aria-pressed": "false" });
  const lines = h("div", { class: "phases" }, digits, ...phases.map((phase) => phase.element));
  const table = createTable(t, (place) => store.set({ picked: place }));
  const walk = createWalk(mark);
  const asking = createAsking((step) => session.inspect(step), () => store.set({}));
  const shapes = h("figure", { class: "forward-backward" }, drawing.element, h("figcaption", { class: "aside" }));
  /** Whether all digits are to be seen: what is computed by hand with four of them ends in another one. */
  let all = false;
  /** What is shown. @type {unknown[]} */
  let shown = [];
  /** What is left to do for it: while it plays, no frame should have to do everything. @type {(() => void)[]} */
  let rest = [];
  /** What is done for it, to be shown together: numbers of two steps beside each other would not add up. @type {(() => void)[]} */
  let ready = [];
  /** @type {State["told"]} */
  let walked = null;

  for (const [id, by] of /** @type {const} */ ([["inspect-before", -1], ["inspect-after", 1]])) {
    byId(id).addEventListener("click", () => {
      const rows = store.state.told?.update?.batch.rows.length ?? 0;
      // The mean stands before the first row and after the last.
      const place = store.state.picked + by;
      store.set({ picked: place < MEAN ? rows - 1 : place >= rows ? MEAN : place });
    });
  }

  digits.addEventListener("click", () => {
    all = !all;
    store.set({});
  });

  /** @param {State} state @param {Update} update */
  function show(state, update) {
    const exact = state.status !== "playing";
    const place = placeOf(state, update);
    finish();
    // The figures show the same update, from the same frame on.
    ready = [() => store.set({ inside: update })];
    rest = [
      () => head(state, update, place),
      () => drawing.update(update, place, exact),
      ...phases.map((phase) => () => phase.update(update, place, exact, all)),
      () => table.update(update, place, exact, all),
    ];
  }

  /** Which step it is, and who sees it. @param {State} state @param {Update} update @param {number} place */
  function head(state, update, place) {
    const { batch, step } = update;
    const ended = state.end !== null && step + 1 === state.end && state.rows.step[state.cursor] === state.end;
    setText(title, t(ended ? "inspect.last" : "inspect.step", { from: count(step), to: count(step + 1) }));
    setText(seen, seenWords(state, update));
    setText(digits, t("inspect.digits"));
    setAttribute(digits, "aria-pressed", String(all));
    setAttribute(picker, "hidden", batch.count === 1);
    const bean = place === MEAN ? null : count(batch.rows[place]);
    setText(picked, bean === null ? t("inspect.mean-of", { count: count(batch.count) }) : t("inspect.bean-of", { bean, at: count(place + 1), count: count(batch.rows.length) }));
    const parts = batch.count === 1 ? [shapes, lines, table.element] : [lines, table.element, shapes];
    setText(/** @type {Element} */ (shapes.lastElementChild), t(batch.count > 1 && place === MEAN ? "inspect.graph.mean" : "inspect.graph.row"));
    setChildren(content, ...parts);
  }

  /** Go on with what is left to do: all of it, or one part in this frame and the others in the next ones. @param {boolean} atOnce */
  function goOn(atOnce) {
    const parts = rest.splice(0, atOnce ? rest.length : 1);
    // What there is time for measures what it has written.
    ready.push(...(atOnce ? parts : parts.map(prepared)));
    // To show it all is enough for a frame.
    if (atOnce || parts.length === 0) finish();
    else store.set({});
  }

  /** Show what is ready, and let the rest be. */
  function finish() {
    rest = [];
    for (const write of ready) write();
    ready = [];
  }

  /** The line in action, or none. @param {number | null} at */
  function mark(at) {
    let first = 0;
    let active = null;
    for (const phase of phases) {
      const own = at === null ? -1 : at - first;
      phase.mark(own);
      if (own >= 0 && own < phase.length) active = phase.phase;
      first += phase.length;
    }
    setAttribute(document.documentElement, "data-phase", active ?? false);
  }

  /** Which rows the update sees, in words. @param {State} state @param {Update} update */
  function seenWords({ run }, { batch }) {
    const total = run?.data.y.length ?? batch.count;
    if (batch.count === 1) return t("inspect.seen.one", { bean: count(batch.rows[0]), count: count(total) });
    return t(batch.count === total ? "inspect.seen.all" : "inspect.seen.some", { size: count(batch.count), count: count(total) });
  }

  return {
    /** @param {State} state */
    update(state) {
      if (!state.inspecting || !state.told) finish();
      const { inspecting, told, picked: place, status, stepsPerSecond, end } = state;
      const atOnce = status !== "playing" || stepsPerSecond <= UNHURRIED;
      // While frames are short, what has been told is written to its end before more is asked for.
      const done = rest.length + ready.length === 0;
      if (done || atOnce) asking.update(state);
      if (!inspecting || !told) {
        if (walked) walk.stop();
        walked = null;
        if (shown.length === 0) setText(title, t(state.connection === "lost" ? "inspect.lost" : "inspect.waiting"));
        return;
      }
      const next = [told, place, status, end, all];
      if ((!done && !atOnce) || next.every((value, i) => value === shown[i])) return goOn(atOnce);
      shown = next;
      setAttribute(element, "data-empty", told.update === null);
      if (!told.update) {
        finish();
        store.set({ inside: null });
        setText(title, t("inspect.none"));
        setText(seen, "");
        setAttribute(picker, "hidden", true);
        setChildren(content);
        return;
      }
      show(state, told.update);
      if (atOnce) goOn(true);
      else store.set({});
      if (told === walked) return;
      walked = told;
      walk.update(state, told.update.step, told.update.lines.length);
    },

    /** Write everything anew, in another language. */
    relabel() {
      shown = [];
      table.relabel();
    },
  };
}

/** The row of the batch that is looked at; a batch may have fewer than the one before. @param {State} state @param {Update} update */
export const placeOf = ({ picked }, { batch }) => (batch.count === 1 || picked >= batch.rows.length ? MEAN : picked);

/** @import { Points } from "./csv.js" */
/** @import { State } from "../known.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Editing, Named } from "../types.js" */

/**
 * What a person does to the beans: add, move, delete, take others in their place, and take that back.
 *
 * Every edit is the same run with other beans, shown at the same step: the line and the bowl follow the bean. While one is
 * dragged, runs are asked for one after the other, as fast as they can be computed and drawn; the place where it is let go is
 * asked for in any case.
 *
 * @typedef {{ dataset: Named, names: Editing["names"] }} Beans
 * @typedef {{ before: Beans, index: number, step: number, resume: boolean, asked: boolean, late: boolean }} Held
 *   before: the beans without what is being done; step: the one shown when it began; resume: whether the run was playing;
 *   asked: whether any run was asked for since; late: whether the bean has moved since the last one that was.
 * @typedef {ReturnType<typeof createEditor>} Editor
 */

import { ownPoints } from "../spec.js";
import { shownStep } from "../known.js";
import { LARGEST } from "./csv.js";

/** More beans than this follow only when the one that is dragged is let go: their runs are long on the way. */
const MOST_LIVE = 2000;
/** Of the time, the share that is left for the hand while runs follow it. */
const LEISURE = 1.5;
/** Edits that can be taken back, and the numbers that they may hold altogether. */
const MOST_KEPT = 100;
const MOST_NUMBERS = 4e6;

/**
 * @param {Store<State>} store
 * @param {Session} session
 */
export function createEditor(store, session) {
  const { state } = store;
  /** @type {Beans[]} */
  let done = [];
  /** @type {Beans[]} */
  let undone = [];
  /** The beans of a dataset, made once. @type {{ source: object, points: Points } | null} */
  let known = null;
  /** @type {Held | null} */
  let held = null;
  /** When the last run was asked for, how long it took until it was drawn, and how far it is on that way. */
  let began = 0;
  let took = 0;
  /** @type {"asked" | "drawn" | "seen"} */
  let phase = "seen";
  /** The beans on the screen when it was last drawn. @type {Beans | null} */
  let shown = null;

  /** @param {Partial<Editing>} patch */
  const set = (patch) => store.set({ beans: { ...state.beans, ...patch } });

  /** The dataset as it will be when all that was asked for is there. */
  const dataset = () => (state.draft ?? state.spec).dataset;

  /** @returns {Beans} */
  const beans = () => ({ dataset: dataset(), names: state.beans.names });

  /** The beans one by one, whatever made them; to look at, not to change. @returns {Points | null} */
  function points() {
    const source = dataset().name === "points" ? dataset() : state.run?.data;
    if (!source) return null;
    if (known?.source !== source) known = { source, points: ownPoints(/** @type {any} */ (source)) };
    return known.points;
  }

  /** @param {Beans[]} list @param {Beans} entry */
  function keep(list, entry) {
    const kept = [...list, entry].slice(-MOST_KEPT);
    let room = MOST_NUMBERS;
    const first = kept.findLastIndex(({ dataset: { y } }) => (room -= 2 * (y?.length ?? 0)) < 0);
    return kept.slice(first + 1);
  }

  /** @param {Points} next */
  function ask(next) {
    began = performance.now();
    phase = "asked";
    // A run that was told to pause may not know it yet.
    if (held) session.refit({ name: "points", ...next }, held.step, false);
    else session.refit({ name: "points", ...next }, shownStep(state));
  }

  /** One edit, done at once. @param {Points} next @param {Partial<Editing>} patch */
  function edit(next, patch) {
    done = keep(done, beans());
    undone = [];
    const copied = dataset().name !== "points";
    set(copied ? { ...patch, names: null } : patch);
    ask(next);
  }

  /** @param {Beans[]} from @param {Beans[]} to */
  function restore(from, to) {
    const other = from.pop();
    if (!other || held) return;
    to.push(beans());
    shown = other;
    set({ selected: -1, at: null, names: other.names });
    session.refit(other.dataset, shownStep(state));
  }

  /** @param {Points} all @param {number} index @param {[number, number]} at @returns {Points} */
  const moved = (all, index, [x, y]) => ({ x: all.x.with(index, x), y: all.y.with(index, y) });

  /** Whether there is such a bean. @param {number} index */
  const exists = (index) => index >= 0 && index < (points()?.x.length ?? 0);

  /** @param {number} index @returns {[number, number]} */
  function placeOf(index) {
    const all = /** @type {Points} */ (points());
    return [all.x[index], all.y[index]];
  }

  /** Ask for the run with the bean where it is now, if the last one is there and drawn. @param {boolean} [must] */
  function follow(must = false) {
    const { at } = state.beans;
    if (!held?.late || !at) return;
    const all = points();
    const free = state.draft === null && phase === "seen" && performance.now() - began > (1 + LEISURE) * took;
    if (!all || !(must || (free && all.x.length <= MOST_LIVE))) return;
    held.late = false;
    held.asked = true;
    ask(moved(all, held.index, at));
  }

  return {
    points,
    /** What x and y are called in a file. @returns {[x: string, y: string]} */
    names() {
      const { x: [x], y } = state.run?.data.names ?? { x: ["x"], y: "y" };
      return (dataset().name === "points" && state.beans.names) || [x, y];
    },

    isActive: () => state.beans.active,
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,

    /** @param {boolean} [active] */
    toggle(active = !state.beans.active) {
      this.drop();
      set({ active, selected: -1, at: null });
    },

    /** @param {number} index -1 for none */
    select(index) {
      this.drop();
      set({ selected: exists(index) ? index : -1, at: null });
    },

    /** The next bean, or the one before. @param {1 | -1} way */
    next(way) {
      const count = points()?.x.length ?? 0;
      const { selected } = state.beans;
      this.select(selected < 0 ? (way > 0 ? 0 : count - 1) : (selected + way + count) % count);
    },

    /** Where the selected bean is, also before a run has it there; null without one. */
    place: () => state.beans.at ?? (exists(state.beans.selected) ? placeOf(state.beans.selected) : null),

    /** @param {[x: number, y: number]} at */
    add(at) {
      const all = points();
      if (!all) return;
      this.drop();
      edit({ x: [...all.x, at[0]], y: [...all.y, at[1]] }, { selected: all.x.length, at });
    },

    /** Take the selected bean away. Returns whether that may be: a line needs one bean at least. */
    remove() {
      this.drop();
      const all = points();
      const { selected } = state.beans;
      if (!all || !exists(selected)) return true;
      if (all.x.length === 1) return false;
      const others = { x: all.x.toSpliced(selected, 1), y: all.y.toSpliced(selected, 1) };
      edit(others, { selected: Math.min(selected, others.x.length - 1), at: null });
      return true;
    },

    /** Put the selected bean somewhere, at once. @param {[x: number, y: number]} at */
    put(at) {
      const all = points();
      const { selected } = state.beans;
      if (!all || !exists(selected) || !at.every((value) => Math.abs(value) <= LARGEST)) return;
      edit(moved(all, selected, at), { at });
    },

    /** Hold the selected bean somewhere. @param {[x: number, y: number]} at */
    hold(at) {
      const { selected, names } = state.beans;
      if (!held) {
        if (!exists(selected)) return;
        const resume = session.playing();
        held = { before: beans(), index: selected, step: shownStep(state), resume, asked: false, late: true };
        if (resume) session.pause();
      }
      held.late = true;
      set({ at, names: held.before.dataset.name === "points" ? names : null });
      follow();
    },

    /** Let it go where it is. */
    drop() {
      if (!held) return;
      follow(true);
      const { before, resume, asked } = held;
      held = null;
      if (asked) {
        done = keep(done, before);
        undone = [];
      }
      if (resume) session.play();
      store.set({}); // if its run is there already, nothing else would tell that it is not held any more
    },

    /** Put it back where it was taken. */
    cancel() {
      if (!held) return;
      const { before, step, resume, asked } = held;
      held = null;
      shown = before;
      set({ at: null, names: before.names });
      if (asked) session.refit(before.dataset, step, false);
      if (resume) session.play();
    },

    /** As the session's, but that beans of one's own begin as those on the screen. @param {string} path @param {unknown} value */
    edit(path, value) {
      const all = path === "dataset.name" && value === "points" ? points() : null;
      if (all) edit(all, {});
      else session.edit(path, value);
    },

    undo: () => restore(done, undone),
    redo: () => restore(undone, done),

    /** Other beans in the place of all. @param {Points} next @param {Editing["names"]} names */
    use(next, names) {
      this.drop();
      done = keep(done, beans());
      undone = [];
      set({ selected: -1, at: null, names });
      session.edit("dataset", { name: "points", ...next });
    },

    /** Before the views are drawn: what was held for a run that is there now is done with, and the next one is asked for. */
    update() {
      if (state.draft !== null) return;
      if (phase === "asked") {
        // It is drawn in this very frame; how long that takes is known after it.
        phase = "drawn";
        setTimeout(() => {
          took = performance.now() - began;
          phase = "seen";
          setTimeout(() => held && store.set({}), LEISURE * took);
        });
      }
      // Beans of one's own that another choice has put away can be fetched back.
      if (shown?.dataset.name === "points" && state.spec.dataset.name !== "points") done = keep(done, shown);
      if (shown?.dataset !== state.spec.dataset) shown = { dataset: state.spec.dataset, names: state.beans.names };
      const selected = exists(state.beans.selected) ? state.beans.selected : -1;
      const at = held ? state.beans.at : null;
      if (selected !== state.beans.selected || at !== state.beans.at) state.beans = { ...state.beans, selected, at };
      follow();
    },
  };
}

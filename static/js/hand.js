/** @import { State } from "./known.js" */
/** @import { Session } from "./session.js" */
/** @import { Store } from "./store.js" */
/** @import { Theta } from "./objective.js" */
/** @import { Place, Rows, Run, Spec } from "./types.js" */

/**
 * What a person does to the parameters by hand: look at a point, or take the ball or the line and put it elsewhere.
 *
 * While it is held, every view is shown a run of one row, its start; let go, and the engine's own run begins there. So
 * whatever shows a run follows the hand, without knowing of it.
 *
 * @typedef {{ place: Place, draft: Spec, rows: Rows, run: Run, resume: boolean, given: boolean }} Held
 *   draft: the spec that starts there; resume: whether the run was playing; given: the engine has been asked for the run from there.
 * @typedef {{ look: Place | null, held: Held | null }} Hand
 */

import { createObjective } from "./objective.js";
import { createRows } from "./rows.js";

/** @type {Hand} */
export const EMPTY = Object.freeze({ look: null, held: null });

/** Held rows must not be taken for those of a run: versions count up from 0, and theirs stay below it. */
const FIRST_VERSION = -1e9;

/**
 * @param {Store<State>} store
 * @param {Session} session
 */
export function createHand(store, session) {
  const { state } = store;
  /** @type {{ run: Run, loss: (theta: Theta) => number } | null} */
  let known = null;

  /** @param {Run} run @param {Theta} theta @returns {Place} */
  function placeOf(run, theta) {
    if (known?.run !== run) known = { run, loss: createObjective(run).loss };
    return { theta, loss: known.loss(theta) };
  }

  /** @param {Run} run @returns {Held} */
  function take(run) {
    const rows = createRows([...run.parameters, "loss"]);
    rows.version = FIRST_VERSION;
    const resume = session.playing();
    if (resume) session.pause();
    return { place: placeOf(run, state.spec.start), draft: state.spec, rows, run, resume, given: false };
  }

  /** Whether what is held is still to be shown: not once its run is there or was refused, or one with other parameters has come. @param {Held} held */
  const holds = ({ run, given }) =>
    !(given && (state.draft === null || run !== state.run)) && state.run?.parameters.length === run.parameters.length;

  return {
    /** Where the start is held and what is looked at, also when no frame has shown it yet. */
    held: () => state.hand.held?.place.theta ?? null,
    looked: () => state.hand.look?.theta ?? null,

    /** Look at a point, or nowhere. @param {Theta | null} theta */
    look(theta) {
      if (theta === null && state.hand.look === null) return;
      store.set({ hand: { ...state.hand, look: theta && state.run && placeOf(state.run, theta) } });
    },

    /** Take the run's start, if it is not held, and put it there. @param {Theta} theta */
    move(theta) {
      const { run, hand } = state;
      if (!run) return;
      const held = hand.held ?? take(run);
      const place = placeOf(run, theta);
      const columns = [...run.parameters.map((name) => theta[name]), place.loss].map((value) => Float64Array.of(value));
      held.rows.truncate(0);
      held.rows.append({ kind: "steps", rows: 1, firstStep: 0, stride: 1, columns });
      const draft = { ...state.spec, start: theta };
      // Taken once more before its run was there, it is held as before.
      store.set({ hand: { look: null, held: { ...held, place, draft, run, given: false } } });
    },

    /** Let go: a new run begins there. */
    drop() {
      const { held } = state.hand;
      if (!held || held.given) return;
      store.set({ hand: { look: null, held: { ...held, given: true } } });
      session.edit("start", held.place.theta);
      if (held.resume) session.play();
    },

    /** Put it back where it was. */
    cancel() {
      const { held } = state.hand;
      if (!held || held.given) return;
      store.set({ hand: EMPTY });
      if (held.resume) session.play();
    },

    /** The state as the views are to show it. @param {State} given @returns {State} */
    seen(given) {
      const { held } = given.hand;
      if (!held) return given;
      if (!holds(held)) {
        given.hand = EMPTY;
        return given;
      }
      const { rows, draft } = held;
      return { ...given, rows, cursor: 0, status: "paused", willPlay: null, outcome: null, end: null, draft };
    },
  };
}

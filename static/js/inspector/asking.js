/** @import { State } from "../known.js" */

/** When the server is asked for an update: the newest step shown, one question at a time, a few times a second at most. */

import { shownStep } from "../known.js";

const PAUSE = 100; // ms between two questions

/**
 * @param {(step: number) => void} ask
 * @param {() => void} again to be called for another look at the state
 */
export function createAsking(ask, again) {
  let asked = "";
  let open = false;
  let last = -Infinity;
  let timer = 0;
  /** @type {State["told"]} */
  let told = null;

  return {
    /** @param {State} state */
    update(state) {
      if (state.told !== told) {
        told = state.told;
        open = false;
      }
      if (!state.inspecting || !state.run || state.draft || state.connection !== "open") {
        // What was asked of a run or a connection that is gone will not be answered.
        [asked, open] = ["", false];
        return;
      }
      const wanted = nameOf(state);
      if (wanted === asked || open) return;
      const now = performance.now();
      if (now < last + PAUSE) {
        timer ||= setTimeout(() => {
          timer = 0;
          again();
        }, last + PAUSE - now);
        return;
      }
      [asked, open, last] = [wanted, true, now];
      ask(shownStep(state));
    },
  };
}

/** What makes an update another one: the run, its changes and the step. @param {State} state */
const nameOf = ({ run, spec, rows, cursor }) =>
  `${run?.serial} ${spec.changes.length} ${JSON.stringify(spec.changes.at(-1) ?? "")} ${rows.step[cursor]}`;

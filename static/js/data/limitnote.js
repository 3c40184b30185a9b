/** @import { State } from "../known.js" */
/** @import { Notice } from "../state.js" */
/** @import { Spec, Theory } from "../types.js" */

/**
 * Data of one's own are used as they are, however large: where the rate in force is then beyond its limit, that is said at once,
 * with both numbers, and not left to a run that flies out.
 */

import { short } from "../numbers.js";
import { inForce } from "../spec.js";
import { shownStep } from "../known.js";

/** @param {{ add: (notices: Notice[]) => void, revise: (kind: "limit", other: Notice | null) => void }} notices */
export function createLimitNote(notices) {
  /** What the data that are on their way came from. @type {string | null} */
  let awaited = null;
  let known = 0; // the run on the screen when they were asked for
  let serial = 0;
  /** What it was said of. @type {{ spec: Spec, theory: Theory | null, text: string } | null} */
  let said = null;

  return {
    /** Beans are about to come. @param {string} source */
    await(source) {
      [awaited, known] = [source, serial];
    },

    /** @param {State} state */
    update(state) {
      const { run, spec, theory, draft } = state;
      serial = run?.serial ?? 0;
      if (draft !== null) return;
      const fresh = awaited !== null && serial !== known;
      awaited = null;
      if (!fresh && (!said || (said.spec === spec && said.theory === theory))) return;
      const notice = beyond(state);
      const text = JSON.stringify(notice);
      if (fresh || text !== said?.text) notices.revise("limit", fresh ? null : notice);
      if (fresh && notice) notices.add([notice]);
      said = notice && { spec, theory, text };
    },
  };
}

/** The rate in force, where it is beyond the limit of beans of one's own. @param {State} state @returns {Notice | null} */
function beyond(state) {
  const limit = state.theory?.learning_rate_limit ?? null;
  const rate = inForce(state.spec, shownStep(state)).learning_rate;
  if (state.spec.dataset.name !== "points" || limit === null || !(rate > limit)) return null;
  return { kind: "limit", key: "rate", limit: short(limit, 3), rate: String(rate) };
}

/** @import { State } from "../session.js" */
/** @import { Notice } from "../state.js" */

/**
 * Data of one's own are used as they are, however large: where the rate in force is then beyond its limit, that is said at once,
 * with both numbers, and not left to a run that flies out.
 */

import { short } from "../numbers.js";
import { inForce } from "../spec.js";
import { shownStep } from "../session.js";

/** @param {(notices: Notice[]) => void} say */
export function createLimitNote(say) {
  /** What the data that are on their way came from. @type {string | null} */
  let awaited = null;
  let known = 0; // the run on the screen when they were asked for
  let serial = 0;

  return {
    /** Beans are about to come. @param {string} source */
    await(source) {
      [awaited, known] = [source, serial];
    },

    /** @param {State} state */
    update(state) {
      serial = state.run?.serial ?? 0;
      if (awaited === null || state.draft !== null) return;
      awaited = null;
      const limit = state.theory?.learning_rate_limit ?? null;
      const rate = inForce(state.spec, shownStep(state)).learning_rate;
      if (serial === known || limit === null || !(rate > limit)) return;
      say([{ kind: "limit", key: "rate", limit: short(limit, 3), rate: String(rate) }]);
    },
  };
}

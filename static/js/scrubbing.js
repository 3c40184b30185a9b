/** @import { Connection } from "./connection.js" */
/** @import { State } from "./known.js" */
/** @import { Store } from "./store.js" */

/**
 * The timeline under a hand: over rows that are held at once, to other steps as fast as the server answers.
 */

import * as protocol from "./protocol.js";
import { indexAt } from "./rows.js";

/**
 * @param {Store<State>} store
 * @param {Connection["send"]} send
 * @param {() => boolean} playing
 * @param {(willPlay: boolean) => void} order
 */
export function createScrubbing(store, send, playing, order) {
  const { state } = store;
  /**
   * The timeline is being dragged: over rows that are held, or to a step that the server is asked for.
   * @type {{ resume: boolean, local: boolean, asked: number | null, next: number | null } | null}
   */
  let drag = null;

  function seekNext() {
    if (!drag) return;
    drag.asked = drag.next;
    drag.next = null;
    if (drag.asked !== null) send(protocol.seek(drag.asked));
  }

  return {
    /** Whether rows that are held are shown, whatever arrives. */
    local: () => drag?.local ?? false,

    /** The server has answered. */
    arrived: seekNext,

    lost() {
      drag = null;
    },

    /** A hand comes near: whatever step it goes to, the server should have been there. */
    near() {
      if (state.run) send(protocol.ahead());
    },

    /** Show a step while the timeline is dragged. @param {number} step */
    scrub(step) {
      if (!drag) {
        drag = { resume: playing(), local: true, asked: null, next: null };
        if (drag.resume) order(false);
      }
      const { rows } = state;
      drag.local = rows.length > 0 && step <= rows.step[rows.length - 1];
      if (drag.local) {
        drag.next = null;
        store.set({ cursor: indexAt(rows, step) });
      } else {
        drag.next = step;
        if (drag.asked === null) seekNext();
      }
    },

    /** The timeline was let go: that step it is. @param {number} step */
    seek(step) {
      const resume = drag?.resume ?? false;
      drag = null;
      send(protocol.seek(step));
      if (resume) order(true);
    },
  };
}

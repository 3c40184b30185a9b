/** @import { State } from "../known.js" */

/** Line after line through an update, while steps come slowly enough to follow: nothing moves where motion is not wanted. */

const SLOW = 2; // steps a second
const BY_HAND = 1800; // ms for a step made by hand
const SHARE = 0.92; // of the time until the next step

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {(line: number | null) => void} mark the line in action, or none */
export function createWalk(mark) {
  let timer = 0;
  /** @type {number | null} */
  let step = null;
  let marked = false;

  /** What a busy machine is late with a line is taken from the next, so that the last has its turn. @param {number} line @param {number} count @param {number} pause @param {number} began */
  function go(line, count, pause, began) {
    if (line === count) return rest();
    marked = true;
    mark(line);
    timer = setTimeout(go, began + (line + 1) * pause - performance.now(), line + 1, count, pause, began);
  }

  function rest() {
    clearTimeout(timer);
    if (marked) mark(null);
    marked = false;
  }

  return {
    /** An update has come. @param {State} state @param {number} at its step @param {number} lines how many it has */
    update({ status, stepsPerSecond }, at, lines) {
      const next = step !== null && at === step + 1;
      step = at;
      rest();
      const playing = status === "playing";
      if (still.matches || (playing ? stepsPerSecond > SLOW : !next)) return;
      go(0, lines, (playing ? (1000 * SHARE) / stepsPerSecond : BY_HAND) / lines, performance.now());
    },

    stop: rest,
  };
}

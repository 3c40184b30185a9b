/**
 * How often a slow picture is drawn: whenever it is asked for, where frames come in time, and where they do not, as in 3D
 * without a graphics card, so seldom that all else on the page stays quick. The latest wins, and the last is always drawn.
 *
 * A page is not told how long the graphics card draws. But the browser begins no frame while it is too far behind: the
 * frames after a drawing come late by about as much as the drawing takes.
 *
 * @typedef {{ now: () => number, nextFrame: (then: () => void) => void }} Clock
 */

const WATCHED = 8; // frames after a drawing, which the browser may put off
const REMEMBERED = 0.7; // of the cost, from one drawing to the next
const UNNOTICED = 25; // milliseconds that they may be late
const LATEST = 60; // milliseconds; the rest is not the drawing's
const SLOWEST = 1000 / 30; // milliseconds between two frames, where nothing is in their way
const SHARE = 3; // of the time, one part in so many goes to drawing

/** @type {Clock} */
const BROWSER = { now: () => performance.now(), nextFrame: (then) => requestAnimationFrame(then) };

/**
 * @param {() => void} draw
 * @param {Clock} [clock]
 */
export function createPace(draw, { now, nextFrame } = BROWSER) {
  let asked = false;
  let due = -Infinity; // for the next drawing
  let cost = 0; // milliseconds that frames came late after the last drawings
  let quickest = SLOWEST; // milliseconds between two frames
  let watching = 0; // frames to come
  let last = NaN; // when a frame that is watched, or what was drawn before it, began
  let waiting = false;

  function drawNow() {
    asked = false;
    cost *= REMEMBERED;
    last = now();
    due = last + SHARE * cost;
    watching = WATCHED;
    draw();
    wait();
  }

  function wait() {
    if (waiting) return;
    waiting = true;
    nextFrame(frame);
  }

  function frame() {
    waiting = false;
    if (watching > 0) watch();
    if (asked && now() >= due) drawNow();
    else if (asked || watching > 0) wait();
  }

  function watch() {
    const gap = now() - last;
    quickest = Math.min(quickest, gap);
    const late = Math.min(gap - quickest, LATEST);
    if (late > UNNOTICED && late > cost) {
      due += SHARE * (late - cost);
      cost = late;
    }
    last += gap;
    watching -= 1;
  }

  return {
    /** Draw, at once or soon. @param {boolean} always  whether each picture counts, however slow @returns {boolean} whether it was drawn */
    ask(always) {
      asked = true;
      // Where it is slow, all else that this frame shows is on the screen first.
      if (always || (cost < UNNOTICED && now() >= due)) drawNow();
      else wait();
      return !asked;
    },

    /** What was asked for is not wanted any more; what is asked for next is drawn at once. */
    restart() {
      asked = false;
      due = -Infinity;
      watching = 0;
    },

    /** Whether what was asked for is still to be drawn. */
    get behind() {
      return asked;
    },
  };
}

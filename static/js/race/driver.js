/** @import { State } from "../known.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */

/**
 * The transport's hands in a race: where the run on the screen has ended and a lane has not, the clock goes on without it.
 *
 * @typedef {Pick<Session, "play" | "pause" | "step" | "reset" | "setSpeed" | "near" | "scrub" | "seek">} Driver
 */

import { hasEnded } from "../known.js";
import { endShown } from "./clock.js";

/**
 * @param {Store<State>} store
 * @param {Session} session
 * @returns {Driver & { update: () => void, aim: (step: number) => void }}
 */
export function createDriver(store, session) {
  const { state } = store;
  /** A step that was asked for and may lie beyond the end of the run on the screen. @type {number | null} */
  let aim = null;
  /** It was asked to play: then the clock goes on where the run on the screen ends. */
  let going = false;
  let ticked = 0;
  let part = 0; // of a step

  const end = () => endShown(state);
  /** How far the clock can go beyond that. */
  const room = () => (end() === null ? 0 : Math.max(state.course.last - /** @type {number} */ (end()), 0));

  /** @param {number} over @param {boolean} [playing] */
  const go = (over, playing = false) =>
    store.set({ course: { ...state.course, over: Math.min(Math.max(over, 0), room()), playing } });

  function goOn() {
    part = 0;
    ticked = performance.now();
    go(state.course.over, true);
    requestAnimationFrame(tick);
  }

  /** @param {number} now */
  function tick(now) {
    if (!state.course.playing) return;
    part += (Math.max(now - ticked, 0) / 1000) * state.stepsPerSecond;
    ticked = now;
    const whole = Math.floor(part);
    part -= whole;
    const over = state.course.over + whole;
    go(over, over < room());
    requestAnimationFrame(tick);
  }

  return {
    play() {
      aim = null;
      going = !hasEnded(state.status); // else it begins anew, and is not at its end
      if (room() > state.course.over) {
        going = false;
        return goOn();
      }
      if (state.course.over > 0) go(0);
      session.play();
    },

    pause() {
      aim = null;
      going = false;
      if (state.course.playing) go(state.course.over);
      else session.pause();
    },

    step(count) {
      aim = null;
      going = false;
      const over = state.course.over + count;
      if (over >= 0 && room() > 0 && (count > 0 || state.course.over > 0)) go(over);
      else session.step(count);
    },

    reset() {
      aim = null;
      going = false;
      if (state.course.over > 0) go(0);
      session.reset();
    },

    setSpeed: session.setSpeed,
    near: session.near,

    scrub(step) {
      const ended = state.end;
      aim = null;
      session.scrub(ended === null ? step : Math.min(step, ended));
      go(ended === null ? 0 : step - ended);
    },

    seek(step) {
      aim = state.race.lanes.length > 0 ? step : null;
      const ended = state.end;
      session.seek(ended === null ? step : Math.min(step, ended));
    },

    /** Go to a step as soon as that can be, beyond the end of the run on the screen, too. */
    aim(step) {
      aim = state.race.lanes.length > 0 ? step : null;
    },

    /** Before everything that shows the clock. */
    update() {
      const ended = end();
      if (aim !== null && ended !== null && state.course.last > ended) {
        if (aim > ended) go(aim - ended);
        aim = null;
      }
      going ||= state.status === "playing";
      if (!going || ended === null || state.status === "playing" || state.draft) return;
      // A run that was watched to its end is followed by those that are still on their way.
      going = false;
      if (room() > state.course.over) goOn();
    },
  };
}

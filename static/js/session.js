/** @import { Connection } from "./connection.js" */
/** @import { ErrorMessage, ProgressMessage, Ready, ServerMessage, StateMessage, UpdateMessage } from "./protocol.js" */
/** @import { Branch } from "./branches.js" */
/** @import { State } from "./known.js" */
/** @import { Store } from "./store.js" */
/** @import { Catalog, Frame, Problem, Rows, Run, Spec, Translate } from "./types.js" */

/**
 * What a person can do with the run: the only module that talks to the server.
 *
 * @typedef {{ spec: Spec, at: number, playing: boolean, keep: boolean, back?: Branch | null, again?: boolean, parts?: boolean }} Request
 *   A run to start at a step; keep: whether the rows held are its rows, too; back: the branch that one returns to, whose rows
 *   are its rows; again: it is the same, so its branches stay; parts: it goes otherwise from the start, and that shown is a branch.
 * @typedef {ReturnType<typeof createSession>} Session
 */

import { createBranches, reached } from "./branches.js";
import { hasEnded, isPlaying, shownStep } from "./known.js";
import * as protocol from "./protocol.js";
import { createRows, indexAt, lastStep } from "./rows.js";
import { createScrubbing } from "./scrubbing.js";
import { edited, folded, inForce, includes, restarted, sameChanges, withChange } from "./spec.js";

/** What of a spec its loss surface does not depend on. */
const SAME_BOWL = /^(start|optimizer|batch|seed)\b/;

/**
 * @param {Store<State>} store
 * @param {Connection["send"]} send
 * @param {() => Catalog} catalog
 * @param {Translate} t
 * @param {(spec: Spec, problems: Problem[]) => Spec | null} repair what to start instead when a start is refused and nothing runs yet
 */
export function createSession(store, send, catalog, t, repair) {
  const { state } = store;
  /** The run to ask for as soon as there is a connection and an answer to the last one; the latest wins. @type {Request | null} */
  let wanted = null;
  /** The run that the server was asked for. @type {Request | null} */
  let asked = null;
  /** A run that is ready but has no row yet. @type {{ run: Run, rows: Rows, step: number, from: Request | null } | null} */
  let arriving = null;
  const branches = createBranches(catalog, t);
  /** The pieces of a path whose last step is still to come. @type {Frame[]} */
  let path = [];
  let serial = 0;
  /** The last step received and not yet acknowledged. @type {number | null} */
  let undrawn = null;
  /** Parameters of the method that were sent and are not in force yet. @type {Record<string, number>} */
  let changing = {};
  const playing = () => (wanted ?? asked)?.playing ?? isPlaying(state);

  const scrubbing = createScrubbing(store, send, playing, order);

  /** The run that a person means who changes something now. @returns {Request} */
  function current() {
    const coming = wanted ?? asked;
    if (coming) return coming;
    if (arriving) return { keep: false, ...arriving.from, spec: arriving.run.spec, at: arriving.step, playing: playing() };
    const at = shownStep(state);
    const spec = Object.keys(changing).length > 0 ? withChange(state.spec, at, changing) : state.spec;
    return { spec, at, playing: playing(), keep: true };
  }

  /** Let it play, or stand still. @param {boolean} willPlay */
  function order(willPlay) {
    store.set({ willPlay });
    send(willPlay ? protocol.play() : protocol.pause());
  }

  /** @param {Spec} spec @param {number} at @param {boolean} playing @param {boolean} [keep] whether the rows held are its rows, too @param {Partial<Request>} [more] */
  function begin(spec, at, playing, keep = false, more = {}) {
    wanted = { spec, at, playing, keep, ...more };
    changing = {};
    store.set({ draft: spec, willPlay: playing, way: null });
    askNext();
  }

  function askNext() {
    if (!wanted || asked || state.connection !== "open") return;
    asked = wanted;
    wanted = null;
    send(protocol.start(asked.spec, asked.at));
  }

  /** @param {Ready} message */
  function onReady(message) {
    const { spec, parameters, data, surface, theory } = message;
    const rows = asked?.back?.rows ?? (asked?.keep && state.run ? state.rows : createRows([...parameters, "loss"]));
    serial += 1;
    path = [];
    arriving = { run: { spec, parameters, data, surface, theory, serial }, rows, step: message.step, from: asked };
    const willPlay = asked?.playing ?? false;
    asked = null;
    if (wanted) return askNext();
    if (state.stepsPerSecond && state.stepsPerSecond !== message.steps_per_second) send(protocol.speed(state.stepsPerSecond));
    else store.set({ stepsPerSecond: message.steps_per_second });
    if (willPlay) order(true);
  }

  /** @param {StateMessage} message */
  function onState({ status: said, step, steps_per_second: stepsPerSecond, changes, theory, outcome }) {
    if (asked) return;
    // Where play was asked for, what it says of standing still is already past.
    const status = state.willPlay && said === "paused" ? "playing" : said;
    const willPlay = hasEnded(said) || state.willPlay === (said === "playing") ? null : state.willPlay;
    const spec = { ...state.spec, changes };
    if (!sameChanges(changes, state.spec.changes)) {
      // What was asked of it in its midst came when it was at its end.
      if (!arriving && step >= spec.steps) return begin(restarted(withChange(spec, step, changing), step), 0, false, false, { parts: true });
      part(step, spec);
    }
    const end = hasEnded(status) ? step : endAfter(step);
    if (includes(inForce(spec, step), changing)) changing = {};
    store.set({ status, willPlay, end, stepsPerSecond, theory, outcome, spec, problems: [] });
    scrubbing.arrived();
  }

  /** The run shown goes on otherwise after a step. @param {number} step @param {Spec} other */
  function part(step, other) {
    store.set({ branches: branches.part(state.branches, state.spec, state.rows, step, other) });
    state.rows.truncate(indexAt(state.rows, step) + 1);
  }

  /** A run that ended at a step that is still held ends there again. @param {number} step */
  function endAfter(step) {
    const { end, rows } = state;
    return end !== null && end > step && rows.find(end) >= 0 ? end : null;
  }

  /** @param {ErrorMessage} message */
  function onError({ errors }) {
    const refused = asked;
    asked = null;
    changing = {};
    store.set({ problems: errors, willPlay: wanted?.playing ?? null, draft: wanted?.spec ?? null });
    if (wanted) return askNext();
    const other = refused && !state.run ? repair(refused.spec, errors) : null;
    if (refused && other) begin(other, Math.min(refused.at, other.steps), false);
  }

  /** @param {Frame} frame */
  function onSteps(frame) {
    // A path and the step at its end are shown together.
    if (frame.kind === "path") {
      path = frame.firstStep === 0 ? [frame] : [...path, frame];
      return;
    }
    const { rows } = arriving ?? state;
    if (!arriving) for (const piece of [...path, frame]) branches.take(rows, piece);
    for (const piece of path) piece.firstStep === 0 ? rows.replace(piece) : rows.append(piece);
    path = [];
    rows.append(frame);
    publish();
    if (state.way) store.set({ way: null });
    const step = lastStep(frame);
    undrawn = step;
    // A drag of the timeline shows the rows that it points to, not those that still arrive.
    if (!scrubbing.local()) store.set({ cursor: state.rows.find(step) });
    if (document.visibilityState === "hidden") acknowledge();
  }

  /** Put the run that has arrived in the place of the one shown, in one go. */
  function publish() {
    if (!arriving) return;
    const { run, rows, from } = arriving;
    arriving = null;
    if (from?.back) store.set({ branches: branches.exchange(state.branches, from.back, state.spec, state.rows) });
    else if (from?.parts) store.set({ branches: branches.part(state.branches, state.spec, state.rows, 0, run.spec) });
    else if (!from?.keep && !from?.again) store.set({ branches: [] });
    if (!from?.keep) branches.forget();
    rows.truncate(indexAt(rows, run.spec.steps) + 1);
    const status = state.willPlay ? "playing" : "paused";
    store.set({ run, rows, spec: run.spec, theory: run.theory, outcome: null, status, end: null, draft: null, problems: [], told: null, inside: null });
  }

  /** @param {UpdateMessage} message */
  function tell({ asked: step, update }) {
    // What was asked of the run before is told of another one.
    if (!asked) store.set({ told: { asked: step, update } });
  }

  /** @param {ProgressMessage} message */
  function onProgress({ step, target }) {
    if (!asked) store.set({ way: { step, target } });
  }

  /** The same run from its start, as if it had not been seen. */
  function rewind() {
    branches.cut(state.rows, 0);
    state.rows.truncate(1);
    store.set({ cursor: 0, end: null });
    send(protocol.seek(0));
  }

  function pause() {
    const coming = wanted ?? asked;
    if (coming) {
      coming.playing = false;
      store.set({ status: "paused", willPlay: false });
    } else {
      order(false);
    }
  }

  function acknowledge() {
    if (undrawn === null) return;
    send(protocol.ack(undrawn));
    undrawn = null;
  }

  return {
    begin,

    /** After every drawing: the server may send more. */
    drawn: acknowledge,

    /** @param {ArrayBuffer} buffer */
    onFrame(buffer) {
      if (!asked) onSteps(protocol.decodeFrame(buffer));
    },

    /** @param {ServerMessage} message */
    onMessage(message) {
      if (message.type === "ready") onReady(message);
      else if (message.type === "state") onState(message);
      else if (message.type === "update") tell(message);
      else if (message.type === "progress") onProgress(message);
      else onError(message);
    },

    onOpen() {
      store.set({ connection: "open" });
      askNext();
    },

    /** What was asked for, or what was shown, is asked for again when the server is back. @param {number} retryAt */
    onLost(retryAt) {
      const unheard = Object.keys(changing).length > 0;
      wanted ??= asked ?? (state.run ? current() : null);
      // What it had not heard of yet is part of what is asked for then.
      if (unheard && wanted?.keep) part(wanted.at, wanted.spec);
      changing = {};
      asked = null;
      arriving = null;
      path = [];
      undrawn = null;
      scrubbing.lost();
      store.set({ connection: "lost", retryAt, willPlay: null, way: null });
    },

    play() {
      const coming = wanted ?? asked;
      if (coming) {
        coming.playing = true;
        store.set({ status: "playing", willPlay: true });
      } else {
        if (hasEnded(state.status)) rewind();
        order(true);
      }
    },

    pause,

    /** Whether it plays or is about to. */
    playing,

    /** @param {number} count */
    step(count) {
      if (playing()) pause();
      send(protocol.step(count));
    },

    /** Back to the start, with everything as it is set now: a path with changes on its way is left behind. */
    reset() {
      const { spec: known, at, keep, parts: parting } = current();
      const parts = parting || (keep && folded(known).changes.length > 0);
      const spec = restarted(known, at);
      const same = JSON.stringify(spec) === JSON.stringify(state.spec);
      // What still arrives of a playing run must not be taken for the new one's.
      if (!same || playing() || wanted || asked || state.connection !== "open") return begin(spec, 0, false, false, { again: true, parts });
      rewind();
    },

    /** @param {number} stepsPerSecond */
    setSpeed(stepsPerSecond) {
      store.set({ stepsPerSecond });
      send(protocol.speed(stepsPerSecond));
    },

    /** Other parameters of the method from the next update on, or, where there is none to come, from the start. @param {Record<string, number>} optimizer */
    change(optimizer) {
      const { spec, at, playing, keep, again, parts } = current();
      const other = withChange(spec, at, optimizer);
      // Every update of it has been made.
      if (at >= spec.steps) return begin(restarted(other, at), 0, false, false, { parts: keep || parts });
      if (wanted || asked || state.connection !== "open") {
        if (keep) part(at, other);
        return begin(other, at, playing, keep, { again, parts });
      }
      changing = { ...changing, ...optimizer };
      send(protocol.change(optimizer));
    },

    /**
     * Anything else of the spec: a new run, but for its length, which only lets the same run go on. On the same bowl, the one shown
     * is left behind.
     *
     * @param {string} path
     * @param {unknown} value
     */
    edit(path, value) {
      const { spec, at, playing, keep, parts } = current();
      if (path === "steps") begin(edited(spec, path, value, catalog()), Math.min(at, Number(value) || 0), playing, keep);
      else begin(edited(restarted(spec, at), path, value, catalog()), 0, playing, false, { parts: SAME_BOWL.test(path) && (keep || parts), again: path.startsWith("stop") });
    },

    /** The same run with other beans, at a step of it. @param {Spec["dataset"]} dataset @param {number} at @param {boolean} [plays] */
    refit(dataset, at, plays = playing()) {
      begin(edited(current().spec, "dataset", dataset, catalog()), at, plays);
    },

    /** Show a branch again, as far as it had come; the run shown becomes one in its place. @param {string} key */
    returnTo(key) {
      const back = state.branches.find((branch) => branch.key === key);
      if (back) begin(back.spec, reached(back.rows), false, false, { back });
    },

    /** Write everything anew, in another language. */
    relabel() {
      if (state.branches.length > 0) store.set({ branches: branches.relabel(state.branches) });
    },

    /** @param {string} key */
    dismiss(key) {
      store.set({ branches: state.branches.filter((branch) => branch.key !== key) });
    },

    /** Be told of the update at a step. @param {number} step */
    inspect(step) {
      send(protocol.inspect(step));
    },

    near: scrubbing.near,
    scrub: scrubbing.scrub,
    seek: scrubbing.seek,
  };
}

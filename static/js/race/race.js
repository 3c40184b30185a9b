/** @import { State } from "../known.js" */
/** @import { Store } from "../store.js" */
/** @import { Catalog, Companion, Translate } from "../types.js" */
/** @import { Lane, Race, Result, Settings } from "./types.js" */

/**
 * The race: the lanes beside the run on the screen, what the server has computed for them, and where each is when the clock is
 * where it is.
 *
 * @typedef {{ name: string, hue: number, lane: Lane | null, settings: Settings, result: Result | null, cut: boolean,
 *   told: (step: number) => number, at: (position: number) => number, due: number, row: number, step: number, loss: number }} Runner
 *   A lane as it stands, the run on the screen having none; told: what the clock tells at a step of it; at: its step when the run on the
 *   screen has made so many; due: that step at the clock, which may lie beyond its end; cut: whether it would be longer than what is
 *   computed; row: the index of its row shown, -1 for none.
 * @typedef {ReturnType<typeof createRace>} RaceControl
 */

import { indexAt } from "../rows.js";
import { shownStep } from "../known.js";
import { folded } from "../spec.js";
import { endShown, laneStep, ownStep, rowsPerStep, rowsSeen } from "./clock.js";
import { namesOf, problemsOf, settingsOf, specOf, withLanes, withSetting } from "./lanes.js";
import { NO_COURSE } from "./none.js";
import { createKeys, createResults } from "./results.js";

/** @type {Result} */
const NO_RESULT = { rows: null, every: 1, outcome: null, reached: null, problems: [], lost: false };

/**
 * @param {Store<State>} store
 * @param {() => Catalog} catalog
 * @param {Translate} t
 * @param {() => string} language
 * @param {number} mostSteps  that the server computes
 */
export function createRace(store, catalog, t, language, mostSteps) {
  const { state } = store;
  const results = createResults(language, () => {
    planned = [];
    store.set({});
  });
  const keyOf = createKeys();
  /** @type {Runner[]} */
  let runners = [];
  /** What the runners were made from. @type {unknown[]} */
  let planned = [];
  /** @type {Companion[]} */
  let lanes = [];
  let version = 0;
  let connected = true;

  /** @param {Partial<Race>} change */
  const set = (change) => store.set({ race: { ...state.race, ...change } });

  /** Who runs, what is known of each, and what must still be asked for. */
  function plan() {
    const { spec, run, race } = state;
    const count = run?.data.y.length ?? 0;
    const own = settingsOf(spec, 0);
    const all = race.lanes.length > 0 ? [own, ...race.lanes] : [];
    const names = namesOf(all, catalog(), t);
    const refused = all.map((settings) => problemsOf(settings, catalog()));
    const wanted = all.map((settings, i) => {
      const of = i === 0 ? folded(spec) : specOf(settings, spec, race.clock, count, mostSteps);
      return { key: keyOf(of), spec: of, goal: race.goal, rows: i > 0 };
    });
    results.want(wanted.filter((_, i) => refused[i].length === 0));
    runners = all.map((settings, i) => ({
      name: names[i],
      hue: i === 0 ? 1 : race.lanes[i - 1].hue,
      lane: i === 0 ? null : race.lanes[i - 1],
      settings,
      told: (step) => (race.clock === "rows" ? rowsSeen(settings.batch, count, step) : step),
      at: (position) => laneStep(race.clock, spec.batch, settings.batch, count, position),
      result: refused[i].length > 0 ? { ...NO_RESULT, problems: refused[i] } : results.of(wanted[i].key),
      cut: wanted[i].spec.steps < laneStep(race.clock, spec.batch, settings.batch, count, spec.steps),
      due: 0,
      row: -1,
      step: 0,
      loss: NaN,
    }));
    version += 1;
    const perStep = all.length > 0 && race.clock === "rows" ? rowsPerStep(spec.batch, count) : 0;
    accompany(perStep, count);
    const ends = runners.slice(1).map(({ result, settings: { batch } }) => ownStep(race.clock, spec.batch, batch, count, result?.outcome?.step ?? 0));
    const last = Math.min(Math.max(0, ...ends), spec.steps);
    state.course = all.length > 0 ? { ...state.course, name: names[0], perStep, last } : NO_COURSE;
  }

  /** The runners as companions. @param {number} perStep @param {number} count */
  function accompany(perStep, count) {
    lanes = runners.slice(1).flatMap(({ name, hue, lane, settings, result }) => {
      const stretch = perStep > 0 ? rowsPerStep(settings.batch, count) / perStep : 1;
      return result?.rows ? [{ key: `lane-${lane?.id}`, label: name, kind: "lane", hue, rows: result.rows, cursor: -1, stretch }] : [];
    });
    join();
  }

  /** The lanes in place of those before; other companions stay. */
  function join() {
    const others = state.companions.filter(({ kind }) => kind !== "lane");
    if (lanes.length > 0 || others.length < state.companions.length) state.companions = [...others, ...lanes];
  }

  /** Every runner goes to where the clock is. */
  function move() {
    const position = shownStep(state) + state.course.over;
    let at = 0;
    for (const runner of runners) {
      runner.due = runner.at(position);
      const rows = runner.lane ? runner.result?.rows : state.rows;
      runner.row = !rows || rows.length === 0 ? -1 : runner.lane ? indexAt(rows, runner.due) : state.cursor;
      runner.step = rows && runner.row >= 0 ? rows.step[runner.row] : 0;
      runner.loss = rows && runner.row >= 0 ? rows.columns.loss[runner.row] : NaN;
      if (runner.lane && runner.result?.rows) lanes[at++].cursor = runner.row;
    }
  }

  return {
    /** @param {readonly Settings[]} more */
    add: (more) => set({ lanes: withLanes(state.race.lanes, more) }),

    /** @param {Lane} lane */
    remove: (lane) => set({ lanes: state.race.lanes.filter(({ id }) => id !== lane.id) }),

    clear: () => set({ lanes: [] }),

    /** @param {Lane} lane @param {string} path @param {unknown} value */
    edit({ id }, path, value) {
      // What is shown of a lane may be older than what it has become.
      set({ lanes: state.race.lanes.map((lane) => (lane.id === id ? withSetting(lane, path, value, state.spec, catalog()) : lane)) });
    },

    set,
    retry: results.retry,
    runners: () => runners,

    /** Changes when the runners, or what is known of them, do. */
    version: () => version,

    relabel() {
      planned = [];
    },

    /** Before everything that shows it. */
    update() {
      const { run, spec, race, course, connection } = state;
      if (connection === "open" && !connected) results.retry();
      connected = connection === "open";
      const sources = [run?.data, spec, race];
      if (run && sources.some((source, i) => source !== planned[i])) {
        planned = sources;
        plan();
      }
      if (lanes.some((lane) => !state.companions.includes(lane))) join();
      if (course.over > 0 && endShown(state) === null) state.course = { ...state.course, over: 0, playing: false };
      move();
    },
  };
}

/** @import { Spec } from "../types.js" */
/** @import { Result } from "./types.js" */

/**
 * What the server has computed for the lanes, asked for once: a run is a value, so what is known of a spec stays true.
 *
 * @typedef {{ key: string, spec: Spec, goal: number, rows: boolean }} Wanted
 *   rows: whether they are wanted, or only how the run ends.
 * @typedef {ReturnType<typeof createResults>} Results
 */

import { compute } from "./server.js";

const AT_ONCE = 2;
/** While a setting is being dragged, its values in between are not raced, in ms. */
const PATIENCE = 150;

/**
 * @param {() => string} language
 * @param {() => void} onChange
 */
export function createResults(language, onChange) {
  /** @type {Map<string, Result & { goal: number }>} */
  const known = new Map();
  /** @type {Set<string>} */
  const asked = new Set();
  /** @type {readonly Wanted[]} */
  let wanted = [];
  let timer = 0;

  /** @param {Wanted} one */
  function missing({ key, goal, rows }) {
    const found = known.get(key);
    const lacking = found?.goal !== goal || (rows && found.outcome !== null && !found.rows);
    return lacking && !asked.has(`${key} ${goal}`);
  }

  function askNext() {
    for (const one of wanted) {
      if (asked.size >= AT_ONCE) return;
      if (missing(one)) ask(one);
    }
  }

  /** @param {Wanted} one */
  async function ask({ key, spec, goal }) {
    asked.add(`${key} ${goal}`);
    const before = known.get(key);
    // A lane may equal the run on the screen, of which only the end is wanted.
    const wants = !before?.rows && wanted.some((other) => other.key === key && other.rows);
    const result = await compute(spec, { goal, rows: wants, language: language() });
    asked.delete(`${key} ${goal}`);
    // What is not wanted any more is forgotten; a run is too short to be called back.
    if (!wanted.some((other) => other.key === key)) return askNext();
    known.set(key, { ...result, rows: result.rows ?? before?.rows ?? null, goal });
    onChange();
    askNext();
  }

  return {
    /** Have these, and forget all others. @param {readonly Wanted[]} all */
    want(all) {
      wanted = all;
      const keys = new Set(all.map(({ key }) => key));
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
      clearTimeout(timer);
      timer = setTimeout(askNext, PATIENCE);
    },

    /** Ask again for what the server could not be asked for. */
    retry() {
      for (const [key, { lost }] of known) if (lost) known.delete(key);
      askNext();
    },

    /** What is known of a run, in part of an older goal. @param {string} key */
    of: (key) => known.get(key) ?? null,
  };
}

/** Names for runs, the same for the same spec, without writing out long data of one's own time and again. */
export function createKeys() {
  /** @type {WeakMap<object, number>} */
  const numbers = new WeakMap();
  let last = 0;

  /** @param {Spec} spec */
  return ({ dataset, ...spec }) => {
    if (dataset.name !== "points") return JSON.stringify({ dataset, ...spec });
    if (!numbers.has(dataset)) numbers.set(dataset, (last += 1));
    return JSON.stringify({ dataset: numbers.get(dataset), ...spec });
  };
}

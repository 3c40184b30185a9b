/** @import { Problem, Spec } from "../types.js" */
/** @import { Result } from "./types.js" */

/** The runs of a race, of the server: the same digits as those of the run on the screen. */

import { createRows } from "../rows.js";

/** So many rows of a lane are held at most, about; of a longer one, every second, every third, … */
export const MOST_ROWS = 20_000;

const BUSY = [429, 503];

/**
 * @param {Spec} spec
 * @param {{ goal: number, rows: boolean, language: string }} asked  rows: whether they are wanted, too
 * @returns {Promise<Result>}
 */
export async function compute(spec, { goal, rows, language }) {
  const every = Math.max(Math.ceil(spec.steps / MOST_ROWS), 1);
  const query = new URLSearchParams({ lang: language, goal: String(goal), ...(rows ? { every: String(every) } : { trajectory: "false" }) });
  /** @type {RequestInit} */
  const request = { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(spec) };
  try {
    let answer = await fetch(`/api/runs?${query}`, request);
    while (BUSY.includes(answer.status)) {
      await pause(1000 * Number(answer.headers.get("retry-after") ?? 1));
      answer = await fetch(`/api/runs?${query}`, request);
    }
    const said = await answer.json();
    if (!answer.ok) return failed(said.errors?.length > 0 ? said.errors : [{ path: "", message: said.detail ?? said.title ?? "" }], false);
    const { outcome, trajectory, steps_to_goal: reached } = said;
    return { rows: rows ? rowsOf(trajectory, every) : null, every, outcome, reached, problems: [], lost: false };
  } catch {
    return failed([], true);
  }
}

/** @param {Problem[]} problems @param {boolean} lost @returns {Result} */
const failed = (problems, lost) => ({ rows: null, every: 1, outcome: null, reached: null, problems, lost });

/** @param {Record<string, number[]>} trajectory @param {number} stride */
function rowsOf({ step, ...columns }, stride) {
  const names = Object.keys(columns);
  const rows = createRows(names);
  const even = step.length > 1 && step[step.length - 1] % stride !== 0 ? step.length - 1 : step.length;
  const frame = (/** @type {number} */ from, /** @type {number} */ to) => rows.append({
    kind: "steps",
    rows: to - from,
    firstStep: step[from],
    stride,
    columns: names.map((name) => Float64Array.from(columns[name].slice(from, to))),
  });
  frame(0, even);
  if (even < step.length) frame(even, step.length);
  return rows;
}

/** @param {number} milliseconds @returns {Promise<void>} */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

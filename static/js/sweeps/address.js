/** @import { Catalog } from "../types.js" */
/** @import { Draft, Varied } from "./types.js" */

/**
 * The address of the page: the run with the lab's own keys, and beside it `vary`, `goal`, and the `sweep` that is shown.
 * `vary=optimizer.learning_rate:0.001..1x200log;batch.size:1,10,all`
 */

import { decode, encode } from "../state.js";
import { readList } from "./draft.js";

const OWN = ["vary", "goal", "sweep"];
const RANGE = /^(\S+)\.\.(\S+)x(\d+)(log|linear)$/;

/**
 * @param {string} query the part after "?"
 * @param {Catalog} catalog
 * @returns {{ draft: Draft | null, sweep: string | null, spec: Draft["spec"], notices: import("../state.js").Notice[] }}
 *   draft: null where nothing is said of what varies
 */
export function read(query, catalog) {
  const all = new URLSearchParams(query);
  const run = new URLSearchParams([...all].filter(([key]) => !OWN.includes(key)));
  const { spec, notices } = decode(run.toString(), catalog);
  const vary = (all.get("vary") ?? "").split(";").map(readVaried).filter((each) => each !== null);
  const goal = Number(all.get("goal") ?? NaN);
  const draft = vary.length > 0 ? { spec, vary, goal: Number.isFinite(goal) ? goal : null } : null;
  return { draft, sweep: all.get("sweep"), spec, notices };
}

/**
 * @param {Draft | null} draft null where it is that of the sweep
 * @param {string | null} sweep
 * @param {Catalog} catalog
 */
export function write(draft, sweep, catalog) {
  const parts = [];
  if (draft) {
    parts.push(encode({ ...draft.spec, changes: draft.spec.changes ?? [] }, 0, catalog));
    parts.push(`vary=${draft.vary.map(writeVaried).join(";")}`);
    if (draft.goal !== null) parts.push(`goal=${encodeURIComponent(String(draft.goal))}`);
  }
  if (sweep) parts.push(`sweep=${encodeURIComponent(sweep)}`);
  return parts.filter(Boolean).join("&");
}

/** @param {Varied} varied */
function writeVaried(varied) {
  if (varied.kind === "list") return `${varied.key}:${varied.values.map((value) => encodeURIComponent(String(value))).join(",")}`;
  const { from, to, count, scale } = varied.range;
  return `${varied.key}:${[from, to].map((end) => String(end).replace("e+", "e")).join("..")}x${count}${scale}`;
}

/** @param {string} text @returns {Varied | null} */
function readVaried(text) {
  const at = text.indexOf(":");
  if (at < 1) return null;
  const [key, rest] = [text.slice(0, at), text.slice(at + 1)];
  const range = RANGE.exec(rest);
  if (!range) return { key, kind: "list", values: readList(rest) };
  const scale = range[4] === "log" ? "log" : "linear";
  return { key, kind: "range", range: { from: Number(range[1]), to: Number(range[2]), count: Number(range[3]), scale } };
}

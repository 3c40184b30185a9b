/** @import { Catalog } from "../types.js" */
/** @import { Draft, State, Varied } from "./types.js" */

/**
 * The address of the page: the run with the lab's own keys, and beside it `vary`, `goal`, the `sweep` that is shown, and the
 * `picture` of it that was chosen.
 * `vary=optimizer.learning_rate:0.001..1x200log;batch.size:1,10,all`
 */

import { decode, encode, gather } from "../state.js";
import { readList } from "./draft.js";

const OWN = ["vary", "goal", "sweep", "picture"];
const PICTURES = /** @type {const} */ (["curves", "map"]);
const RANGE = /^(\S+)\.\.(\S+)x(\d+)(log|linear)$/;

/**
 * @param {string} query the part after "?"
 * @param {Catalog} catalog
 * @returns {{ draft: Draft | null, sweep: string | null, picture: State["picture"], spec: Draft["spec"],
 *   notices: import("../state.js").Notice[] }}
 *   draft: null where nothing is said of what varies
 */
export function read(query, catalog) {
  const { given: all, notices: repeated } = gather(query);
  const run = new URLSearchParams([...all].filter(([key]) => !OWN.includes(key)));
  const { spec, notices } = decode(run, catalog);
  const vary = (all.get("vary") ?? "").split(";").map(readVaried).filter((each) => each !== null);
  const goal = Number(all.get("goal") ?? NaN);
  const draft = vary.length > 0 ? { spec, vary, goal: Number.isFinite(goal) ? goal : null } : null;
  const chosen = all.get("picture");
  const picture = PICTURES.find((name) => name === chosen) ?? null;
  if (chosen !== picture) notices.push({ kind: "bad", key: "picture", got: chosen ?? "", used: "" });
  return { draft, sweep: all.get("sweep"), picture, spec, notices: [...repeated, ...notices] };
}

/**
 * @param {Draft | null} draft null where it is that of the sweep
 * @param {string | null} sweep
 * @param {State["picture"]} picture null where none was chosen
 * @param {Catalog} catalog
 */
export function write(draft, sweep, picture, catalog) {
  const parts = [];
  if (draft) {
    parts.push(encode({ ...draft.spec, changes: draft.spec.changes ?? [] }, 0, catalog));
    parts.push(`vary=${draft.vary.map(writeVaried).join(";")}`);
    if (draft.goal !== null) parts.push(`goal=${encodeURIComponent(String(draft.goal))}`);
  }
  if (sweep) parts.push(`sweep=${encodeURIComponent(sweep)}`);
  if (picture) parts.push(`picture=${picture}`);
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

/** @import { Catalog, Param, Spec } from "../types.js" */
/** @import { Notice } from "../state.js" */
/** @import { Lane, Race, Settings } from "./types.js" */

/**
 * A race in the address: `race=adam:rate=0.1;gradient-descent:batch=all,rate=0.5`. What a lane does not say is as usual for its
 * method; its batches are those of the run on the screen.
 */

import { entry, runParam } from "../spec.js";
import { readNumber, short, writeNumber } from "../state.js";
import { MOST_LANES, usual, withLanes } from "./lanes.js";
import { NO_RACE, USUAL_GOAL } from "./none.js";

/**
 * @param {URLSearchParams} given
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {{ race: Race, notices: Notice[] }}
 */
export function decodeRace(given, spec, catalog) {
  /** @type {Notice[]} */
  const notices = [];
  const bad = (/** @type {string} */ key, /** @type {string} */ got, used = "") => notices.push({ kind: "bad", key, got, used });
  /** @type {Settings[]} */
  const lanes = [];
  for (const text of (given.get("race") ?? "").split(";").filter(Boolean)) {
    const settings = lanes.length < MOST_LANES - 1 ? readLane(text, spec, catalog) : null;
    if (settings) lanes.push(settings);
    else bad("race", text);
  }
  const clock = given.get("clock") ?? "steps";
  if (clock !== "steps" && clock !== "rows") bad("clock", clock, "steps");
  const written = given.get("goal");
  const read = written === null ? USUAL_GOAL : readNumber(written);
  const goal = read !== undefined && read > 0 ? read : USUAL_GOAL;
  if (goal !== read) bad("goal", written ?? "", writeNumber(USUAL_GOAL));
  return { race: { lanes: withLanes(NO_RACE.lanes, lanes), clock: clock === "rows" ? "rows" : "steps", goal }, notices };
}

/** @param {string} text @param {Spec} spec @param {Catalog} catalog @returns {Settings | null} */
function readLane(text, spec, catalog) {
  const [name, list = "", ...rest] = text.split(":");
  const method = entry(catalog.optimizers, name);
  if (!method || rest.length > 0) return null;
  const settings = { optimizer: usual(method), batch: { ...spec.batch } };
  for (const part of list.split(",").filter(Boolean)) {
    const [key, value = ""] = part.split("=");
    if (!set(settings, key, value, method.parameters, catalog)) return null;
  }
  return settings;
}

/** Set what a key stands for; false where it or its value makes no sense. @param {Settings} settings @param {string} key @param {string} value @param {readonly Param[]} params @param {Catalog} catalog */
function set({ optimizer, batch }, key, value, params, catalog) {
  const param = params.find((candidate) => short(candidate.name) === key);
  const number = readNumber(value, param ?? (key === "batch" ? runParam(catalog, "batch.size") : undefined));
  if (param && number !== undefined) optimizer[param.name] = number;
  else if (key === "batch" && (value === "all" || number !== undefined)) batch.size = value === "all" ? "all" : /** @type {number} */ (number);
  else if (key === "order" && entry(catalog.orders, value)) batch.order = value;
  else return false;
  return true;
}

/** The parts of an address for a race; none where there is none. @param {Race} race @param {Spec} spec @param {Catalog} catalog */
export function encodeRace({ lanes, clock, goal }, spec, catalog) {
  if (lanes.length === 0) return [];
  const parts = [`race=${lanes.map((lane) => writeLane(lane, spec, catalog)).join(";")}`];
  if (clock !== "steps") parts.push(`clock=${clock}`);
  if (goal !== USUAL_GOAL) parts.push(`goal=${writeNumber(goal)}`);
  return parts;
}

/** @param {Lane} lane @param {Spec} spec @param {Catalog} catalog */
function writeLane({ optimizer, batch }, spec, catalog) {
  const params = entry(catalog.optimizers, optimizer.name)?.parameters ?? [];
  const own = params.filter((param) => typeof optimizer[param.name] === "number" && optimizer[param.name] !== param.default);
  const parts = [
    ...(batch.size === spec.batch.size ? [] : [`batch=${batch.size}`]),
    ...(batch.order === spec.batch.order ? [] : [`order=${batch.order}`]),
    ...own.map((param) => `${short(param.name)}=${writeNumber(optimizer[param.name])}`),
  ];
  return [optimizer.name, ...(parts.length > 0 ? [parts.join(",")] : [])].join(":");
}

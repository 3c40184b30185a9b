/** @import { Change, Data, Frame, Outcome, Problem, Spec, Status, Surface, Theory, Update } from "./types.js" */

/**
 * The wire format of /api/live: binary frames in, JSON messages both ways.
 *
 * @typedef {{ type: "ready", protocol: number, spec: Spec, parameters: string[], step: number, data: Data,
 *   surface: Surface, theory: Theory | null, steps_per_second: number }} Ready
 * @typedef {{ type: "state", status: Status, step: number, steps_per_second: number, changes: Change[],
 *   theory: Theory | null, outcome: Outcome }} StateMessage
 * @typedef {{ type: "error", title: string, status: number, errors: Problem[] }} ErrorMessage
 * @typedef {{ type: "update", asked: number, update: Update | null }} UpdateMessage
 * @typedef {{ type: "progress", step: number, target: number }} ProgressMessage
 * @typedef {Ready | StateMessage | UpdateMessage | ProgressMessage | ErrorMessage} ServerMessage
 */

const VERSION = 1;
const HEADER = 16;
const KINDS = /** @type {const} */ (["steps", "path"]);

/**
 * A binary frame as columns that look into its buffer; nothing is copied.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 */
export function decodeFrame(buffer) {
  const header = new DataView(buffer);
  const version = header.getUint16(0, true);
  if (version !== VERSION) throw new RangeError(`frame version: expected ${VERSION}, got ${version}`);
  const width = header.getUint8(3);
  const rows = header.getUint32(4, true);
  return {
    kind: KINDS[header.getUint8(2)],
    rows,
    firstStep: header.getUint32(8, true),
    stride: header.getUint32(12, true),
    columns: Array.from({ length: width }, (_, i) => new Float64Array(buffer, HEADER + 8 * rows * i, rows)),
  };
}

/** @param {Spec} spec @param {number} at */
export const start = (spec, at) => ({ type: "start", spec, at });
export const play = () => ({ type: "play" });
export const pause = () => ({ type: "pause" });
/** @param {number} count negative to go back */
export const step = (count) => ({ type: "step", count });
/** @param {number} target */
export const seek = (target) => ({ type: "seek", step: target });
export const ahead = () => ({ type: "ahead" });
/** @param {number} stepsPerSecond */
export const speed = (stepsPerSecond) => ({ type: "speed", steps_per_second: stepsPerSecond });
/** @param {Record<string, number>} optimizer */
export const change = (optimizer) => ({ type: "change", optimizer });
/** @param {number} at the step whose update is asked for */
export const inspect = (at) => ({ type: "inspect", step: at });
/** @param {number} drawn the last step drawn */
export const ack = (drawn) => ({ type: "ack", step: drawn });

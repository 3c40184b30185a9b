/** @import { State } from "../known.js" */
/** @import { Spec, Translate } from "../types.js" */
/** @import { Answer } from "./server.js" */

/** What the menus say and take of the run on the screen. */

import { hasEnded, lastPossibleStep, shownStep } from "../known.js";

/** Whether the step that is shown is neither the first nor the last: then a run can be taken up to it. @param {State} state */
export const isUnderWay = (state) => shownStep(state) > 0 && !isAtEnd(state);

/** @param {State} state */
const isAtEnd = (state) => hasEnded(state.status) ? shownStep(state) >= lastPossibleStep(state) : shownStep(state) >= state.spec.steps;

/**
 * The run up to the step that is shown, with the changes made until then: its last row is the one on the screen.
 * One that has ended is left as it is, so that it ends for the same reason.
 *
 * @param {State} state
 * @returns {Spec}
 */
export function upToShown(state) {
  const { spec } = state;
  if (!isUnderWay(state)) return spec;
  const steps = shownStep(state);
  return { ...spec, steps, changes: spec.changes.filter((change) => change.step < steps) };
}

/** Why there is no file, as a sentence; nothing where somebody wanted none. @param {Translate} t @param {Answer} answer */
export function whyNot(t, answer) {
  if (answer.ok || answer.why === "cancelled") return "";
  if (answer.why === "lost") return t("menu.lost");
  const said = answer.problems.map(({ path, message }) => [path, message].filter(Boolean).join(": ")).join("; ");
  return said ? t("menu.refused", { why: said }) : t("menu.failed");
}

/** @import { Translate } from "../types.js" */
/** @import { State } from "./types.js" */

/** Cost and start, progress and cancel. */

import { byId, setAttribute, setText } from "../dom.js";
import { count } from "../numbers.js";

/**
 * @param {{ start: () => void, cancel: () => void }} actions
 * @param {Translate} t
 */
export function createProgress(actions, t) {
  const [start, cancel] = [byId("start"), byId("cancel")];
  const bar = byId("bar");
  start.addEventListener("click", actions.start);
  cancel.addEventListener("click", actions.cancel);

  /** What can be said before the start. @param {State} state */
  function costWords({ cost, problems, draft }) {
    // A range has fields for its ends, and none for what is wrong with all of it.
    const ranges = draft.vary.filter(({ kind }) => kind === "range").map(({ key }) => key);
    const general = problems.flatMap(({ path, message }) => {
      const key = ranges.find((each) => path === `vary.${each}`);
      return key ? [`${key}: ${message}`] : path === "" || path === "vary" ? [message] : [];
    });
    if (general.length > 0) return general.join("; ");
    if (problems.length > 0) return t("sweeps.cost.wrong");
    return cost ? t(cost.seconds < 1 ? "sweeps.cost.instant" : "sweeps.cost", { runs: count(cost.runs), steps: count(cost.steps), time: duration(cost.seconds, t) }) : "\u00a0";
  }

  /** @param {State} state */
  function stateWords({ sweep, lost, gone }) {
    if (gone) return t("sweeps.gone");
    if (lost) return t("sweeps.lost");
    if (!sweep) return t("sweeps.rest");
    if (sweep.seconds_left === null || sweep.ended !== null) return sweep.sentence;
    return t("sweeps.left", { sentence: sweep.sentence, time: duration(sweep.seconds_left, t) });
  }

  return {
    /** @param {State} state */
    update(state) {
      const { sweep, cost, problems, starting } = state;
      const open = sweep !== null && sweep.ended === null;
      setText(byId("cost"), costWords(state));
      setAttribute(byId("cost"), "data-wrong", problems.length > 0);
      setAttribute(start, "disabled", starting || cost === null);
      setAttribute(cancel, "hidden", !open);
      // The progress bar can be asked; a screen reader is not to be told of every part.
      setAttribute(byId("state-words"), "aria-live", open && state.sweep?.state === "running" ? "off" : "polite");
      setText(byId("state-words"), stateWords(state));
      setAttribute(byId("status"), "data-state", state.lost ? "lost" : state.gone ? "gone" : (sweep?.state ?? "rest"));
      setAttribute(bar, "aria-valuenow", String(Math.floor(100 * (sweep?.progress ?? 0))));
      bar.style.setProperty("--done", String(sweep?.progress ?? 0));
      setAttribute(bar, "hidden", sweep === null);
      for (const button of document.querySelectorAll("[data-download]")) setAttribute(button, "disabled", !sweep || sweep.done_runs === 0);
    },
  };
}

/** @param {number} seconds @param {Translate} t */
export function duration(seconds, t) {
  if (seconds < 1) return t("sweeps.time.instant");
  if (seconds < 100) return t("sweeps.time.seconds", { n: Math.round(seconds) });
  if (seconds < 6000) return t("sweeps.time.minutes", { n: Math.round(seconds / 60) });
  return t("sweeps.time.hours", { n: Math.round(seconds / 3600) });
}

/** @import { Language } from "./language.js" */
/** @import { State } from "./known.js" */
/** @import { Session } from "./session.js" */
/** @import { Translate } from "./types.js" */

/** What the run says of itself: its numbers, and one sentence on how it stands. */

import { byId, h, setAttribute, setText } from "./dom.js";
import { count, counted, repr, short, significant } from "./numbers.js";
import { PLACE_DIGITS, placeText } from "./plots/words.js";
import { hasEnded, shownStep } from "./known.js";

/** As many as the copied script prints: behind them, each way of computing rounds its own way. */
const DIGITS = 8;
const PAUSED = /** @type {const} */ ("paused");

/**
 * @param {Session} session
 * @param {Translate} t
 * @param {Language["say"]} say
 */
export function createReadout(session, t, say) {
  const list = byId("readout");
  const caption = byId("caption");
  const words = byId("caption-words");
  const again = /** @type {HTMLButtonElement} */ (byId("again"));
  /** @type {Map<string, HTMLElement>} */
  let cells = new Map();
  /** @type {(() => void) | null} */
  let onAgain = null;
  again.addEventListener("click", () => onAgain?.());

  /** @param {State} state */
  function updateNumbers({ run, rows, cursor, hand, status }) {
    const names = run ? [...run.parameters, "loss"] : ["w", "b", "loss"];
    if (names.length !== cells.size || names.some((name) => !cells.has(name))) {
      cells = new Map(names.map((name) => [name, h("dd")]));
      list.replaceChildren(...[...cells].map(([name, cell]) => h("div", { "data-name": name }, h("dt"), cell)));
    }
    for (const [name, cell] of cells) {
      const title = cell.previousElementSibling;
      if (title) setText(title, name === "loss" ? t("readout.loss") : name);
      const value = cursor >= 0 ? rows.columns[name][cursor] : null;
      // A loss that the engine has not said yet is shown with as many digits as it will confirm.
      const digits = name === "loss" && hand.held ? PLACE_DIGITS : DIGITS;
      setText(cell, value === null ? "–" : significant(value, digits));
      setAttribute(cell, "title", value !== null && status !== "playing" && !hand.held && repr(value));
    }
  }

  /** @param {State} known */
  function updateCaption(known) {
    // Under a hand on the timeline, a run that has ended shows another step.
    const state = hasEnded(known.status) && known.end !== null && shownStep(known) < known.end ? { ...known, status: PAUSED } : known;
    const { status, outcome } = state;
    const ended = hasEnded(status) && outcome !== null;
    setAttribute(caption, "data-status", captionStatus(state));
    setText(words, counted(ended ? say({ ...outcome.message, text: outcome.sentence }) : standing(state, t, say)));
    const offer = ended ? afresh(state, t) : null;
    setText(again, offer?.label ?? "");
    setAttribute(again, "hidden", offer === null);
    onAgain = offer && (() => offer.act(session));
  }

  return {
    /** @param {State} state */
    update(state) {
      updateNumbers(state);
      updateCaption(state);
    },
  };
}

/** @param {State} state */
function captionStatus(state) {
  const { run, connection, status } = state;
  if (connection === "lost" && !hasEnded(status)) return "lost";
  if (!run) return "loading";
  return shownStep(state) === 0 && status === "paused" ? "rest" : status;
}

/** How a run stands that has not ended. @param {State} state @param {Translate} t @param {Language["say"]} say */
function standing(state, t, say) {
  const { spec, run, status, connection, hand, theory, draft, way } = state;
  if (connection === "lost") return t("caption.lost", { step: count(shownStep(state)) });
  if (way) return t("caption.way", { step: count(way.step), target: count(way.target) });
  if (!run) return t("caption.loading");
  if (hand.held) return t("caption.hand", { place: placeText(t, hand.held.place.theta, hand.held.place.loss) });
  const outlook = draft ? null : (theory?.outlook ?? null);
  const paused = status !== "playing" && shownStep(state) > 0;
  // A rate that does well needs no comment before the run, nor while there is something to see.
  if (outlook && (paused || outlook.regime !== "good")) return say({ ...outlook.message, text: outlook.sentence });
  if (status === "playing") {
    const total = run.data.y.length;
    const size = spec.batch.size === "all" ? total : Math.min(spec.batch.size, total);
    const key = size === 1 ? "caption.playing.one" : size === total ? "caption.playing.all" : "caption.playing.some";
    return t(key, { size: count(size), count: count(total) });
  }
  return t(paused ? "caption.paused" : "caption.rest");
}

/** Two digits, and never more than the value: just above the best rate there may be the limit. @param {number} value */
function roundedDown(value) {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / unit) * unit).toPrecision(2));
}

/**
 * What to do after an end: the same again, or after a divergence the rate that theory offers.
 *
 * @param {State} state
 * @param {Translate} t
 * @returns {{ label: string, act: (session: Session) => void }}
 */
function afresh({ status, theory, spec }, t) {
  const limit = theory?.learning_rate_limit;
  const rate = status === "diverged" && limit ? roundedDown(theory?.best_learning_rate ?? limit / 2) : null;
  if (rate === null || !("learning_rate" in spec.optimizer)) {
    return { label: t("caption.again"), act: (session) => session.reset() };
  }
  return {
    label: t("caption.again-with", { rate: short(rate, 3) }),
    act: (session) => session.begin({ ...spec, optimizer: { ...spec.optimizer, learning_rate: rate }, changes: [] }, 0, false, false, { parts: true }),
  };
}

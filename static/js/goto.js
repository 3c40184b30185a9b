/** @import { Driver } from "./race/driver.js" */
/** @import { Translate } from "./types.js" */

/** The number of the step is a box: type another one, and Enter goes there. */

import { byId, setAttribute, setText } from "./dom.js";
import { count } from "./numbers.js";

/** "1 000 000", "1,000,000" and "1e6" alike; NaN for what is no step. @param {string} text */
export function readStep(text) {
  const value = Number(text.replace(/[\s\u202f,_]/g, "") || NaN);
  return Number.isInteger(value) && value >= 0 ? value : NaN;
}

/**
 * @param {Driver} session
 * @param {Translate} t
 */
export function createGoTo(session, t) {
  const input = /** @type {HTMLInputElement} */ (byId("go-to"));
  const wrong = byId("go-wrong");
  let [now, last] = [0, 0];
  let early = false;

  /** Whether a text is no step of this run. @param {string} text */
  const isWrong = (text) => !(readStep(text) <= last);

  /** @param {boolean} refused */
  function say(refused) {
    setAttribute(input, "aria-invalid", refused ? "true" : false);
    setText(wrong, refused ? t(early ? "transport.go.ended" : "transport.go.wrong", { last: count(last) }) : "");
    wrong.hidden = !refused;
  }

  input.addEventListener("focus", () => {
    input.value = String(now);
    input.select();
  });
  input.addEventListener("blur", () => {
    input.value = "";
    say(false);
  });
  input.addEventListener("input", () => say(input.value.trim() !== "" && isWrong(input.value)));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.blur();
    if (event.key !== "Enter") return;
    const text = input.value;
    if (isWrong(text)) return say(true);
    // The keys of the page are the page's again.
    input.blur();
    session.seek(readStep(text));
  });

  return {
    input,

    /** @param {number} step @param {number} end @param {boolean} ended whether the run ends there before its time */
    between(step, end, ended) {
      [now, last, early] = [step, end, ended];
    },
  };
}

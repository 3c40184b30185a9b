/** @import { Driver } from "./race/driver.js" */

/** The number of the step is a box: type another one, and Enter goes there. */

import { byId, setAttribute } from "./dom.js";

/** "1 000 000", "1,000,000" and "1e6" alike; NaN for what is no step. @param {string} text */
export function readStep(text) {
  const value = Number(text.replace(/[\s\u202f,_]/g, "") || NaN);
  return Number.isInteger(value) && value >= 0 ? value : NaN;
}

/** @param {Driver} session */
export function createGoTo(session) {
  const input = /** @type {HTMLInputElement} */ (byId("go-to"));
  let [now, last] = [0, 0];

  const leave = () => {
    input.value = "";
    setAttribute(input, "aria-invalid", false);
  };

  input.addEventListener("focus", () => {
    input.value = String(now);
    input.select();
  });
  input.addEventListener("blur", leave);
  input.addEventListener("input", () => setAttribute(input, "aria-invalid", Number.isNaN(readStep(input.value)) ? "true" : false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.blur();
    if (event.key !== "Enter") return;
    const step = readStep(input.value);
    if (Number.isNaN(step)) return setAttribute(input, "aria-invalid", "true");
    session.seek(Math.min(step, last));
    input.select();
  });

  return {
    input,

    /** @param {number} step @param {number} end */
    between(step, end) {
      [now, last] = [step, end];
    },
  };
}

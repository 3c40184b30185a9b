/** @import { Line, Translate, Update } from "../types.js" */

/** One phase of an update: its lines, each as it is written in NumPy, and with its numbers. */

import { h, setAttribute, setChildren, setText } from "../dom.js";
import { tell } from "./equations.js";
import { createEquation } from "./mathml.js";
import { plain } from "./typeset.js";

/** How much smaller an equation may be set, at most. */
const SMALLEST = 0.6;
/** Pixels that stay free, since not all of an equation shrinks with its type. */
const AIR = 4;

/**
 * @param {Line["phase"]} phase
 * @param {Translate} t
 */
export function createPhase(phase, t) {
  const head = h("h3", {});
  const element = h("section", { class: "phase", "data-phase": phase }, head);
  /** @type {{ element: HTMLElement, equations: { element: HTMLElement, equation: ReturnType<typeof createEquation> }[] }[]} */
  let lines = [];
  let arranged = "";
  let across = 0; // the column, when its equations were fitted
  /** How long each equation was then. @type {number[]} */
  let lengths = [];

  // A column becomes narrower when it gets a scrollbar, and wider or narrower with the window.
  new ResizeObserver(() => element.clientWidth !== across && requestAnimationFrame(() => fit())).observe(element);

  /** @param {ReturnType<typeof tell>} told */
  function arrange(told) {
    lines = told.map(({ code, target, equations }) => {
      const made = equations.map(() => {
        const equation = createEquation();
        return { equation, element: h("div", { class: "equation" }, equation.element) };
      });
      const line = h("div", { class: "line", "data-target": target },
        h("div", { class: "equations" }, ...made.map((each) => each.element)), h("code", {}, code));
      return { element: line, equations: made };
    });
    setChildren(element, head, ...lines.map((line) => line.element));
  }

  const holders = () => lines.flatMap((line) => line.equations.map((each) => each.element));
  const lengthsNow = () => holders().map(({ textContent }) => textContent?.length ?? 0);

  /** Equations too long for the column are set smaller. @param {HTMLElement[]} these */
  function fit(these = holders()) {
    across = element.clientWidth;
    if (these.length === holders().length) lengths = lengthsNow();
    for (const holder of these) holder.style.fontSize = "";
    const shares = these.map(({ clientWidth: room, scrollWidth: width }) => (width > room ? (room - AIR) / width : 1));
    these.forEach((holder, i) => {
      if (shares[i] < 1) holder.style.fontSize = `${Math.max(shares[i], SMALLEST).toFixed(3)}em`;
    });
  }

  return {
    phase,
    element,

    /** How many lines it has. */
    get length() {
      return lines.length;
    },

    /** @param {Update} update @param {number} place of the row that is looked at @param {boolean} exact whether there is time for every digit */
    update(update, place, exact) {
      const told = tell(update, place, phase);
      const form = told.map(({ code, equations }) => `${code} ${equations.length}`).join();
      if (form !== arranged) arrange(told);
      arranged = form;
      setText(head, t(`inspect.${phase}`));
      told.forEach(({ equations }, i) => equations.forEach((box, j) => {
        const { equation, element: holder } = lines[i].equations[j];
        equation.update(box);
        setAttribute(holder, "title", exact && plain(box));
      }));
      if (exact) fit();
    },

    /** Where an equation has become longer than it ever was since its type was chosen, choose it anew. */
    refit() {
      const now = lengthsNow();
      if (now.length !== lengths.length) return fit();
      const longer = holders().filter((_, i) => now[i] > lengths[i]);
      if (longer.length === 0) return;
      lengths = lengths.map((length, i) => Math.max(length, now[i]));
      fit(longer);
    },

    /** The line in action, or none. @param {number} at */
    mark(at) {
      lines.forEach((line, i) => setAttribute(line.element, "data-active", i === at));
      setAttribute(element, "data-active", at >= 0 && at < lines.length);
    },
  };
}

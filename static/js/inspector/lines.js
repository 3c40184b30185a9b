/** @import { Translate, Update } from "../types.js" */

/** The lines of an update under the heads of its phases: each as it is written in NumPy, and with its numbers. */

import { h, setAttribute, setText } from "../dom.js";
import { tell } from "./equations.js";
import { createEquation } from "./mathml.js";
import { plain } from "./typeset.js";

/** How much smaller an equation may be set, at most. */
const SMALLEST = 0.7;
const PHASES = /** @type {const} */ (["forward", "backward", "move"]);

/** @param {Translate} t */
export function createLines(t) {
  const sections = PHASES.map((phase) => {
    const head = h("h3", {});
    const element = h("section", { class: "phase", "data-phase": phase }, head);
    return { phase, head, element };
  });
  const element = h("div", { class: "phases" }, ...sections.map((section) => section.element));
  /** @type {{ element: HTMLElement, phase: string, equations: { element: HTMLElement, equation: ReturnType<typeof createEquation> }[] }[]} */
  let lines = [];
  let arranged = "";
  let labelled = false;

  /** @param {ReturnType<typeof tell>} told */
  function arrange(told) {
    lines = told.map(({ phase, code, target, equations }) => {
      const made = equations.map(() => {
        const equation = createEquation();
        return { equation, element: h("div", { class: "equation" }, equation.element) };
      });
      const line = h("div", { class: "line", "data-target": target },
        h("div", { class: "equations" }, ...made.map((each) => each.element)), h("code", {}, code));
      return { element: line, phase, equations: made };
    });
    for (const { phase, head, element: section } of sections) {
      section.replaceChildren(head, ...lines.filter((line) => line.phase === phase).map((line) => line.element));
    }
  }

  /** Equations too long for the column are set smaller. */
  function fit() {
    const holders = lines.flatMap((line) => line.equations.map((each) => each.element));
    for (const holder of holders) holder.style.fontSize = "";
    const shares = holders.map((holder) => holder.clientWidth / holder.scrollWidth);
    holders.forEach((holder, i) => {
      if (shares[i] < 1) holder.style.fontSize = `${Math.max(shares[i], SMALLEST).toFixed(3)}em`;
    });
  }

  return {
    element,

    /** @param {Update} update @param {number} place of the row that is looked at @param {boolean} exact whether there is time for every digit */
    update(update, place, exact) {
      const told = tell(update, place);
      const form = told.map(({ code, equations }) => `${code} ${equations.length}`).join();
      if (form !== arranged) arrange(told);
      arranged = form;
      if (!labelled) for (const { phase, head } of sections) setText(head, t(`inspect.${phase}`));
      labelled = true;
      told.forEach(({ equations }, i) => equations.forEach((box, j) => {
        const { equation, element: holder } = lines[i].equations[j];
        equation.update(box);
        setAttribute(holder, "title", exact && plain(box));
      }));
      if (exact) fit();
    },

    /** The line in action, or none. @param {number | null} at */
    mark(at) {
      lines.forEach((line, i) => setAttribute(line.element, "data-active", i === at));
      const phase = at === null ? null : lines[at]?.phase;
      for (const section of sections) setAttribute(section.element, "data-active", section.phase === phase);
      setAttribute(document.documentElement, "data-phase", phase ?? false);
    },

    /** Write everything anew, in another language. */
    relabel() {
      labelled = false;
    },
  };
}

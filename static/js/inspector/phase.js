/** @import { Line, Translate, Update } from "../types.js" */

/** One phase of an update: its lines, each as it is written in NumPy, and with its numbers. */

import { h, setAttribute, setChildren, setText } from "../dom.js";
import { tell } from "./equations.js";
import { createFit } from "./fit.js";
import { createEquation } from "./mathml.js";
import { plain } from "./typeset.js";

/** How much smaller an equation may be set, at most. */
const SMALLEST = 0.6;

/**
 * @param {Line["phase"]} phase
 * @param {Translate} t
 */
export function createPhase(phase, t) {
  const head = h("h3", {});
  const element = h("section", { class: "phase", "data-phase": phase }, head);
  /** @type {{ element: HTMLElement, equations: { element: HTMLElement, equation: ReturnType<typeof createEquation>, digits: HTMLElement }[] }[]} */
  let lines = [];
  let arranged = "";
  const sizes = createFit(element, SMALLEST);

  /** @param {ReturnType<typeof tell>} told */
  function arrange(told) {
    lines = told.map(({ code, target, equations }) => {
      const made = equations.map(() => {
        const equation = createEquation();
        return { equation, element: h("div", { class: "equation" }, equation.element), digits: h("div", { class: "digits" }) };
      });
      const line = h("div", { class: "line", "data-target": target },
        h("div", { class: "equations" }, ...made.flatMap((each) => [each.element, each.digits])), h("code", {}, code));
      return { element: line, equations: made };
    });
    setChildren(element, head, ...lines.map((line) => line.element));
    sizes.watch(lines.flatMap((line) => line.equations.map((each) => each.equation.element)));
  }

  return {
    phase,
    element,

    /** How many lines it has. */
    get length() {
      return lines.length;
    },

    /** @param {Update} update @param {number} place of the row that is looked at @param {boolean} exact whether there is time for every digit @param {boolean} all whether every digit is to be seen */
    update(update, place, exact, all) {
      const told = tell(update, place, phase);
      const form = told.map(({ code, equations }) => `${code} ${equations.length}`).join();
      if (form !== arranged) arrange(told);
      arranged = form;
      setText(head, t(`inspect.${phase}`));
      told.forEach(({ equations }, i) => equations.forEach((box, j) => {
        const { equation, element: holder, digits } = lines[i].equations[j];
        equation.update(box);
        const text = (exact || all) && plain(box);
        setAttribute(holder, "title", text);
        setText(digits, (all && text) || "");
        setAttribute(digits, "hidden", !all);
      }));
      if (exact) sizes.renew();
    },

    /** The line in action, or none. @param {number} at */
    mark(at) {
      lines.forEach((line, i) => setAttribute(line.element, "data-active", i === at));
      setAttribute(element, "data-active", at >= 0 && at < lines.length);
    },
  };
}

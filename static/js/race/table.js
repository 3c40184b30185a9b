/** @import { Language } from "../language.js" */
/** @import { Translate } from "../types.js" */
/** @import { Clock } from "./types.js" */
/** @import { Runner } from "./race.js" */

/** The table of a race: a row for each lane, with its numbers at the clock and, once it is there, how it has ended. */

import { h, setAttribute, setText } from "../dom.js";
import { count, short, significant } from "../numbers.js";

const COLUMNS = /** @type {const} */ (["lane", "at", "loss", "excess", "goal", "outcome"]);
const DIGITS = 4;

const UNKNOWN = { outcome: null, reached: null, problems: [], lost: false, rows: null };

/** @param {number} excess */
const brief = (excess) => short(excess, excess < 1000 ? 3 : 4);

/**
 * @param {Translate} t
 * @param {Language["say"]} say
 * @param {(runner: Runner) => void} onChoose
 */
export function createTable(t, say, onChoose) {
  const caption = h("caption", { class: "for-readers" });
  const heads = COLUMNS.map((name) => h("th", { scope: "col", "data-column": name }));
  const body = h("tbody");
  const element = h("table", { class: "race-table" }, caption, h("thead", {}, h("tr", {}, ...heads)), body);
  /** @type {{ runner: Runner, row: HTMLTableRowElement, cells: Record<string, HTMLElement>, best: HTMLElement, shown: number }[]} */
  let lines = [];
  let told = NaN; // which ends and goals the clock has passed: two bits of each line

  /** @param {Runner} runner @param {boolean} chosen */
  function createLine(runner, chosen) {
    const swatch = h("i", { class: "swatch", "aria-hidden": "true" });
    const best = h("span", { class: "for-readers" });
    const name = runner.lane
      ? h("button", { type: "button", class: "lane-name", "aria-expanded": String(chosen), "aria-controls": "race-editor" }, runner.name)
      : h("span", { class: "lane-name", title: t("race.own.help") }, runner.name);
    name.addEventListener("click", () => onChoose(runner));
    const head = h("th", { scope: "row" }, swatch, name, best);
    const cells = Object.fromEntries(COLUMNS.slice(1).map((column) => [column, h("td", { "data-column": column })]));
    const row = h("tr", { "data-hue": String(runner.hue) }, head, ...Object.values(cells));
    swatch.style.background = `var(--lane-${runner.hue})`;
    return { runner, row, cells, best, shown: NaN };
  }

  /** How a lane ends and when it is at the goal, which nobody knows before the clock is there. @param {typeof lines[number]} line */
  function tellEnd({ runner, row, cells }) {
    const { outcome, reached, problems, lost, rows } = runner.result ?? UNKNOWN;
    const known = outcome !== null && (rows !== null || runner.lane === null);
    const ended = known && runner.due >= outcome.step;
    const there = known && reached !== null && runner.due >= reached;
    const wrong = lost ? t("race.lost") : problems.map((each) => say({ ...each, text: each.message })).join(" ");
    const status = ended ? outcome.status : known ? "running" : wrong ? "refused" : "computing";
    setText(cells.goal, there ? count(runner.told(reached)) : "–");
    setText(cells.outcome, t(status === "refused" || status === "computing" ? `race.${status}` : `race.outcome.${status}`));
    setAttribute(cells.outcome, "title", (ended ? say({ ...outcome.message, text: outcome.sentence }) : wrong) || false);
    setAttribute(row, "data-status", status);
    return there ? runner.told(reached) : Infinity;
  }

  /** Where the clock has come to something that it had still to tell, or has gone back before it. */
  function tellEnds() {
    let passed = 0;
    for (const { runner: { result, due } } of lines) {
      passed = 4 * passed + (result?.outcome && due >= result.outcome.step ? 2 : 0) + (typeof result?.reached === "number" && due >= result.reached ? 1 : 0);
    }
    if (passed === told) return;
    told = passed;
    const goals = lines.map(tellEnd);
    const first = Math.min(...goals);
    lines.forEach(({ cells }, i) => setAttribute(cells.goal, "data-best", first < Infinity && goals[i] === first));
  }

  return {
    element,

    /** Who runs, and how each ends. @param {readonly Runner[]} runners @param {Clock} clock @param {number | null} chosen the id of the lane that is being edited */
    arrange(runners, clock, chosen) {
      setText(caption, t("race.caption"));
      COLUMNS.forEach((name, i) => setText(heads[i], t(`race.column.${name === "at" || name === "goal" ? `${name}.${clock}` : name}`)));
      const focused = lines.findIndex(({ row }) => row.contains(document.activeElement));
      const id = lines[focused]?.runner.lane?.id;
      lines = runners.map((runner) => createLine(runner, runner.lane !== null && runner.lane.id === chosen));
      body.replaceChildren(...lines.map(({ row }) => row));
      told = NaN;
      tellEnds();
      if (id !== undefined) lines.find(({ runner }) => runner.lane?.id === id)?.row.querySelector("button")?.focus({ preventScroll: true });
    },

    /** Where each is now. @param {number | null} least the lowest possible loss */
    update(least) {
      tellEnds();
      let [lowest, highest] = [Infinity, -Infinity];
      for (const { runner } of lines) {
        if (runner.loss < lowest) lowest = runner.loss;
        if (runner.loss > highest) highest = runner.loss;
      }
      const fair = lines.every(({ runner }) => isThere(runner));
      for (const line of lines) {
        const { runner, cells } = line;
        // At the start, all are where all begin.
        const best = fair && runner.loss === lowest && lowest < highest;
        setAttribute(cells.loss, "data-best", best);
        setText(line.best, best ? ` (${t("race.best")})` : "");
        if (line.shown === runner.row + runner.step / 1e10) continue;
        line.shown = runner.row + runner.step / 1e10;
        const there = runner.row >= 0;
        setText(cells.at, there ? count(runner.told(runner.step)) : "–");
        setText(cells.loss, there ? significant(runner.loss, DIGITS) : "–");
        setText(cells.excess, there && least !== null ? brief(Math.max(runner.loss - least, 0)) : "–");
      }
    },
  };
}

/** Whether a lane is where the clock is, or at its end: of a long one only some steps are held. @param {Runner} runner */
function isThere({ result, due, step }) {
  return step >= due || (result !== null && result.outcome !== null && due >= result.outcome.step);
}

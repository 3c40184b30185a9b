/**
 * The page of an exported run: the lab's three figures, a slider over the steps, and play. All that it shows is inside the
 * page; it asks nobody.
 *
 * @import { Rows, Run, Translate } from "./types.js"
 *
 * @typedef {{ run: Omit<Run, "serial">, step: number[], columns: number[][], rates: [step: number, text: string][],
 *   words: Record<string, string>, sentence: string, diverged: boolean }} Story
 *   step, columns: the rows that are held, the parameters in order, then the loss; rates: what holds from which step on.
 */

import { byId, embedded, h, setAttribute, setText } from "./dom.js";
import { count, repr } from "./numbers.js";
import * as beans from "./plots/beans.js";
import * as bowl from "./plots/bowl.js";
import * as loss from "./plots/loss.js";
import { readTheme } from "./plots/palette.js";
import * as parabola from "./plots/parabola.js";
import { createRows, indexAt } from "./rows.js";

const SECONDS = 12; // for a whole run
const SLOWEST = 8; // rows a second

/** @type {Story} */
const story = embedded("story");
const names = [...story.run.parameters, "loss"];
const rows = held(story);
const last = rows.length - 1;
const run = { ...story.run, serial: 1 };

const slider = /** @type {HTMLInputElement} */ (byId("steps"));
const play = byId("play");
const cells = names.map((name) => h("dd", { "data-name": name }));

let cursor = 0;
let playing = false;
let began = NaN;
let from = 0;

/** @type {Translate} */
const t = (key, facts = {}) =>
  (story.words[key] ?? key).replace(/\{(\w+)\}/g, (slot, name) => String(facts[name] ?? slot));

/** @type {{ update: (view: any) => void, restyle: (context: any) => void }[]} */
let plots = [];

/** @param {Story} story */
function held({ step, columns }) {
  /** @type {Rows} */
  const rows = createRows(names);
  step.forEach((firstStep, i) => {
    const row = columns.map((column) => new Float64Array([column[i]]));
    rows.append({ kind: "steps", rows: 1, firstStep, stride: 1, columns: row });
  });
  return rows;
}

function show() {
  const step = rows.step[cursor];
  names.forEach((name, i) => setText(cells[i], repr(rows.columns[name][cursor])));
  setText(byId("step"), t("player.step", { step: count(step), steps: count(rows.step[last]) }));
  setText(byId("rate"), story.rates.findLast(([first]) => first <= step)?.[1] ?? "");
  setText(byId("sentence"), cursor === last ? story.sentence : "");
  setText(play, t(playing ? "player.pause" : "player.play"));
  slider.value = String(cursor);
  setAttribute(slider, "aria-valuetext", byId("step").textContent ?? "");
  const status = playing ? "playing" : "paused";
  for (const plot of plots) plot.update({ run, rows, cursor, status, options: { lossScale: "log" } });
}

/** @param {number} now */
function advance(now) {
  if (!playing) return;
  if (Number.isNaN(began)) began = now;
  const perSecond = Math.max(last / SECONDS, SLOWEST);
  cursor = Math.min(from + Math.floor(((now - began) / 1000) * perSecond), last);
  if (cursor === last) playing = false;
  else requestAnimationFrame(advance);
  show();
}

function toggle() {
  playing = !playing;
  if (playing) {
    from = cursor === last ? 0 : cursor;
    began = NaN;
    requestAnimationFrame(advance);
  }
  show();
}

/** @param {number} index */
function go(index) {
  playing = false;
  cursor = Math.min(Math.max(index, 0), last);
  show();
}

/** Make the script that draws from its compressed text; it is a megabyte and a half instead of five. */
async function unpack() {
  const packed = Uint8Array.from(atob(byId("plotter").textContent ?? ""), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const url = URL.createObjectURL(new Blob([await new Response(stream).arrayBuffer()], { type: "text/javascript" }));
  await new Promise((resolve, reject) => {
    const script = h("script", { src: url });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  URL.revokeObjectURL(url);
}

function draw() {
  const context = { theme: readTheme(), t, reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches };
  const hero = run.parameters.length === 1 ? parabola : bowl;
  plots = [beans.create(byId("beans"), context), hero.create(byId("bowl"), context), loss.create(byId("loss"), context)];
  show();
}

byId("numbers").append(...names.map((name, i) => h("div", {}, h("dt", {}, name === "loss" ? t("readout.loss") : name), cells[i])));
slider.max = String(last);
// A mark where something was changed on the way.
byId("changes").append(...story.rates.slice(1).map(([step]) => h("option", { value: String(indexAt(rows, step)) })));
slider.addEventListener("input", () => go(Number(slider.value)));
play.addEventListener("click", toggle);
document.addEventListener("keydown", (event) => {
  const own = event.target instanceof HTMLButtonElement || event.ctrlKey || event.metaKey || event.altKey;
  if (event.key === " " && !own) {
    event.preventDefault();
    toggle();
  }
});
cursor = last;
show();
unpack().then(draw);

/** @import { Driver } from "./race/driver.js" */
/** @import { State } from "./known.js" */
/** @import { Store } from "./store.js" */
/** @import { Catalog, Change, Translate } from "./types.js" */

/** The transport: play, pause, step, step back, reset, the timeline and the speed. */

import { byId, h, setAttribute, setText } from "./dom.js";
import { count, repr } from "./numbers.js";
import { createScale } from "./scale.js";
import { createGoTo } from "./goto.js";
import { clockEnd, clockStep } from "./race/clock.js";
import { hasEnded, isPlaying } from "./known.js";
import { entry } from "./spec.js";

/** The last notch of the speed slider asks for more than any server gives. */
const FASTEST = 1e9;
const SPEEDS = createScale({ scale: "log", slider: [1, 1e5], integer: false });
const LAST_NOTCH = SPEEDS.max + 0.2;
const BETWEEN = 250; // ms between two words on where the timeline stands, while it plays
const FINEST = 4000; // parts of the rail, each less than a pixel

/**
 * @param {Store<State>} store
 * @param {Driver} session
 * @param {() => Catalog} catalog
 * @param {Translate} t
 */
export function createTransport({ state: known }, session, catalog, t) {
  const buttons = {
    reset: /** @type {HTMLButtonElement} */ (byId("reset")),
    back: /** @type {HTMLButtonElement} */ (byId("back")),
    play: /** @type {HTMLButtonElement} */ (byId("play")),
    step: /** @type {HTMLButtonElement} */ (byId("step")),
  };
  const timeline = /** @type {HTMLInputElement} */ (byId("timeline"));
  const rail = /** @type {HTMLElement} */ (timeline.parentElement);
  const marks = byId("marks");
  const speed = /** @type {HTMLInputElement} */ (byId("speed"));
  const counted = { step: byId("step-now"), last: byId("step-last"), speed: byId("speed-now") };
  let dragged = false;
  let asked = -Infinity;
  let told = -Infinity; // where the timeline stands
  const places = { "--at": NaN, "--held": NaN };
  let shownSpeed = ""; // and whether a hand has the slider

  // What is shown may be older than what was asked for last.
  const toggle = () => (isPlaying(known) || known.course.playing ? session.pause() : session.play());
  buttons.play.addEventListener("click", toggle);
  buttons.step.addEventListener("click", () => session.step(1));
  buttons.back.addEventListener("click", () => session.step(-1));
  buttons.reset.addEventListener("click", () => session.reset());

  timeline.addEventListener("input", () => {
    dragged = true;
    session.scrub(timeline.valueAsNumber);
  });
  timeline.addEventListener("change", () => {
    dragged = false;
    session.seek(timeline.valueAsNumber);
  });

  const goTo = createGoTo(session, t);
  rail.addEventListener("pointerenter", () => session.near());
  for (const control of [timeline, goTo.input]) control.addEventListener("focus", () => session.near());

  Object.assign(speed, { min: String(SPEEDS.min), max: String(LAST_NOTCH), step: String(SPEEDS.step) });
  speed.addEventListener("input", () => {
    asked = performance.now();
    shownSpeed = "";
    session.setSpeed(speed.valueAsNumber > SPEEDS.max + 0.1 ? FASTEST : SPEEDS.value(speed.valueAsNumber));
  });

  /** @param {State} state */
  function updateButtons(state) {
    const { connection, run, status, end, course } = state;
    const playing = isPlaying(state) || course.playing;
    const still = connection !== "open" || !run;
    const step = clockStep(state);
    const last = clockEnd(state);
    setAttribute(buttons.play, "aria-label", t(playing ? "transport.pause" : "transport.play"));
    setAttribute(buttons.play, "title", t(playing ? "transport.pause.help" : "transport.play.help"));
    setAttribute(buttons.play, "class", playing ? "primary is-playing" : "primary");
    setAttribute(buttons.reset, "disabled", still);
    setAttribute(buttons.back, "disabled", still || step === 0);
    setAttribute(buttons.step, "disabled", still || ((hasEnded(status) || end !== null) && step >= last));
    setAttribute(timeline, "disabled", still);
    setAttribute(goTo.input, "disabled", still);
  }

  /** @param {State} state */
  function updateTimeline(state) {
    const step = clockStep(state);
    const last = Math.max(clockEnd(state), step);
    const held = state.rows.length > 0 ? state.rows.step[state.rows.length - 1] : 0;
    setAttribute(timeline, "max", String(last));
    if (!dragged) timeline.value = String(step);
    // Nobody is told sixty times a second.
    const now = performance.now();
    if (state.status !== "playing" || now - told > BETWEEN) {
      setAttribute(timeline, "aria-valuetext", t("transport.at", { step: count(step), last: count(last) }));
      told = now;
    }
    place("--at", last > 0 ? step / last : 0);
    place("--held", last > 0 ? held / last : 0);
    setText(counted.step, count(step));
    setText(counted.last, count(last));
    goTo.between(step, last, state.end !== null && last < state.spec.steps);
    markChanges(state.spec, state.branches, last);
  }

  /** Where something stands on the rail, as exactly as it can be seen. @param {"--at" | "--held"} name @param {number} share */
  function place(name, share) {
    const seen = Math.round(share * FINEST) / FINEST;
    if (seen === places[name]) return;
    places[name] = seen;
    rail.style.setProperty(name, String(seen));
  }

  let marked = "";

  /** @param {State["spec"]} spec @param {State["branches"]} branches @param {number} last */
  function markChanges({ changes, optimizer: { name: method } }, branches, last) {
    const shown = changes.filter((change) => change.step > 0 && change.step <= last);
    const key = `${last} ${shown.length} ${shown.at(-1)?.step} ${JSON.stringify(shown.at(-1)?.optimizer)} ${branches.map((each) => each.key)}`;
    if (key === marked) return;
    marked = key;
    // Beyond its end there is no place for one.
    const forks = branches.filter(({ at }) => at <= last).map(({ at, label }) => {
      const fork = h("b", { title: t("branch.fork", { at: count(at), label }) });
      fork.style.setProperty("--at", String(at / last));
      return fork;
    });
    marks.replaceChildren(...forks, ...shown.map(({ step, optimizer }) => {
      const mark = h("i", { title: t("branch.change", { at: count(step), values: valuesOf(optimizer, method) }) });
      mark.style.setProperty("--at", String(step / last));
      return mark;
    }));
  }

  /** @param {Change["optimizer"]} optimizer @param {string} method */
  function valuesOf(optimizer, method) {
    const params = new Map(entry(catalog().optimizers, method)?.parameters.map((param) => [param.name, param.label]));
    return Object.entries(optimizer).map(([name, value]) => `${params.get(name) ?? name} = ${repr(value)}`).join(", ");
  }

  /** @param {State} state */
  function updateSpeed({ stepsPerSecond }) {
    if (!stepsPerSecond) return;
    const inHand = performance.now() - asked <= 250;
    if (`${stepsPerSecond} ${inHand}` === shownSpeed) return;
    shownSpeed = `${stepsPerSecond} ${inHand}`;
    const fastest = stepsPerSecond >= FASTEST;
    const text = fastest ? t("speed.fastest") : t(stepsPerSecond === 1 ? "speed.one" : "speed.steps", { speed: spoken(stepsPerSecond) });
    setText(counted.speed, text);
    setAttribute(speed, "aria-valuetext", text);
    if (!inHand) speed.valueAsNumber = fastest ? LAST_NOTCH : SPEEDS.position(stepsPerSecond);
    speed.parentElement?.style.setProperty("--at", String((speed.valueAsNumber - SPEEDS.min) / (LAST_NOTCH - SPEEDS.min)));
  }

  return {
    toggle,

    /** Type a step. */
    goTo: () => goTo.input.focus(),

    /** @param {State} state */
    update(state) {
      updateButtons(state);
      updateTimeline(state);
      updateSpeed(state);
    },

    /** Write everything anew, in another language. */
    relabel() {
      marked = shownSpeed = "";
    },
  };
}

/** @param {number} speed */
const spoken = (speed) => (Number.isInteger(speed) ? count(speed) : repr(speed));

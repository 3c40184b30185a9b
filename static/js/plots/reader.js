/**
 * Values read off a curve over the steps: a line that follows the pointer or the arrow keys and says what stands there, and
 * pins that keep saying it.
 *
 * The pins are at steps, not at values: they say what the run shown has there.
 *
 * @import { Rows } from "../types.js"
 * @import { Figure } from "./figure.js"
 * @import { Cartesian } from "./pens.js"
 *
 * @typedef {{ pens: Cartesian, span: number, left: number, top: number, width: number, height: number }} Area
 * @typedef {{ name: string, of: (row: number) => number }} Quantity  one value of every row, the first one drawn as the curve
 * @typedef {[left: number, right: number, baseline: number]} Box  of a text
 */

import { count, repr, significant } from "../numbers.js";
import { indexAt } from "../rows.js";
import { dot, label, stroke, svg, widthOf } from "./overlay.js";

const MOST_PINS = 4;
const NEAR = 7; // pixels
const FAR = 10; // rows, with Shift
const LEAP = 0.1; // of the axis, with Page up and Page down
const PIN_DIGITS = 6;

/**
 * @param {Figure} figure
 */
export function createReader(figure) {
  const { element, overlay } = figure;
  const area = document.createElement("div");
  area.className = "reader";
  area.style.position = "absolute"; // also where no style sheet says so
  area.tabIndex = 0;
  area.setAttribute("role", "slider");
  element.append(area);
  element.setAttribute("role", "group");
  const pinned = svg("g", { class: "pins" }, overlay);
  const guide = stroke(overlay, "guide");
  const spot = dot(overlay, "read-spot");
  const lines = [label(overlay, "read-step"), label(overlay, "read-value"), label(overlay, "read-second")];
  /** @type {{ ring: ReturnType<typeof dot>, text: ReturnType<typeof label> }[]} */
  const rings = Array.from({ length: MOST_PINS }, () => ({ ring: dot(pinned, "pin"), text: label(pinned, "pin-value") }));
  /** @type {Area | null} */
  let axes = null;
  /** @type {Rows | null} */
  let rows = null;
  let cursor = 0;
  /** @type {Quantity[]} */
  let quantities = [];
  /** The steps of the pins, the oldest first. @type {number[]} */
  let pins = [];
  /** The step that is read, if any. @type {number | null} */
  let read = null;
  /** Where the value of the run itself is written. @type {Box} */
  let own = [NaN, NaN, NaN];
  let drawn = false;
  /** What is drawn was made of these. @type {unknown[]} */
  let sources = [];

  /** The row nearest to a step. @param {number} step */
  function nearest(step) {
    const held = /** @type {Rows} */ (rows);
    const before = indexAt(held, step);
    const after = Math.min(before + 1, held.length - 1);
    return held.step[after] - step < step - held.step[before] ? after : before;
  }

  /** @param {number} row */
  const stepOf = (row) => /** @type {Rows} */ (rows).step[row];

  /** @param {PointerEvent | MouseEvent} event */
  function pointed({ clientX }) {
    if (!axes || !rows) return;
    const share = (clientX - area.getBoundingClientRect().left) / axes.width;
    show(stepOf(nearest(share * axes.span)));
  }

  /** @param {number | null} step */
  function show(step) {
    read = step;
    draw();
  }

  /** The pin near a step, or -1. @param {number} step */
  function pinAt(step) {
    const { pens } = /** @type {Area} */ (axes);
    const x = pens.x(step);
    return pins.findIndex((pin) => pin === step || Math.abs(pens.x(pin) - x) < NEAR);
  }

  /** Pin the value that is read, or take away the pin that is there. */
  function toggle() {
    if (read === null || !axes) return;
    const at = pinAt(read);
    if (at >= 0) pins.splice(at, 1);
    else pins = [...pins, read].slice(-MOST_PINS);
    draw();
  }

  area.addEventListener("pointermove", pointed);
  area.addEventListener("pointerleave", () => show(document.activeElement === area && area.matches(":focus-visible") ? read : null));
  area.addEventListener("click", (event) => {
    pointed(event);
    toggle();
  });
  area.addEventListener("focus", () => {
    if (read === null && rows && area.matches(":focus-visible")) show(stepOf(cursor));
  });
  area.addEventListener("blur", () => show(null));

  area.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !rows || !axes) return;
    const last = rows.length - 1;
    const row = nearest(read ?? stepOf(cursor));
    const far = event.shiftKey ? FAR : 1;
    const leap = LEAP * axes.span;
    /** @type {Record<string, () => unknown>} */
    const actions = {
      ArrowRight: () => show(stepOf(Math.min(row + far, last))),
      ArrowUp: () => show(stepOf(Math.min(row + far, last))),
      ArrowLeft: () => show(stepOf(Math.max(row - far, 0))),
      ArrowDown: () => show(stepOf(Math.max(row - far, 0))),
      PageUp: () => show(stepOf(nearest(stepOf(row) + leap))),
      PageDown: () => show(stepOf(nearest(stepOf(row) - leap))),
      Home: () => show(stepOf(0)),
      End: () => show(stepOf(last)),
      Enter: toggle,
      Delete: remove,
      Backspace: remove,
      Escape: clear,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });

  /** The pin that is read, else the last one. */
  function remove() {
    const at = read === null ? -1 : pinAt(read);
    pins.splice(at >= 0 ? at : pins.length - 1, 1);
    draw();
  }

  function clear() {
    pins = [];
    show(null);
  }

  function draw() {
    if (!axes || !rows || rows.length === 0) return;
    drawn = true;
    drawPins(axes);
    drawRead(axes);
    speak();
  }

  /** @param {Area} axes */
  function drawPins({ pens, left, top, width, height }) {
    const size = 0.92 * figure.text;
    /** Of the texts that have their place; the run's own value comes first. */
    const taken = [own];
    rings.forEach(({ ring, text }, i) => {
      const row = i < pins.length ? /** @type {Rows} */ (rows).find(pins[i]) : -1;
      const y = row < 0 ? NaN : pens.y(quantities[0].of(row));
      const seen = row >= 0 && Number.isFinite(y) && pens.x(pins[i]) <= width + 1;
      ring.show(seen);
      text.show(seen);
      if (!seen) return;
      const [px, py] = [left + pens.x(pins[i]), top + Math.min(Math.max(y, 0), height)];
      ring.move(px, py);
      text.write(`${count(pins[i])}: ${significant(quantities[0].of(row), PIN_DIGITS)}`);
      const wide = widthOf(text.element.textContent ?? "", size);
      const start = px + 8 + wide > figure.width - 4 ? px - 8 - wide : px + 8;
      const crossed = (/** @type {number} */ at) =>
        taken.some(([from, to, other]) => from < start + wide && to > start && Math.abs(other - at) < 1.15 * size);
      let base = Math.max(py - 8, size);
      while (crossed(base) && base > 2.2 * size) base -= 1.2 * size;
      while (crossed(base)) base += 1.2 * size;
      taken.push([start, start + wide, base]);
      text.move(start, base);
    });
  }

  /** @param {Area} axes */
  function drawRead({ pens, left, top, height }) {
    const row = read === null ? -1 : nearest(read);
    guide.show(row >= 0);
    spot.show(row >= 0);
    for (const line of lines) line.show(row >= 0);
    if (row < 0) return;
    const x = left + pens.x(stepOf(row));
    const y = pens.y(quantities[0].of(row));
    guide.move([x, top], [x, top + height]);
    spot.show(Number.isFinite(y));
    if (Number.isFinite(y)) spot.move(x, top + Math.min(Math.max(y, 0), height));
    const texts = [figure.context.t("plot.read.step", { step: count(stepOf(row)) }),
      ...quantities.map(({ name, of }) => `${name} ${repr(of(row))}`)];
    // In the upper right corner, which falling curves leave free.
    lines.forEach((line, i) => {
      line.show(i < texts.length);
      if (i >= texts.length) return;
      line.write(texts[i]);
      line.move(figure.width - 0.7 * figure.text, top + (i + 0.7) * 1.25 * figure.text);
    });
  }

  function speak() {
    const row = nearest(read ?? stepOf(cursor));
    const { t } = figure.context;
    const said = [t("plot.read.step", { step: count(stepOf(row)) }), ...quantities.map(({ name, of }) => `${name} ${repr(of(row))}`)];
    if (pins.includes(stepOf(row))) said.push(t("plot.read.pinned"));
    area.setAttribute("aria-valuemax", String(stepOf(/** @type {Rows} */ (rows).length - 1)));
    area.setAttribute("aria-valuenow", String(stepOf(row)));
    area.setAttribute("aria-valuetext", said.join(", "));
  }

  return {
    /** After a layout. @param {Area} within */
    attach(within) {
      axes = within;
      const { theme, t } = figure.context;
      const { left, top, width, height } = within;
      for (const [name, value] of Object.entries({ left, top, width, height })) area.style.setProperty(name, `${Math.max(value, 0)}px`);
      area.setAttribute("aria-label", t("plot.read"));
      area.setAttribute("aria-valuemin", "0");
      guide.style(theme.muted);
      spot.style(theme.panel, theme.ink);
      for (const line of lines) line.style(theme.ink, theme.panel, 0.95 * figure.text, "end");
      for (const { ring, text } of rings) {
        ring.style(theme.accent, theme.panel);
        text.style(theme.ink, theme.panel, 0.92 * figure.text);
      }
      drawn = false;
    },

    /** What can be read; drawn again only where something of it is another. @param {Rows} held @param {number} at @param {Box} value  where the value at the cursor is written @param {Quantity[]} given @param {unknown} key  another one where a value is */
    frame(held, at, value, given, key) {
      [rows, cursor, own, quantities] = [held, at, value, given];
      // With nothing read and nothing pinned there is nothing to keep up with.
      if (drawn && read === null && pins.length === 0) return;
      const now = [held, held.version, held.length, at, key];
      if (drawn && now.every((source, i) => Object.is(source, sources[i]))) return;
      sources = now;
      draw();
    },
  };
}

/**
 * Hands on the beans themselves, while they are edited: a click adds one, a drag moves one, keys do both and delete. What is
 * done is told to the context's `beans`; a figure without it (an exported page) has none of this.
 *
 * @import {View} from "../types.js"
 * @import {Figure} from "./figure.js"
 * @import {Point, Window} from "./types.js"
 */

import { short } from "../numbers.js";
import { createHandle, quantum } from "./handle.js";
import { svg } from "./overlay.js";

const STEPS = 10; // quanta that an arrow key moves a bean
const NEAR = 14; // pixels within which a bean is meant
const STILL = 5; // pixels that a click may slip
const SLACK = 3; // pixels before a bean moves

/** @type {Record<string, "remove" | "next" | "previous" | "add">} */
const KEYS = { Delete: "remove", Backspace: "remove", n: "next", p: "previous", Insert: "add", a: "add" };
/** What has the focus and needs the keys itself. */
const TAKES_KEYS = "input, select, textarea, dialog, [contenteditable], [role=slider]";

/**
 * @param {Figure} figure
 */
export function createBeanHands(figure) {
  const { beans: hand } = figure.context;
  if (!hand) return { attach() {}, frame() {}, destroy() {} };
  const { element } = figure;

  const bean = svg("circle", { class: "bean-selected", r: 6.5, "stroke-width": 2.5 }, figure.overlay);
  const handle = createHandle(element, "bean", {
    drag,
    nudge(across, up) {
      const [x, y] = hand.place() ?? [0, 0];
      hand.hold(inWindow([x + across * STEPS * steps[0].size, y + up * STEPS * steps[1].size]));
    },
    drop: () => letGo(hand.drop),
    cancel: () => letGo(hand.cancel),
  });
  /** Where the bean was in pixels that is dragged, until it has left there. @type {Point | null} */
  let from = null;
  /** @type {View} */
  let view;
  /** @type {Window} */
  let window;
  /** @type {(x: number, y: number) => Point} */
  let place;
  /** @type {readonly number[]} */
  let drawn = [];
  let steps = [quantum([0, 1]), quantum([0, 1])];
  let active = false;
  let said = "";
  /** Where the pointer went down on nothing. @type {Point | null} */
  let down = null;
  handle.show(false);
  bean.style.display = "none";

  /** A bean that is only pressed must not move by the rounding. @param {Point} to */
  function drag(to) {
    const values = hand?.place();
    if (!values) return;
    from ??= place(...values);
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) < SLACK && !element.classList.contains("dragging")) return;
    element.classList.add("dragging");
    hand?.hold(valuesAt(to));
  }

  /** @param {() => void} then */
  function letGo(then) {
    from = null;
    element.classList.remove("dragging");
    then();
  }

  /** Round and within the picture. @param {Point} values @returns {Point} */
  const inWindow = ([x, y]) => [
    steps[0].round(Math.min(Math.max(x, window.x[0]), window.x[1])),
    steps[1].round(Math.min(Math.max(y, window.y[0]), window.y[1])),
  ];

  /** The values at a place of the picture. @param {Point} at @returns {Point} */
  function valuesAt(at) {
    const first = place(window.x[0], window.y[0]);
    const last = place(window.x[1], window.y[1]);
    const along = (/** @type {0 | 1} */ i, /** @type {[number, number]} */ [low, high]) =>
      low + ((at[i] - first[i]) / (last[i] - first[i])) * (high - low);
    return inWindow([along(0, window.x), along(1, window.y)]);
  }

  /** @param {MouseEvent} event @returns {Point} */
  function pointOf({ clientX, clientY }) {
    const { left, top } = element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  /** The bean that is meant at a place, -1 for none. @param {Point} at */
  function nearest([x, y]) {
    const { x: xs, y: ys } = /** @type {NonNullable<View["run"]>} */ (view.run).data;
    let best = -1;
    let least = NEAR ** 2;
    for (const i of drawn) {
      const [px, py] = place(xs[i][0], ys[i]);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  /** @param {EventTarget | null} target */
  const onHand = (target) => target instanceof Element && target.closest(".hand") !== null;

  /** @param {PointerEvent} event */
  function press(event) {
    if (!active || event.button !== 0 || !event.isPrimary || onHand(event.target)) return;
    const at = pointOf(event);
    const index = nearest(at);
    down = index < 0 ? at : null;
    // Plotly covers the page while a button is down, so the end of a click is not told to what lies below.
    if (index < 0) return document.addEventListener("pointerup", release, { once: true });
    hand?.select(index);
    const { data } = /** @type {NonNullable<View["run"]>} */ (view.run);
    grasp([data.x[index][0], data.y[index]]);
    handle.take(event);
  }

  /** @param {PointerEvent} event */
  function release(event) {
    const began = down;
    down = null;
    if (!active || !began) return;
    const at = pointOf(event);
    const [left, bottom] = place(window.x[0], window.y[0]);
    const [right, top] = place(window.x[1], window.y[1]);
    const inside = at[0] >= left && at[0] <= right && at[1] >= top && at[1] <= bottom;
    if (inside && Math.hypot(at[0] - began[0], at[1] - began[1]) < STILL) add(valuesAt(at));
  }

  /** @param {Point} at */
  function add(at) {
    hand?.add(at);
    grasp(at);
  }

  /** The keys go to the bean at a place from now on. @param {Point} at */
  function grasp(at) {
    handle.move(...place(...at));
    handle.element.focus({ preventScroll: true });
  }

  /** The focus stays at the bean that was pressed, and does not go to what lies below. @param {MouseEvent} event */
  function keepFocus(event) {
    if (active && !onHand(event.target)) event.preventDefault();
  }

  /** Whether a bean can be taken here shows before it is. @param {PointerEvent} event */
  function hover(event) {
    if (!active || event.buttons !== 0 || event.pointerType === "touch" || onHand(event.target)) return;
    element.classList.toggle("over-bean", nearest(pointOf(event)) >= 0);
  }

  /** @param {KeyboardEvent} event */
  function type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = KEYS[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === "remove") hand?.remove();
    else if (action === "add") add(inWindow(hand?.place() ?? middle()));
    else choose(action === "next" ? 1 : -1);
  }

  /** While the beans are edited, wherever on the page the focus is that does not need the keys. @param {KeyboardEvent} event */
  function typeAnywhere(event) {
    if (event.defaultPrevented || (event.target instanceof Element && event.target.closest(TAKES_KEYS))) return;
    type(event);
  }

  /** @param {1 | -1} way */
  function choose(way) {
    hand?.next(way);
    const values = hand?.place();
    if (values) grasp(values);
  }

  /** Of the picture, where a bean is added while none is selected. @returns {Point} */
  const middle = () => [(window.x[0] + window.x[1]) / 2, (window.y[0] + window.y[1]) / 2];

  /** @param {boolean} wanted */
  function activate(wanted) {
    active = wanted;
    element.classList.toggle("editing", active);
    if (active) document.addEventListener("keydown", typeAnywhere);
    else document.removeEventListener("keydown", typeAnywhere);
  }

  const listened = /** @type {const} */ ([
    ["pointerdown", press],
    ["pointermove", hover],
    ["mousedown", keepFocus],
  ]);
  for (const [name, listener] of listened) element.addEventListener(name, /** @type {EventListener} */ (listener));
  handle.element.addEventListener("keydown", type);

  return {
    /**
     * After a layout.
     * @param {Window} next
     * @param {(x: number, y: number) => Point} at  the pixels of two values
     * @param {readonly number[]} shown  the beans that are drawn
     */
    attach(next, at, shown) {
      const { theme, t } = figure.context;
      [window, place, drawn] = [next, at, shown];
      steps = [quantum(window.x), quantum(window.y)];
      bean.setAttribute("fill", theme.bean);
      bean.setAttribute("stroke", theme.ink);
      handle.name(t("beans.hand"), window.x);
      said = "";
    },

    /** @param {View} next */
    frame(next) {
      view = next;
      const { beans } = view;
      if (active !== (beans?.active ?? false)) activate(!active);
      const values = active ? (hand?.place() ?? null) : null;
      bean.style.display = values ? "" : "none";
      handle.show(values !== null);
      if (!values || !beans) return;
      const [x, y] = place(...values);
      bean.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      handle.move(x, y);
      const words = `${beans.selected} ${values}`;
      if (words === said) return;
      said = words;
      handle.say(values[0], figure.context.t("beans.at", { bean: beans.selected + 1, x: short(values[0], 6), y: short(values[1], 6) }));
    },

    destroy() {
      document.removeEventListener("pointerup", release);
      activate(false);
      for (const [name, listener] of listened) element.removeEventListener(name, /** @type {EventListener} */ (listener));
    },
  };
}

/**
 * Something on a figure that a person can take: drag it, or move it with the arrow keys. To whoever cannot see it, it is a
 * slider that says where it stands.
 *
 * @import {Point, Range} from "./types.js"
 *
 * @typedef {object} Grip  what becomes of the movement
 * @property {(to: Point) => void} drag  to this point of the figure, in pixels
 * @property {(across: number, up: number) => void} nudge  by so many steps
 * @property {() => void} [drop]
 * @property {() => void} [cancel]
 */

const FAR = 10; // steps, with Shift

/** @type {Record<string, [across: number, up: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], PageUp: [0, FAR], PageDown: [0, -FAR] };

/**
 * @param {HTMLElement} parent
 * @param {string} name  for the style sheet and the tests
 * @param {Grip} grip
 */
export function createHandle(parent, name, grip) {
  const element = document.createElement("div");
  element.className = "hand";
  element.dataset.hand = name;
  element.tabIndex = 0;
  element.setAttribute("role", "slider");
  parent.append(element);

  /** From the pointer to the middle of the handle. @type {Point | null} */
  let offset = null;
  let moved = false;
  let at = /** @type {Point} */ ([0, 0]);
  let written = "";
  let visible = true;

  function finish() {
    offset = null;
    element.classList.remove("held");
    if (moved) grip.drop?.();
    moved = false;
  }

  function giveUp() {
    offset = null;
    element.classList.remove("held");
    if (moved) grip.cancel?.();
    moved = false;
  }

  /** @param {PointerEvent} event */
  function take(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.stopPropagation();
    const { left, top } = parent.getBoundingClientRect();
    offset = [at[0] - (event.clientX - left), at[1] - (event.clientY - top)];
    element.setPointerCapture(event.pointerId);
    element.classList.add("held");
  }

  element.addEventListener("pointerdown", take);
  element.addEventListener("pointermove", (event) => {
    if (!offset) return;
    const { left, top } = parent.getBoundingClientRect();
    moved = true;
    grip.drag([event.clientX - left + offset[0], event.clientY - top + offset[1]]);
  });
  element.addEventListener("pointerup", finish);
  element.addEventListener("pointercancel", giveUp);

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (moved) event.stopPropagation();
      giveUp();
      return;
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const steps = event.shiftKey ? FAR : 1;
    moved = true;
    grip.nudge(arrow[0] * steps, arrow[1] * steps);
  });
  element.addEventListener("keyup", (event) => {
    if (ARROWS[event.key]) finish();
  });
  element.addEventListener("blur", finish);

  return {
    element,

    /** Take it by a pointer that went down beside it. */
    take,

    /** @param {number} x @param {number} y  pixels of the figure */
    move(x, y) {
      this.show(true);
      if (x === at[0] && y === at[1]) return;
      at = [x, y];
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    },

    /** @param {boolean} wanted */
    show(wanted) {
      if (wanted !== visible) element.style.display = (visible = wanted) ? "" : "none";
    },

    /** @param {string} label @param {Range} range */
    name(label, [low, high]) {
      element.setAttribute("aria-label", label);
      element.setAttribute("aria-valuemin", String(low));
      element.setAttribute("aria-valuemax", String(high));
    },

    /** Whether it has not said yet what it stands for. */
    get silent() {
      return written === "";
    },

    /** What it stands for now. @param {number} value @param {string} text */
    say(value, text) {
      if (text === written) return;
      written = text;
      element.setAttribute("aria-valuenow", String(value));
      element.setAttribute("aria-valuetext", text);
    },
  };
}

/**
 * Of the size of a pixel or two, and round: what a hand can put a value to, and the digits that say it.
 * @param {Range} range
 */
export function quantum([low, high]) {
  const decimals = Math.max(Math.ceil(-Math.log10((high - low) / 300)), 0);
  const size = 10 ** -decimals;
  return {
    size,
    decimals,
    /** Never −0, which would be said. @param {number} value */
    round: (value) => Number((Math.round(value / size) * size).toFixed(decimals)) + 0,
  };
}

/**
 * The camera of a scene: where it stands at first, that it stays where somebody has put it, and how the keyboard turns it and
 * two fingers bring it nearer.
 *
 * @import {Figure} from "./figure.js"
 * @import {Scene} from "./pens.js"
 * @typedef {import("./projection.js").Vector} Vector
 * @typedef {{eye: Vector, center: Vector, up: Vector}} Camera
 */

import { listenToPinch } from "./pinch.js";

/** From the front right, high enough to look into the valley. */
const EYE = { x: 1.28, y: -0.98, z: 1.02 };
const CENTER = { x: 0, y: 0, z: -0.16 };
const UP = { x: 0, y: 0, z: 1 };
const TURN = Math.PI / 24; // per key press
const ZOOM = 1.1; // per key press
const REACH = 3; // how many times as near or as far as usual it goes
const STEEPEST = 1.45; // radians above or below the floor

/** What a key makes of a camera where another one is usual. @type {Record<string, (camera: Camera, usual: Camera) => Camera>} */
const KEYS = {
  ArrowLeft: (camera) => turned(camera, -TURN, 0),
  ArrowRight: (camera) => turned(camera, TURN, 0),
  ArrowUp: (camera) => turned(camera, 0, TURN),
  ArrowDown: (camera) => turned(camera, 0, -TURN),
  "+": (camera, usual) => zoomed(camera, usual, 1 / ZOOM),
  "=": (camera, usual) => zoomed(camera, usual, 1 / ZOOM),
  "-": (camera, usual) => zoomed(camera, usual, ZOOM),
};

/**
 * @param {Figure} figure
 */
export function createCamera(figure) {
  const { element } = figure;
  /** @type {Scene | null} */
  let stage = null;
  /** @type {Camera | null} */
  let chosen = null;
  let given = usual(figure);

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (!stage || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = event.key === "0" ? usual(figure) : KEYS[event.key]?.(stage.camera(), usual(figure));
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    put(next);
    if (event.key === "0") chosen = null;
  }

  /** @param {Camera} next */
  function put(next) {
    chosen = given = next;
    stage?.look(next);
  }

  /** Where the camera stood when two fingers came down. @type {Camera | undefined} */
  let before;

  element.tabIndex = 0;
  element.addEventListener("keydown", press);
  const stopPinch = listenToPinch(
    element,
    () => (before = stage?.camera()),
    (factor) => before && put(zoomed(before, usual(figure), 1 / factor)),
  );

  return {
    /** The camera to lay the scene out with. @returns {Camera} */
    value() {
      const now = stage?.camera();
      if (now && distance(now.eye, given.eye) + distance(now.center, given.center) > 1e-4) chosen = now;
      given = chosen ?? usual(figure);
      return given;
    },
    /** @param {Scene} next */
    attach(next) {
      stage = next;
    },
    /** Remember where the camera stands, before its scene goes. */
    keep() {
      chosen = stage?.camera() ?? chosen;
      stage = null;
    },
    destroy() {
      element.removeEventListener("keydown", press);
      stopPinch();
      element.removeAttribute("tabindex");
    },
  };
}

/**
 * So near that the box and its labels just fit: seen from EYE, the box takes 0.95 of the picture's height across and 0.89 of it
 * up and down.
 * @param {Figure} figure
 * @returns {Camera}
 */
function usual({ width, height, text }) {
  const across = (0.95 * height) / Math.max(width - 7 * text, 1);
  const upright = (0.89 * height) / Math.max(height - 5.5 * text, 1);
  return moved({ eye: EYE, center: CENTER, up: UP }, Math.min(Math.max(across, upright, 1), 5));
}

/**
 * @param {Camera} camera
 * @param {number} factor  of the distance
 * @returns {Camera}
 */
function moved({ eye, center, up }, factor) {
  const along = (/** @type {"x" | "y" | "z"} */ i) => center[i] + (eye[i] - center[i]) * factor;
  return { eye: { x: along("x"), y: along("y"), z: along("z") }, center, up };
}

/**
 * Nearer or farther, but neither into the bowl nor so far that nothing of it is seen.
 * @param {Camera} camera
 * @param {Camera} usual
 * @param {number} factor  of the distance
 * @returns {Camera}
 */
function zoomed(camera, usual, factor) {
  const [now, whole] = [camera, usual].map(({ eye, center }) => distance(eye, center));
  return moved(camera, Math.min(Math.max(now * factor, whole / REACH), whole * REACH) / now);
}

/**
 * @param {Camera} camera
 * @param {number} around  radians
 * @param {number} upward  radians
 * @returns {Camera}
 */
function turned({ eye, center, up }, around, upward) {
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const radius = Math.hypot(x, y, z);
  const angle = Math.atan2(y, x) + around;
  const rise = Math.min(Math.max(Math.asin(z / radius) + upward, -STEEPEST), STEEPEST);
  const flat = radius * Math.cos(rise);
  return {
    eye: {
      x: center.x + flat * Math.cos(angle),
      y: center.y + flat * Math.sin(angle),
      z: center.z + radius * Math.sin(rise),
    },
    center,
    up,
  };
}

/** @param {Vector} a @param {Vector} b */
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);

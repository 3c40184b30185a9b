/**
 * From a point of a 3D scene to pixels. Matrices are 4×4, column by column, as WebGL has them; the conventions of the
 * public-only part (field of view, cube around the origin) are those of Plotly's scenes.
 *
 * @import {Range} from "./types.js"
 * @typedef {ArrayLike<number>} Matrix
 * @typedef {{x: number, y: number, z: number}} Vector
 */

const FIELD_OF_VIEW = Math.PI / 4;
const NEAR = 0.01;
const FAR = 1000;

/**
 * Make the function that projects a point (x, y, z) to [pixels from the left, pixels from the top].
 * @param {readonly [model: Matrix, view: Matrix, projection: Matrix]} matrices
 * @param {readonly number[]} scale  of the point's coordinates before the model matrix
 * @param {number} width
 * @param {number} height
 * @returns {(x: number, y: number, z: number) => [number, number]}
 */
export function projector([model, view, projection], scale, width, height) {
  const m = multiply(projection, multiply(view, model));
  return (px, py, pz) => {
    const x = px * scale[0];
    const y = py * scale[1];
    const z = pz * scale[2];
    const depth = m[3] * x + m[7] * y + m[11] * z + m[15];
    return [
      (0.5 + (0.5 * (m[0] * x + m[4] * y + m[8] * z + m[12])) / depth) * width,
      (0.5 - (0.5 * (m[1] * x + m[5] * y + m[9] * z + m[13])) / depth) * height,
    ];
  };
}

/**
 * The model matrix that brings ranges into a box around the origin.
 * @param {readonly [Range, Range, Range]} ranges
 * @param {Vector} aspect  the box's sides
 * @returns {Matrix}
 */
export function toCube(ranges, aspect) {
  const matrix = new Array(16).fill(0);
  [aspect.x, aspect.y, aspect.z].forEach((side, i) => {
    const [low, high] = ranges[i];
    matrix[5 * i] = side / (high - low);
    matrix[12 + i] = (-0.5 * side * (low + high)) / (high - low);
  });
  matrix[15] = 1;
  return matrix;
}

/**
 * The view matrix of a camera.
 * @param {{eye: Vector, center: Vector, up: Vector}} camera
 * @returns {Matrix}
 */
export function lookAt({ eye, center, up }) {
  const back = unit({ x: eye.x - center.x, y: eye.y - center.y, z: eye.z - center.z });
  const right = unit(cross(up, back));
  const top = cross(back, right);
  return [
    right.x, top.x, back.x, 0,
    right.y, top.y, back.y, 0,
    right.z, top.z, back.z, 0,
    -dot(right, eye), -dot(top, eye), -dot(back, eye), 1,
  ];
}

/**
 * The projection matrix of a picture so many times wider than high.
 * @param {number} aspect
 * @returns {Matrix}
 */
export function perspective(aspect) {
  const f = 1 / Math.tan(FIELD_OF_VIEW / 2);
  const depth = NEAR - FAR;
  return [f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (FAR + NEAR) / depth, -1, 0, 0, (2 * FAR * NEAR) / depth, 0];
}

/** @param {Matrix} a @param {Matrix} b @returns {number[]} */
function multiply(a, b) {
  return Array.from({ length: 16 }, (_, i) => {
    const [row, column] = [i % 4, i - (i % 4)];
    return a[row] * b[column] + a[row + 4] * b[column + 1] + a[row + 8] * b[column + 2] + a[row + 12] * b[column + 3];
  });
}

/** @param {Vector} a @param {Vector} b */
const dot = (a, b) => a.x * b.x + a.y * b.y + a.z * b.z;

/** @param {Vector} a @param {Vector} b @returns {Vector} */
const cross = (a, b) => ({ x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x });

/** @param {Vector} v @returns {Vector} */
function unit(v) {
  const length = Math.hypot(v.x, v.y, v.z) || 1;
  return { x: v.x / length, y: v.y / length, z: v.z / length };
}

/**
 * Numbers as text. The digits are those of Python's `format` at the precision shown, so that a number on the page, in a
 * REST answer and in a NumPy script can be compared digit for digit; the signs are typographic: a true minus, a thin space
 * between groups of three.
 *
 * JavaScript's own toFixed and toPrecision round an exact tie away from zero (0.125 → 0.13) where Python rounds it to the
 * even neighbour (0.12); that is mended here.
 */

const MINUS = "\u2212";
const THIN_SPACE = "\u202f";

/**
 * `f"{x:.{decimals}f}"`.
 * @param {number} x
 * @param {number} decimals
 */
export function fixed(x, decimals) {
  if (!Number.isFinite(x)) return notFinite(x);
  const size = Math.abs(x);
  if (size >= 1e21) return sign(x) + BigInt(size) + (decimals ? "." + "0".repeat(decimals) : "");
  return sign(x) + (isTie(size, decimals) ? even(size, decimals) : size.toFixed(decimals));
}

/**
 * `f"{x:#.{digits}g}"` without an idle point: this many significant digits, with an exponent below 1e-4 and from 10^digits on.
 * @param {number} x
 * @param {number} digits
 */
export function significant(x, digits) {
  if (!Number.isFinite(x)) return notFinite(x);
  if (x === 0) return sign(x) + (0).toFixed(digits - 1);
  const [mantissa, exponent] = scientific(Math.abs(x), digits);
  if (exponent < -4 || exponent >= digits) return sign(x) + mantissa + power(exponent);
  return fixed(x, digits - 1 - exponent);
}

/**
 * `f"{x:.{digits}g}"`: the same without idle zeros, for labels.
 * @param {number} x
 * @param {number} digits
 */
export function short(x, digits) {
  return significant(x, digits).replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "");
}

/**
 * A whole number in groups of three: 1 000 000.
 * @param {number} n
 */
export function count(n) {
  return sign(n) + String(Math.abs(n)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** The whole numbers of a sentence in groups of three. @param {string} sentence */
export const counted = (sentence) => sentence.replace(/(?<![\w.+\u2212-])\d{4,}(?!\.?\w)/g, (digits) => count(Number(digits)));

/** A text whose numbers are written as Python writes them, with true minus signs. @param {string} text */
export const withMinus = (text) => text.replace(/-(?=\d)/g, MINUS);

/**
 * `repr(x)`: the shortest digits that give the same float back, written as Python writes them.
 * @param {number} x
 */
export function repr(x) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const minus = x < 0 || Object.is(x, -0) ? "-" : "";
  const [mantissa, exponent] = Math.abs(x).toExponential().split("e");
  const at = Number(exponent);
  const digits = mantissa.replace(".", "");
  if (at < -4 || at >= 16) return minus + mantissa + pythonExponent(at);
  if (at < 0) return `${minus}0.${"0".repeat(-at - 1)}${digits}`;
  const whole = digits.slice(0, at + 1).padEnd(at + 1, "0");
  return `${minus}${whole}.${digits.slice(at + 1) || "0"}`;
}

/** @param {number} x */
const sign = (x) => (x < 0 || Object.is(x, -0) ? MINUS : "");

/** @param {number} x */
const notFinite = (x) => (Number.isNaN(x) ? "nan" : `${sign(x)}∞`);

/** @param {number} exponent */
const power = (exponent) => pythonExponent(exponent).replace("-", MINUS);

/** @param {number} exponent */
const pythonExponent = (exponent) =>
  `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;

/**
 * Whether a size ≥ 0 lies exactly in the middle between two decimals. A float that does ends with that 5: all its further
 * decimals, which toFixed knows exactly, are zero.
 * @param {number} size
 * @param {number} decimals
 */
function isTie(size, decimals) {
  if (decimals > 50 || !mayBeTie(size, decimals)) return false;
  const rest = size.toFixed(100).split(".")[1].slice(decimals);
  return rest[0] === "5" && /^50*$/.test(rest);
}

/**
 * What every tie fulfils, and hardly another float: an odd multiple of 1/(2·10^decimals) has no more than decimals + 1 binary
 * places. Most numbers are done with here, without all their digits.
 * @param {number} size
 * @param {number} decimals
 */
const mayBeTie = (size, decimals) => Number.isInteger(size * 2 ** (decimals + 1));

/**
 * A tie rounded to the even last digit.
 * @param {number} size
 * @param {number} decimals
 */
function even(size, decimals) {
  const digits = size.toFixed(decimals + 1).replace(".", "").slice(0, -1);
  const rounded = (BigInt(digits) + BigInt(Number(digits.slice(-1)) % 2)).toString().padStart(decimals + 1, "0");
  return decimals ? `${rounded.slice(0, -decimals)}.${rounded.slice(-decimals)}` : rounded;
}

/**
 * Mantissa with `digits` digits and exponent of a size > 0, ties to even.
 * @param {number} size
 * @param {number} digits
 * @returns {[mantissa: string, exponent: number]}
 */
function scientific(size, digits) {
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  // What carries over to the next power of ten is rounded up to an even digit in any case.
  const decimals = digits - 1 - Number(exponent);
  if (decimals >= 0 && !mayBeTie(size, decimals)) return [mantissa, Number(exponent)];
  const [all, power] = size.toExponential(100).replace(".", "").split("e");
  if (!/^50*$/.test(all.slice(digits))) return [mantissa, Number(exponent)];
  const kept = all.slice(0, digits);
  const rounded = String(BigInt(kept) + BigInt(Number(kept.slice(-1)) % 2));
  return [point(rounded.slice(0, digits)), Number(power) + rounded.length - digits];
}

/** @param {string} digits */
const point = (digits) => (digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits);

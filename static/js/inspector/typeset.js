/** @import { Formula } from "../types.js" */

/**
 * Formulas as boxes: what MathML's elements are made from, with the numbers in places of their own so that they can be
 * exchanged while the rest stands still.
 *
 * @typedef {{ tag: string, text?: string, children?: Box[], small?: boolean, value?: number, guarded?: boolean,
 *   raised?: boolean, exact?: boolean }} Box
 *   small: a fraction as in a line of text; value: a number to write; guarded: in parentheses if it is negative; raised: to a
 *   power, so in parentheses if it has an exponent of its own; exact: one that somebody chose, so not rounded.
 * @typedef {(name: string) => Box} Leaf what a name becomes
 */

import { repr, short } from "../numbers.js";

const DIGITS = 4;
const MOST_DIGITS = 10;

/** @param {string} text @returns {Box} */
export const identifier = (text) => ({ tag: "mi", text });
/** @param {string} text @returns {Box} */
export const sign = (text) => ({ tag: "mo", text });
/** @param {string} text @returns {Box} */
export const words = (text) => ({ tag: "mtext", text });
/** @param {number} value @param {boolean} [exact] @returns {Box} */
export const number = (value, exact = false) => ({ tag: "mn", value, exact });
/** @param {string} tag @param {...Box} children @returns {Box} */
export const element = (tag, ...children) => ({ tag, children });
/** @param {...Box} children */
export const row = (...children) => element("mrow", ...children);
/** @param {...Box} children */
export const fenced = (...children) => row(sign("("), ...children, sign(")"));

const SUM = 1;
const PRODUCT = 2;
const POWER = 3;

/**
 * @param {Formula} formula
 * @param {Leaf} leaf
 * @param {{ count?: number }} [more] count: of the rows that a mean is taken over
 */
export function typeset(formula, leaf, more = {}) {
  let inside = 0; // how many fractions
  return set(formula, 0, true);

  /**
   * @param {Formula} part
   * @param {number} level of what stands around it: what binds less is put into parentheses
   * @param {boolean} first nothing stands before it, so that a minus cannot be misread
   * @returns {Box}
   */
  function set(part, level, first) {
    if (typeof part === "number") return { tag: "mn", text: String(part) };
    if (typeof part === "string") return guarded(leaf(part), first);
    const [operator, left, right, other] = part;
    switch (operator) {
      case "+":
        return within(level > SUM, (free) => row(set(left, SUM, free || first), sign("+"), set(right, SUM, false)));
      case "-":
        return within(level > SUM, (free) => row(set(left, SUM, free || first), sign("−"), set(right, PRODUCT, false)));
      case "*":
        return square(left, right) ?? within(level > PRODUCT, (free) => row(set(left, PRODUCT, free || first), sign("⋅"), set(right, PRODUCT, false)));
      case "/":
        return quotient(left, right, level);
      case "**":
        return element("msup", { ...set(left, POWER + 1, false), raised: true }, set(right, 0, true));
      case "negative":
        return within(!first, () => row(sign("−"), set(left, PRODUCT, false)));
      case "sqrt":
        return element("msqrt", set(left, 0, true));
      case "abs":
        return row(sign("|"), set(left, 0, true), sign("|"));
      case "sign":
        return row(identifier("sgn"), fenced(set(left, 0, true)));
      case "mean":
        return row({ ...element("mfrac", { tag: "mn", text: "1" }, number(more.count ?? 1, true)), small: true }, sign("∑"), set(left, PRODUCT, false));
      case "where":
        return chosen(left, right, other, first);
      default:
        throw new RangeError(`unknown operator: "${operator}"`);
    }
  }

  /** A fraction; within another one, where it would be too small to read, on one line. @param {Formula} left @param {Formula} right @param {number} level */
  function quotient(left, right, level) {
    if (inside > 0) return within(level > PRODUCT, () => row(set(left, PRODUCT, false), sign("/"), set(right, POWER, false)));
    inside += 1;
    const fraction = element("mfrac", set(left, 0, true), set(right, 0, true));
    inside -= 1;
    return fraction;
  }

  /** g·g as g², also behind another factor; null for what is no square. @param {Formula} left @param {Formula} right @returns {Box | null} */
  function square(left, right) {
    if (typeof right !== "string") return null;
    const power = () => element("msup", { ...guarded(leaf(right), false), raised: true }, { tag: "mn", text: "2" });
    if (left === right) return power();
    return Array.isArray(left) && left[0] === "*" && left[2] === right ? row(set(left[1], PRODUCT, true), sign("⋅"), power()) : null;
  }

  /** Of two cases the one that holds, with the reason below it. @param {Formula} condition @param {Formula} yes @param {Formula} no @param {boolean} first */
  function chosen(condition, yes, no, first) {
    const [, left, right] = /** @type {[string, Formula, Formula]} */ (condition);
    const holds = valueOf(left) > valueOf(right);
    const value = { ...number(valueOf(holds ? yes : no), true), guarded: !first };
    return element("munder", value, row(set(left, 0, true), sign(holds ? ">" : "≤"), set(right, 0, true)));
  }

  /** @param {Formula} part @returns {number} */
  function valueOf(part) {
    if (typeof part === "number") return part;
    if (typeof part === "string") return leaf(part).value ?? NaN;
    if (part[0] === "negative") return -valueOf(part[1]);
    throw new RangeError(`expected a number or a name, got "${part[0]}"`);
  }
}

/** @param {boolean} needed @param {(free: boolean) => Box} inner */
const within = (needed, inner) => (needed ? fenced(inner(true)) : inner(false));

/** @param {Box} box @param {boolean} first @returns {Box} */
const guarded = (box, first) => (box.value === undefined ? box : { ...box, guarded: !first });

/** The formula for each row of a batch by itself: without its means. @param {Formula} formula @returns {Formula} */
export function rowByRow(formula) {
  if (!Array.isArray(formula)) return formula;
  const [operator, ...operands] = formula;
  return operator === "mean" ? rowByRow(operands[0]) : [operator, ...operands.map(rowByRow)];
}

/** @param {Formula} formula @returns {Set<string>} */
export function namesIn(formula) {
  if (typeof formula === "string") return new Set([formula]);
  return new Set(Array.isArray(formula) ? formula.slice(1).flatMap((operand) => [...namesIn(operand)]) : []);
}

/** A number as it is shown. @param {Box} box */
export function shown({ value = NaN, guarded: guard, raised, exact }) {
  const text = short(value, exact ? MOST_DIGITS : DIGITS);
  return (guard && (value < 0 || Object.is(value, -0))) || (raised && text.includes("e")) ? `(${text})` : text;
}

/** An equation as a line of text with every digit of its numbers. @param {Box} box @returns {string} */
export function plain(box) {
  if (box.value !== undefined) {
    const text = Number.isInteger(box.value) ? String(box.value) : repr(box.value);
    return (box.guarded && box.value < 0 ? `(${text})` : text).replace("-", "−");
  }
  const parts = (box.children ?? []).map(plain);
  switch (box.tag) {
    case "mfrac":
      return `${grouped(box.children?.[0], parts[0])} / ${grouped(box.children?.[1], parts[1])}`;
    case "msup":
      return `${parts[0]}^${parts[1]}`;
    case "msub":
      return `${parts[0]}_${parts[1]}`;
    case "msqrt":
      return `√(${parts.join("")})`;
    case "munder":
      return `${parts[0]} [${parts[1]}]`;
    case "mo":
      return /[()|,]/.test(box.text ?? "") ? (box.text === "," ? ", " : (box.text ?? "")) : ` ${box.text} `;
    default:
      return (box.text ?? "") + parts.join("");
  }
}

/** @param {Box | undefined} box @param {string} text */
const grouped = (box, text) => (box?.tag === "mrow" && / [+−⋅] /.test(text) ? `(${text})` : text);

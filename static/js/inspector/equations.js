/** @import { Formula, Line, Update } from "../types.js" */
/** @import { Box } from "./typeset.js" */

/**
 * What happens in an update, line by line: each line of NumPy, and the equations that it stands for with their numbers.
 *
 * @typedef {{ code: string, target: string, equations: Box[] }} Told
 */

import { element, fenced, identifier, namesIn, number, row, rowByRow, sign, typeset } from "./typeset.js";

/** The mean of the batch, in the place of one of its rows. */
export const MEAN = -1;

/** Names in the code whose symbol is another. */
const SYMBOLS = /** @type {Record<string, string>} */ ({ y_hat: "ŷ", loss: "L", slope: "δ", rate: "a", step: "a" });
/** Symbols of what has one value in each step. */
const OF_THE_STEP = ["rate", "step"];

/**
 * @param {Update} update
 * @param {number} place of the row of the batch that is looked at, or MEAN
 * @param {Line["phase"]} phase
 * @returns {Told[]}
 */
export const tell = (update, place, phase) => update.lines.filter((line) => line.phase === phase).map((line) => ({
  code: line.code,
  target: line.target,
  equations: line.phase === "move" ? moves(update, line) : [pass(update, line, place)],
}));

/** A line of the way forward or backward. @param {Update} update @param {Line} line @param {number} place @returns {Box} */
function pass(update, line, place) {
  const { batch, before, gradient, parameters } = update;
  const { target, formula } = line;
  const single = batch.count === 1;
  const at = single ? 0 : place;
  const symbol = symbols(parameters, !single);
  if (target === "g") {
    const own = at === MEAN ? gradient : Object.fromEntries(parameters.map((name) => [name, batch.columns[`g_${name}`][at]]));
    return row(row(identifier("∇"), symbol(at === MEAN ? "L" : "loss")), sign("="), ...sum(parameters.map((name) => own[name])));
  }
  if (at === MEAN) return ofAll(update, line, symbols(parameters, true));
  /** @param {string} name */
  const value = (name) => number(batch.columns[name]?.[at] ?? before[name]);
  const own = rowByRow(formula);
  // A name alone says more than its number twice.
  const right = typeset(own, typeof own === "string" ? symbol : value);
  return row(symbol(target), sign("="), right, sign("="), number(batch.columns[target][at]));
}

/** A line for all rows of a batch at once: i stands for each of them. @param {Update} update @param {Line} line @param {ReturnType<typeof symbols>} symbol */
function ofAll({ batch, before }, { target, formula }, symbol) {
  const leaf = (/** @type {string} */ name) => (name in batch.columns ? symbol(name) : number(before[name]));
  const right = typeset(formula, leaf, { count: batch.count });
  if (!hasMean(formula)) return row(symbol(target), sign("="), right);
  return row(symbol(target, true), sign("="), right, sign("="), number(batch.means[target]));
}

/** A line of the method, for each parameter if it has numbers of its own. @param {Update} update @param {Line} line */
function moves({ parameters, lines }, { target, formula, values = {}, result = NaN }) {
  const several = [result, ...Object.values(values)].some(Array.isArray);
  const made = new Set(lines.filter((line) => line.phase === "move").map((line) => line.target));
  return (several ? parameters : parameters.slice(0, 1)).map((parameter, i) => {
    /** @param {number | number[]} value @param {boolean} exact */
    const one = (value, exact) => (Array.isArray(value) ? number(value[i]) : number(value, exact));
    const right = typeset(formula, (name) => one(values[name], !made.has(name) || name === "t"));
    const arrow = namesIn(formula).has(target) ? "←" : "=";
    return row(ofMove(target, several ? parameter : null), sign(arrow), right, sign("="), one(result, target === "t"));
  });
}

/** @param {string} name @param {string | null} parameter @returns {Box} */
function ofMove(name, parameter) {
  if (name === "theta" && parameter) return identifier(parameter);
  const symbol = identifier(SYMBOLS[name] ?? name);
  if (parameter) return element("msub", symbol, identifier(parameter));
  return OF_THE_STEP.includes(name) ? element("msub", symbol, identifier("t")) : symbol;
}

/**
 * The symbols of the names in the lines of forward and backward.
 *
 * @param {readonly string[]} parameters
 * @param {boolean} indexed with i where it is one of several rows
 */
export const symbols = (parameters, indexed) => (/** @type {string} */ name, meant = false) => {
  const of = name.startsWith("g_") ? name.slice(2) : "";
  const index = (/** @type {Box} */ box) => (indexed && !meant ? element("msub", box, identifier("i")) : box);
  if (parameters.includes(of)) return row(identifier("∂"), index(identifier("L")), sign("/"), identifier("∂"), identifier(of));
  return parameters.includes(name) || name === "L" ? identifier(name) : index(identifier(SYMBOLS[name] ?? name));
};

/** Several slopes as what they are together: (2, 0) + (0, 3) = (2, 3). @param {number[]} slopes @returns {Box[]} */
function sum(slopes) {
  if (slopes.length === 1) return [number(slopes[0])];
  const zero = { tag: "mn", text: "0" };
  const alone = slopes.map((slope, i) => vector(slopes.map((_, j) => (i === j ? number(slope) : zero))));
  const added = alone.flatMap((part, i) => (i > 0 ? [sign("+"), part] : [part]));
  return [...added, sign("="), vector(slopes.map((slope) => number(slope)))];
}

/** @param {Box[]} entries */
const vector = (entries) => fenced(...entries.flatMap((entry, i) => (i > 0 ? [sign(","), entry] : [entry])));

/** @param {Formula} formula @returns {boolean} */
const hasMean = (formula) => Array.isArray(formula) && (formula[0] === "mean" || formula.slice(1).some(hasMean));

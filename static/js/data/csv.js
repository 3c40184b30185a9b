/**
 * Tables of numbers as text, read and written: comma, tab or semicolon between the values, one row a line, a header or none.
 * Nothing is guessed silently and nothing is left out: what cannot be read is named with its line.
 *
 * @typedef {{ key: string, facts: Record<string, string | number> }} Wrong
 *   What is wrong with a text, as a key of the page's words with its facts; mostly with the line.
 * @typedef {"comma" | "tab" | "semicolon"} Separator
 * @typedef {{ separator: Separator, header: string[] | null, width: number, rows: string[][], lines: number[], first: [x: number, y: number] }} Table
 *   width: how many columns; lines: the line of each row in the text, from 1; first: the first two columns with numbers.
 * @typedef {{ x: number[], y: number[] }} Points
 */

/** As the engine has it: numbers beyond this are no data (10¹²). */
export const LARGEST = 1e12;

const SIGNS = /** @type {const} */ ({ tab: "\t", semicolon: ";", comma: "," });
const SEPARATORS = /** @type {Separator[]} */ (Object.keys(SIGNS));
const SAMPLE = 20; // lines that show what stands between the values
const MOST_QUOTED = 24; // characters of a bad value that are repeated

/** Digits and signs as wide as a Chinese character, as some keyboards write them, each so far behind the usual one. */
const WIDE = /[\uff0b-\uff0e\uff10-\uff19\uff1b]/g;
const WIDER = 0xfee0;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WITH_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$|^[+-]?\d+,\d*(e[+-]?\d+)?$/i;
const ENDLESS = /^[+-]?(nan|inf|infinity|∞)$/i;

/** @param {string} key @param {Record<string, string | number>} [facts] @returns {{ ok: false, wrong: Wrong }} */
const wrong = (key, facts = {}) => ({ ok: false, wrong: { key: `csv.${key}`, facts } });

/** The value as it was written, shortened. @param {string} text */
const quoted = (text) => (text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED - 1)}…` : text);

/**
 * The rows of a text.
 *
 * @param {string} text
 * @param {number} most rows
 * @returns {{ ok: true, table: Table } | { ok: false, wrong: Wrong }}
 */
export function readTable(text, most) {
  if (text.includes("\0")) return wrong("no-text");
  const clean = text.replace(/^\ufeff/, "").replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - WIDER));
  const separator = separatorOf(clean);
  const read = clean.includes('"') ? readQuoted(clean, SIGNS[separator]) : readPlain(clean, SIGNS[separator]);
  if ("open" in read) return wrong("open-quote", { line: read.open });
  const { rows, lines } = read;
  if (rows.length === 0) return wrong("empty");
  const comma = separator !== "comma";
  const width = usualWidth(rows);
  const [top] = lines;
  const header = rows[0].some((cell) => looksNumeric(cell, comma)) ? null : rows[0];
  if (header) {
    rows.shift();
    lines.shift();
    if (rows.length === 0) return wrong("header-alone", { line: top });
  }
  if (rows.length > most) return wrong("too-many", { line: lines[most], count: rows.length, most });
  const odd = rows.findIndex((row) => fitWidth(row, width) !== width);
  if (odd >= 0) return wrong("width", { line: lines[odd], expected: width, got: rows[odd].length });
  if (width < 2 || rows.every(isSpaced)) return wrong("one-column", { line: top });
  const begins = (/** @type {number} */ column) => rows.slice(0, SAMPLE).find((row) => row[column] !== "")?.[column] ?? "";
  const numeric = Array.from({ length: width }, (_, column) => column).filter((column) => looksNumeric(begins(column), comma));
  const [x, y] = numeric.length > 1 ? numeric : [0, 1];
  return { ok: true, table: { separator, header, width, rows, lines, first: [x, y] } };
}

/**
 * Two columns of a table as numbers, all of them or none.
 *
 * @param {Table} table
 * @param {number} xColumn
 * @param {number} yColumn
 * @returns {{ ok: true, points: Points } | { ok: false, wrong: Wrong }}
 */
export function pointsOf(table, xColumn, yColumn) {
  /** @type {Points} */
  const points = { x: [], y: [] };
  const columns = /** @type {const} */ ([[xColumn, points.x], [yColumn, points.y]]);
  /** The first line whose number has a comma in it, and the first with a point: both together would be a riddle. */
  const marks = { comma: 0, point: 0 };
  for (let row = 0; row < table.rows.length; row += 1) {
    const line = table.lines[row];
    for (const [column, values] of columns) {
      const cell = table.rows[row][column];
      const value = numberOf(cell, table.separator !== "comma");
      if (typeof value === "string") return wrong(value, { line, got: quoted(cell), column: columnName(table, column) });
      if (cell.includes(",")) marks.comma ||= line;
      else if (cell.includes(".")) marks.point ||= line;
      if (marks.comma && marks.point) {
        return wrong("two-marks", { line, got: quoted(cell), other: Math.min(marks.comma, marks.point) });
      }
      values.push(value);
    }
  }
  return { ok: true, points };
}

/** What a column is called: by the header, else by its place. @param {Table} table @param {number} column */
export const columnName = ({ header }, column) => header?.[column] || String(column + 1);

/**
 * Points as a table with a header: the text that `readTable` reads back to the same numbers.
 *
 * @param {Points} points
 * @param {readonly [x: string, y: string]} names
 */
export function writeTable({ x, y }, names) {
  const header = names.map((name) => (/[",;\t\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name));
  return `${[header.join(","), ...x.map((value, i) => `${value},${y[i]}`)].join("\n")}\n`;
}

/** A number, or why it is none. @param {string} cell @param {boolean} comma whether a comma may stand for the point @returns {number | "no-value" | "no-number" | "not-finite" | "too-large"} */
function numberOf(cell, comma) {
  if (cell === "") return "no-value";
  const text = cell.replace("\u2212", "-");
  const point = comma && WITH_COMMA.test(text) ? text.replace(",", ".") : text;
  if (!NUMBER.test(point)) return ENDLESS.test(text) ? "not-finite" : "no-number";
  const value = Number(point);
  return Math.abs(value) <= LARGEST ? value + 0 : "too-large";
}

/** @param {string} cell @param {boolean} comma */
const looksNumeric = (cell, comma) => !["no-value", "no-number"].includes(String(numberOf(cell, comma)));

/** What stands between the values: what gives every line equally many, two at least; else what does so for most lines. @param {string} text @returns {Separator} */
function separatorOf(text) {
  const end = nthLineEnd(text, 4 * SAMPLE);
  const sample = text.slice(0, end);
  const counts = SEPARATORS.map((name) => {
    const read = sample.includes('"') ? readQuoted(sample, SIGNS[name]) : readPlain(sample, SIGNS[name]);
    const widths = "open" in read ? [] : read.rows.slice(0, SAMPLE).map((row) => fitWidth(row));
    const wide = widths.filter((width) => width > 1);
    return { name, even: new Set(widths).size === 1 && wide.length > 0, alike: Math.max(0, ...timesOf(wide).values()) };
  });
  const even = counts.find((each) => each.even);
  const [first, ...others] = counts;
  const most = others.reduce((best, each) => (each.alike > best.alike ? each : best), first);
  return (even ?? (most.alike > 0 ? most : null))?.name ?? "comma";
}

/** Where so many lines end, or the text. @param {string} text @param {number} lines */
function nthLineEnd(text, lines) {
  let end = 0;
  for (let line = 0; line < lines; line += 1) {
    const found = text.slice(end).search(/\r\n?|\n/);
    if (found < 0) return text.length;
    end += found + 1;
  }
  return end;
}

/**
 * How many cells a row has; empty ones at its end, beyond `width`, are the separators that some programs put there.
 * @param {string[]} row  loses them
 * @param {number} [width]
 */
function fitWidth(row, width = 1) {
  while (row.length > width && row[row.length - 1] === "") row.pop();
  return row.length;
}

/** The width that most of the first rows have. @param {string[][]} rows */
function usualWidth(rows) {
  const widths = rows.slice(0, SAMPLE).map((row) => row.findLastIndex((cell) => cell !== "") + 1);
  return [...timesOf(widths)].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

/** How often each width occurs. @param {readonly number[]} widths @returns {Map<number, number>} */
function timesOf(widths) {
  const times = new Map();
  for (const width of widths) times.set(width, (times.get(width) ?? 0) + 1);
  return times;
}

/** @param {string} text @param {string} sign @returns {{ rows: string[][], lines: number[] }} */
function readPlain(text, sign) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {number[]} */
  const lines = [];
  text.split(/\r\n?|\n/).forEach((line, i) => {
    const cells = line.split(sign).map((cell) => cell.trim());
    if (isBlank(cells)) return;
    rows.push(cells);
    lines.push(i + 1);
  });
  return { rows, lines };
}

/**
 * The same where values may be in quotes: with separators, line ends and doubled quotes in them.
 *
 * @param {string} text
 * @param {string} sign
 * @returns {{ rows: string[][], lines: number[] } | { open: number }} open: the line of a quote that is never closed
 */
function readQuoted(text, sign) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {number[]} */
  const lines = [];
  /** @type {string[]} */
  let cells = [];
  let cell = "";
  let line = 1;
  let began = 1;
  let opened = 0; // the line of the quote that one is in, 0 outside of all

  function endRow() {
    cells.push(cell.trim());
    if (!isBlank(cells)) {
      rows.push(cells);
      lines.push(began);
    }
    [cells, cell] = [[], ""];
  }

  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i];
    const ends = letter === "\n" || letter === "\r";
    if (letter === "\r" && text[i + 1] === "\n") i += 1;
    if (ends) line += 1;
    if (opened) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') cell += text[(i += 1)];
      else opened = 0;
    } else if (letter === '"' && cell.trim() === "") [cell, opened] = ["", line];
    else if (letter === sign) {
      cells.push(cell.trim());
      cell = "";
    } else if (ends) {
      endRow();
      began = line;
    } else cell += letter;
  }
  if (opened) return { open: opened };
  endRow();
  return { rows, lines };
}

/** Whether commas belong to two numbers with a space between them: "0,1 0,2". @param {string[]} cells */
const isSpaced = (cells) => cells.length === 3 && /^\d+\s+[+-]?\d+$/.test(cells[1]);

/** @param {string[]} cells */
const isBlank = (cells) => cells.every((cell) => cell === "");

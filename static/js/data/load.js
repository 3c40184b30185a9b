/** @import { Points, Table, Wrong } from "./csv.js" */
/** @import { Editor } from "./editor.js" */
/** @import { State } from "../known.js" */
/** @import { Translate } from "../types.js" */

/**
 * The dialog "Paste or upload": a table as text or as a file, what is found in it or wrong with it, and its beans to use.
 * The run on the screen goes on behind it, and stays as it is until they are.
 */

import { byId, h, setAttribute, setText } from "../dom.js";
import { count, short } from "../numbers.js";
import { save } from "../menu/export.js";
import { columnName, pointsOf, readTable, writeTable } from "./csv.js";

const QUICK = 10_000; // characters that are read with every key
const PATIENCE = 150; // ms after the last key before longer ones are read
const MOST_BYTES = 50e6; // of a file: 100 000 rows take a tenth of it
const MOST_SHOWN = 100_000; // characters that a field holds without becoming slow
const ROWS_SHOWN = 4;

/**
 * @param {Editor} editor
 * @param {Translate} t
 * @param {number} most rows
 * @param {(named: string) => void} onUse with what the beans came from
 */
export function createLoad(editor, t, most, onUse) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("load"));
  const field = /** @type {HTMLTextAreaElement} */ (byId("load-text"));
  const file = /** @type {HTMLInputElement} */ (byId("load-file"));
  const name = byId("load-name");
  const selects = ["x", "y"].map((axis) => /** @type {HTMLSelectElement} */ (byId(`load-${axis}`)));
  const choice = byId("load-columns");
  const found = byId("load-found");
  const wrong = byId("load-wrong");
  const preview = byId("load-preview");
  const use = /** @type {HTMLButtonElement} */ (byId("load-use"));
  /** What is read: the text and the file that it came from. */
  let text = "";
  let source = "";
  /** @type {Table | null} */
  let table = null;
  /** @type {{ points: Points, names: [string, string] } | null} */
  let ready = null;
  /** @type {Wrong | null} */
  let trouble = null;
  let timer = 0;
  let picked = ""; // the columns among which a person has chosen
  let reading = 0; // counts the files, so that a slow one does not come after a later one

  /** Read the text anew, with the columns that it offers first. */
  function read() {
    clearTimeout(timer);
    timer = 0;
    [table, ready, trouble] = [null, null, null];
    if (text.trim() !== "") {
      const answer = readTable(text, most);
      if (answer.ok) table = answer.table;
      else trouble = answer.wrong;
    }
    offer();
    take();
  }

  /** The columns to choose from; those that a person chose stay chosen as long as they are the same. */
  function offer() {
    const chosen = picked === columnsOf(table) ? selects.map((select) => select.value) : [];
    const columns = table ? Array.from({ length: table.width }, (_, column) => column) : [];
    selects.forEach((select, i) => {
      const label = (/** @type {number} */ column) => /** @type {Table} */ (table).header?.[column] || t("load.column", { number: column + 1 });
      select.replaceChildren(...columns.map((column) => h("option", { value: String(column) }, label(column))));
      select.value = chosen[i] || String(table?.first[i] ?? "");
    });
    setAttribute(choice, "hidden", columns.length < 2 || (columns.length === 2 && !table?.header));
  }

  /** The beans of the columns that are chosen. */
  function take() {
    if (table) {
      const [x, y] = selects.map((select) => Number(select.value));
      const answer = pointsOf(table, x, y);
      trouble = answer.ok ? null : answer.wrong;
      ready = answer.ok ? { points: answer.points, names: [nameOf(x, "x"), nameOf(y, "y")] } : null;
    }
    render();
  }

  /** @param {number} column @param {string} usual */
  const nameOf = (column, usual) => (table?.header ? columnName(table, column) : usual);

  function render() {
    use.disabled = ready === null;
    setText(wrong, trouble ? t(trouble.key, grouped(trouble.facts)) : "");
    setAttribute(field, "aria-invalid", trouble ? "true" : false);
    setText(found, ready ? summary() : "");
    preview.replaceChildren(...(ready ? rows() : []));
    setAttribute(preview, "hidden", ready === null);
    setText(name, source);
  }

  /** What was found, in a sentence. */
  function summary() {
    const { points: { x, y }, names } = /** @type {NonNullable<typeof ready>} */ (ready);
    const { header, separator } = /** @type {Table} */ (table);
    const [[xLow, xHigh], [yLow, yHigh]] = [ends(x), ends(y)].map((each) => each.map((value) => short(value, 8)));
    const facts = { count: count(x.length), x: names[0], y: names[1], xLow, xHigh, yLow, yHigh };
    return [
      t(x.length === 1 ? "load.found.one" : "load.found", facts),
      t(header ? "load.header" : "load.no-header"),
      t(`load.${separator}`),
    ].join(" ");
  }

  /** The first rows, as they were understood. */
  function rows() {
    const { points: { x, y }, names } = /** @type {NonNullable<typeof ready>} */ (ready);
    const body = x.slice(0, ROWS_SHOWN).map((value, i) => h("tr", {}, h("td", {}, String(value)), h("td", {}, String(y[i]))));
    const more = x.length > ROWS_SHOWN ? [h("tr", {}, h("td", {}, "…"), h("td", {}, "…"))] : [];
    return [
      h("thead", {}, h("tr", {}, ...names.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, ...body, ...more),
    ];
  }

  /** @param {File} chosen */
  async function open(chosen) {
    const own = (reading += 1);
    source = chosen.name;
    field.value = "";
    [text, table, ready] = ["", null, null];
    if (chosen.size > MOST_BYTES) {
      trouble = { key: "load.too-large", facts: { name: chosen.name, most: MOST_BYTES / 1e6 } };
      offer();
      return render();
    }
    const content = await chosen.text().catch(() => null);
    if (own !== reading) return;
    if (content !== null) return put(content);
    trouble = { key: "load.unreadable", facts: { name: chosen.name } };
    offer();
    render();
  }

  /** A text that came all at once: read, and shown if a field can hold it. @param {string} content */
  function put(content) {
    text = content;
    const shown = content.length <= MOST_SHOWN;
    field.value = shown ? content : "";
    field.placeholder = shown ? "" : t("load.too-long");
    read();
  }

  function begin() {
    reading += 1;
    picked = "";
    [text, source] = ["", ""];
    field.value = "";
    file.value = "";
    field.placeholder = "size,toxicity\n0.12,0.55\n0.80,1.10";
    read();
    if (!dialog.open) dialog.showModal();
    field.focus();
  }

  field.addEventListener("input", () => {
    reading += 1;
    [text, source] = [field.value, ""];
    if (text.length <= QUICK) return read();
    clearTimeout(timer);
    timer = setTimeout(read, PATIENCE);
  });
  // A field takes minutes for what is read in a moment.
  field.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (pasted.length <= MOST_SHOWN) return;
    event.preventDefault();
    reading += 1;
    source = "";
    put(pasted);
  });
  file.addEventListener("change", () => file.files?.[0] && open(file.files[0]));
  for (const select of selects) {
    select.addEventListener("change", () => {
      picked = columnsOf(table);
      take();
    });
  }
  use.addEventListener("click", () => {
    // Never the beans of a text that is no longer there.
    if (timer) read();
    if (!ready) return;
    dialog.close();
    editor.use(ready.points, ready.names);
    onUse(source);
  });
  byId("load-close").addEventListener("click", () => dialog.close());
  byId("load-save").addEventListener("click", () => {
    const points = editor.points();
    if (points) save(new Blob([writeTable(points, editor.names())], { type: "text/csv" }), "beans.csv");
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
  listenToDrops((dropped) => {
    begin();
    open(dropped);
  });

  return {
    show: begin,

    /** @param {State} state */
    update({ run }) {
      /** @type {HTMLButtonElement} */ (byId("load-save")).disabled = run === null;
    },
  };
}

/** @param {readonly number[]} values */
function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Numbers in groups of three. @param {Record<string, string | number>} facts */
const grouped = (facts) =>
  Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, typeof value === "number" ? count(value) : value]));

/** Files may be dropped anywhere on the page. @param {(file: File) => void} onFile */
function listenToDrops(onFile) {
  const root = document.documentElement;
  /** @param {DragEvent} event */
  const brings = ({ dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    root.dataset.dropping = "";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete root.dataset.dropping;
  });
  document.addEventListener("drop", (event) => {
    delete root.dataset.dropping;
    const dropped = event.dataTransfer?.files[0];
    if (!dropped) return;
    event.preventDefault();
    onFile(dropped);
  });
}

/** What tells the columns of one table from those of another. @param {Table | null} table */
const columnsOf = (table) => JSON.stringify([table?.width, table?.header]);

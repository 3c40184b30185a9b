/** @import { Language } from "../language.js" */
/** @import { State } from "../known.js" */
/** @import { Translate } from "../types.js" */
/** @import { Answer } from "./server.js" */

/** The menu "Export": the run as a file, one at a time, with how far it is and a way to stop it. */

import { byId, h, setAttribute, setText } from "../dom.js";
import { count } from "../numbers.js";
import { namesOf } from "../data/columns.js";
import { shownStep } from "../known.js";
import { currentTheme } from "../theme.js";
import { createMenu } from "./menu.js";
import { exported } from "./server.js";
import { isUnderWay, upToShown, whyNot } from "./words.js";

/** A browser reads the file after the click; then its address is given back, in ms. */
const KEPT = 60_000;
/** The formats that have colours. */
const COLOURED = ["gif", "mp4", "png", "html"];

/**
 * @param {Translate} t
 * @param {Language["code"]} language
 * @param {State} state
 */
export function createExport(t, language, state) {
  const button = /** @type {HTMLButtonElement} */ (byId("export"));
  const panel = byId("export-panel");
  const bar = byId("export-bar");
  const cancel = byId("export-cancel");
  const said = byId("export-said");
  const extent = byId("export-extent");
  const formats = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll("[data-format]")]);
  const extents = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll("[data-extent]")]);
  /** The run as far as it is shown, or all of it. */
  let chosen = "shown";
  /** @type {AbortController | null} */
  let working = null;
  let unreachable = false; // the server, the last time

  const menu = createMenu(button, panel, (open) => {
    if (open) relabel();
    else if (!working) setText(said, "");
  });

  /** What can be chosen now, in words. */
  function relabel() {
    setAttribute(extent, "hidden", !isUnderWay(state));
    for (const item of extents) {
      const value = item.dataset.extent ?? "";
      const steps = value === "shown" ? shownStep(state) : state.spec.steps;
      setAttribute(item, "aria-checked", String(value === chosen));
      const label = item.querySelector("span");
      if (label) setText(label, t(`export.extent.${value}`, { steps: count(steps) }));
    }
  }

  /** @param {AbortController | null} now */
  function setWorking(now) {
    working = now;
    setAttribute(button, "aria-busy", now !== null);
    setAttribute(bar, "hidden", now === null);
    setAttribute(bar, "aria-valuenow", false);
    setAttribute(cancel, "hidden", now === null);
    for (const item of formats) setAttribute(item, "aria-disabled", now !== null && "true");
  }

  /** @param {number} done @param {number} total */
  function showProgress(done, total) {
    const share = total > 0 ? done / total : 0;
    bar.style.setProperty("--done", String(share));
    setAttribute(bar, "aria-valuenow", String(Math.round(100 * share)));
  }

  /** @param {string} format */
  async function make(format) {
    if (working) return;
    const own = new AbortController();
    setWorking(own);
    setText(said, t("export.working", { format: t(`export.${format}`) }));
    const spec = chosen === "shown" ? upToShown(state) : state.spec;
    const theme = COLOURED.includes(format) ? currentTheme() : undefined;
    const answer = await exported(spec, { format, theme, names: format === "csv" ? null : namesOf(state), language: language(), signal: own.signal, onProgress: showProgress });
    const onCancel = document.activeElement === cancel;
    setWorking(null);
    if (onCancel) formats.find((item) => item.dataset.format === format)?.focus();
    setText(said, outcome(answer));
    unreachable = !answer.ok && state.connection === "lost";
    if (answer.ok) save(answer.file, answer.name);
    else menu.reveal();
  }

  /** @param {Answer} answer */
  function outcome(answer) {
    if (answer.ok) return t("export.done", { name: answer.name });
    return answer.why === "cancelled" ? t("export.cancelled") : whyNot(t, answer);
  }

  for (const item of formats) item.addEventListener("click", () => make(item.dataset.format ?? ""));
  for (const item of extents) {
    item.addEventListener("click", () => {
      chosen = item.dataset.extent ?? "";
      relabel();
    });
  }
  cancel.addEventListener("click", () => working?.abort());

  return {
    /** @param {State} shown */
    update({ run, connection }) {
      button.disabled = run === null;
      if (unreachable && connection === "open") {
        unreachable = false;
        setText(said, "");
      }
      if (menu.isOpen()) relabel();
    },
  };
}

/** Hand a file to the browser to keep. @param {Blob} file @param {string} name */
export function save(file, name) {
  const link = h("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}

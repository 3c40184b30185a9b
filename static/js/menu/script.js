/** @import { Language } from "../language.js" */
/** @import { Translate, Spec } from "../types.js" */

/** "Copy as NumPy": the run as a script, in a dialog, to read and to copy. */

import { byId, setAttribute, setText } from "../dom.js";
import { copyField } from "./clipboard.js";
import { exported } from "./server.js";
import { whyNot } from "./words.js";

/**
 * @param {Translate} t
 * @param {Language["code"]} language
 * @param {() => Spec} spec the run up to the step on the screen
 * @param {() => readonly string[] | null} names what x and y of beans of one's own are called
 */
export function createScript(t, language, spec, names) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("script"));
  const field = /** @type {HTMLTextAreaElement} */ (byId("script-text"));
  const copy = /** @type {HTMLButtonElement} */ (byId("script-copy"));
  const said = byId("script-said");
  let asking = new AbortController();

  async function copyAll() {
    setText(said, t(await copyField(field) ? "menu.copied" : "menu.copy-by-hand"));
  }

  copy.addEventListener("click", copyAll);
  byId("script-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => asking.abort());
  // The page's own keys rest; the dialog's Escape needs no script.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });

  return {
    /** Fetch it, show it, and copy it at once where that may be. */
    async show() {
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      field.value = "";
      copy.disabled = true;
      setAttribute(field, "aria-busy", "true");
      setText(said, t("menu.writing"));
      dialog.showModal();
      const answer = await exported(spec(), { format: "py", names: names(), language: language(), signal });
      if (signal.aborted) return;
      setAttribute(field, "aria-busy", false);
      if (!answer.ok) return setText(said, whyNot(t, answer));
      field.value = await answer.file.text();
      field.setSelectionRange(0, 0);
      copy.disabled = false;
      await copyAll();
    },
  };
}

/** @import { State } from "../known.js" */
/** @import { Translate } from "../types.js" */

/** The menu "Share": the run and its step as a link, and as a script that computes the same numbers. */

import { byId, setAttribute, setText } from "../dom.js";
import { leavesOutData } from "../state.js";
import { copyField } from "./clipboard.js";
import { createMenu } from "./menu.js";

/**
 * @param {Translate} t
 * @param {() => string} link the address of the run and the step on the screen
 * @param {() => void} showScript
 */
export function createShare(t, link, showScript) {
  const button = /** @type {HTMLButtonElement} */ (byId("share"));
  const field = /** @type {HTMLInputElement} */ (byId("share-link"));
  const box = byId("share-field");
  const said = byId("share-said");
  const leftOut = byId("share-left-out");
  let copies = 0;

  const menu = createMenu(button, byId("share-panel"), () => {
    copies += 1;
    setAttribute(box, "hidden", true);
    setText(said, "");
  });

  async function copyLink() {
    const copy = (copies += 1);
    field.value = link();
    setAttribute(box, "hidden", false);
    setAttribute(leftOut, "hidden", !leavesOutData(new URL(field.value).search));
    setText(said, "");
    const copied = await copyField(field);
    if (copy === copies) setText(said, t(copied ? "menu.copied" : "menu.copy-by-hand"));
  }

  byId("copy-link").addEventListener("click", copyLink);
  byId("copy-numpy").addEventListener("click", () => {
    menu.close(true);
    showScript();
  });

  return {
    /** @param {State} state */
    update({ run }) {
      button.disabled = run === null;
    },
  };
}

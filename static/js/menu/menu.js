/**
 * A button that opens a panel with a menu in it, as ARIA describes it: arrows, Home, End and first letters move among the
 * items, Escape closes it and gives the focus back, and so does a click outside.
 */

import { setAttribute } from "../dom.js";

const ITEMS = "[role=menuitem], [role=menuitemradio]";

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} panel holds the menu, and beside it what the menu has to say
 * @param {(open: boolean) => void} onToggle
 */
export function createMenu(button, panel, onToggle) {
  const items = () => /** @type {HTMLElement[]} */ ([...panel.querySelectorAll(ITEMS)]).filter((item) => item.closest("[hidden]") === null);
  const isOpen = () => !panel.hidden;

  /** Open it, and leave the focus where it is. */
  function reveal() {
    if (isOpen()) return;
    panel.hidden = false;
    setAttribute(button, "aria-expanded", "true");
    onToggle(true);
  }

  /** @param {number} at the item to focus, counted from the end if negative */
  function open(at = 0) {
    reveal();
    focus(at);
  }

  /** @param {boolean} [back] whether the focus returns to the button */
  function close(back = false) {
    if (!isOpen()) return;
    panel.hidden = true;
    setAttribute(button, "aria-expanded", "false");
    if (back) button.focus();
    onToggle(false);
  }

  /** @param {number} at */
  function focus(at) {
    const all = items();
    all[(at + all.length) % all.length]?.focus();
  }

  /** The item that a key leads to, if any. @param {string} key @returns {number | undefined} */
  function aim(key) {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const moves = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 });
    if (key in moves) return moves[key];
    if (key.length > 1 || key.trim() === "") return undefined;
    const letter = key.toLowerCase();
    const after = [...all.keys()].map((i) => (at + 1 + i) % all.length);
    return after.find((i) => all[i].textContent?.trim().toLowerCase().startsWith(letter));
  }

  button.addEventListener("click", () => (isOpen() ? close() : open()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowDown" ? 0 : -1);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "Escape") {
      event.preventDefault();
      close(true);
    } else if (!typing && event.key !== "Tab") {
      // The page's own keys rest while a menu is open.
      event.stopPropagation();
      const at = aim(event.key);
      if (at === undefined) return;
      event.preventDefault();
      focus(at);
    }
  });
  panel.addEventListener("focusout", ({ relatedTarget }) => {
    const there = relatedTarget;
    if (there instanceof Node && !panel.contains(there) && there !== button) close();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !panel.contains(target) && !button.contains(target)) close();
  });
  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });

  return { reveal, close, isOpen };
}

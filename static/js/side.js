/** What stands at the side of the figures, one at a time: tabs as the ARIA practices have them, with arrow keys. */

import { setAttribute } from "./dom.js";

/**
 * @param {HTMLElement} list with role "tablist"
 * @param {(chosen: string) => void} onChange the id of the panel that is shown
 */
export function createSide(list, onChange) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  const panelOf = (/** @type {HTMLElement} */ tab) => tab.getAttribute("aria-controls") ?? "";

  /** @param {string} panel */
  function show(panel) {
    for (const tab of tabs) {
      const chosen = panelOf(tab) === panel;
      setAttribute(tab, "aria-selected", String(chosen));
      setAttribute(tab, "tabindex", chosen ? "0" : "-1");
      const element = document.getElementById(panelOf(tab));
      if (element) setAttribute(element, "hidden", !chosen);
    }
    onChange(panel);
  }

  for (const tab of tabs) tab.addEventListener("click", () => show(panelOf(tab)));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next.focus();
    show(panelOf(next));
  });

  return {
    show,

    /** The panel if another one is shown, else the first one. @param {string} panel */
    toggle(panel) {
      const shown = tabs.some((tab) => panelOf(tab) === panel && tab.getAttribute("aria-selected") === "true");
      show(shown ? panelOf(tabs[0]) : panel);
    },
  };
}

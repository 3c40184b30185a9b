/**
 * Light, dark or projector: as the system prefers until one is chosen, then as chosen.
 *
 * @typedef {"light" | "dark" | "projector"} Theme
 */

import { setAttribute } from "./dom.js";

const KEY = "theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {Theme} */
export const currentTheme = () => /** @type {Theme | undefined} */ (document.documentElement.dataset.theme) ?? "light";

/**
 * @param {Iterable<HTMLElement>} buttons each with its theme in data-theme-choice
 * @param {() => void} onChange
 */
export function createTheme(buttons, onChange) {
  const all = [...buttons];
  let chosen = isKept();

  /** @param {string} theme */
  function use(theme) {
    document.documentElement.dataset.theme = theme;
    show();
    onChange();
  }

  function show() {
    for (const button of all) setAttribute(button, "aria-pressed", String(button.dataset.themeChoice === currentTheme()));
  }

  for (const button of all) {
    button.addEventListener("click", () => {
      const theme = button.dataset.themeChoice ?? "light";
      chosen = true;
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      use(theme);
    });
  }
  dark.addEventListener("change", () => {
    if (!chosen) use(dark.matches ? "dark" : "light");
  });
  show();
}

function isKept() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Keys for the whole page, where no control of its own has the focus. */

const CONTROLS = "input, select, textarea, button, a, [contenteditable], [role=slider]";

/**
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const action = actions[event.key];
    if (!action || (event.target instanceof Element && event.target.closest(CONTROLS))) return;
    event.preventDefault();
    if (!event.repeat || event.key.startsWith("Arrow")) action();
  });
}

/** Keys for the whole page, where the control that has the focus does not need them itself. */

const TAKES_ALL = "input, select, textarea, [contenteditable], [role=slider]";
const TAKES_SPACE = "input:not([type=range]), select, textarea, [contenteditable], button, a, summary";

/**
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const action = actions[event.key];
    const taken = event.key === " " ? TAKES_SPACE : TAKES_ALL;
    if (!action || (event.target instanceof Element && event.target.closest(taken))) return;
    event.preventDefault();
    if (!event.repeat || event.key.startsWith("Arrow")) action();
  });
}

/** Keys for the whole page, where the control that has the focus does not need them itself. */

const TAKES_ALL = "input, select, textarea, [contenteditable], [role=slider]";
const TAKES_LETTERS = "input:not([type=range]), select, textarea, [contenteditable]";
const TAKES_SPACE = `${TAKES_LETTERS}, button, a, summary`;

/**
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const action = actions[event.key];
    const taken = event.key === " " ? TAKES_SPACE : event.key.length === 1 ? TAKES_LETTERS : TAKES_ALL;
    if (!action || (event.target instanceof Element && event.target.closest(taken))) return;
    event.preventDefault();
    if (!event.repeat || event.key.startsWith("Arrow")) action();
  });
}

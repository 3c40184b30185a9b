/** Keys for the whole page, where the control that has the focus does not need them itself. */

const TAKES_ALL = "input, select, textarea, [contenteditable], [role=slider]";
const TAKES_LETTERS = "input:not([type=range]), select, textarea, [contenteditable]";
const PRESSED = "button, a, summary"; // by Space

/**
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function listenToKeys(actions) {
  // What was clicked has the focus, too, but Space is meant for it only by those who came to it by keyboard. (To ask when the key
  // is down is too late: from then on, its focus is one to be seen.)
  let meant = true;
  document.addEventListener("pointerdown", () => (meant = false), true);
  document.addEventListener("focusin", ({ target }) => (meant = target instanceof Element && target.matches(":focus-visible")));

  /** The controls that a key belongs to. @param {string} key */
  const takers = (key) => (key.length > 1 ? TAKES_ALL : key === " " && meant ? `${TAKES_LETTERS}, ${PRESSED}` : TAKES_LETTERS);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const action = actions[event.key];
    if (!action || (event.target instanceof Element && event.target.closest(takers(event.key)))) return;
    event.preventDefault();
    // Some browsers press a button when the key comes up, whatever became of it before.
    if (event.key === " ") document.addEventListener("keyup", (up) => up.preventDefault(), { once: true });
    if (!event.repeat || event.key.startsWith("Arrow")) action();
  });
}

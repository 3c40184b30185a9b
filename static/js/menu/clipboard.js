/** Texts for somewhere else: through the clipboard where the browser gives it, else selected in their field. */

/**
 * Copy what a field holds; where nothing else may, it is left selected so that a key can copy it.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
export async function copyField(field) {
  try {
    // There is no clipboard for a page that comes over plain HTTP, as from a teacher's machine.
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

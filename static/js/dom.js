/** What the page's modules need of the document, in few words. */

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element with id "${id}"`);
  return element;
}

/** The JSON that the template put into the page. @param {string} id */
export const embedded = (id) => JSON.parse(byId(id).textContent ?? "null");

/**
 * A new element: attributes, then children.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean>} [attributes] true stands for an attribute without value, false for none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** What is written while something is prepared. @type {(() => void)[] | null} */
let kept = null;

/**
 * What `write` makes of texts, attributes and children by the functions below, to be done later: prepared piece by piece, a picture
 * can be there all at once.
 *
 * @param {() => void} write
 * @returns {() => void}
 */
export function prepared(write) {
  /** @type {(() => void)[]} */
  const own = [];
  kept = own;
  try {
    write();
  } finally {
    kept = null;
  }
  return () => own.forEach((each) => each());
}

/** Write a text only where it is new: a write costs a layout. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent === text) return;
  if (kept) kept.push(() => write(element, text));
  else write(element, text);
}

/** @param {Element} element @param {string} text */
function write(element, text) {
  const { firstChild } = element;
  // To make a new node takes longer than to write into the one that is there.
  if (firstChild instanceof Text && firstChild.nextSibling === null) firstChild.data = text;
  else element.textContent = text;
}

/** Have an element hold these and nothing else. @param {Element} element @param {...(Node | string)} children */
export function setChildren(element, ...children) {
  if (kept) kept.push(() => setChildren(element, ...children));
  else if (children.length !== element.childNodes.length || children.some((child, i) => child !== element.childNodes[i])) {
    element.replaceChildren(...children);
  }
}

/** @param {Element} element @param {string} name @param {string | boolean} value */
export function setAttribute(element, name, value) {
  const now = element.getAttribute(name);
  const next = value === false ? null : value === true ? "" : value;
  if (now === next) return;
  const change = () => (next === null ? element.removeAttribute(name) : element.setAttribute(name, next));
  if (kept) kept.push(change);
  else change();
}

/**
 * Put these children into `parent`, in order, without taking the focus away from one that stays.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  if (children.length === parent.children.length && children.every((child, i) => child === parent.children[i])) return;
  const focused = document.activeElement;
  parent.replaceChildren(...children);
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

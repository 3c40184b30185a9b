/** @import { Catalog, Translate } from "./types.js" */

/**
 * The words of the page: put into it by the template, exchanged without a reload.
 *
 * @typedef {"en" | "zh"} Code
 * @typedef {{ t: Translate, say: (sentence: Sentence) => string, code: () => Code, catalog: () => Catalog,
 *   change: (code: Code) => Promise<void> }} Language
 * @typedef {{ key?: string, facts?: Record<string, string>, text: string }} Sentence
 *   What the server says: in the reader's language by its key and facts, else as it came.
 */

import { setAttribute, setText } from "./dom.js";

const TAGS = { en: "en", zh: "zh-Hans" };

/** "{n} beans" with its facts; an unknown fact is left standing so that it is seen. @param {string} template @param {Record<string, string | number>} facts */
const fill = (template, facts) => template.replace(/\{(\w+)\}/g, (slot, name) => String(facts[name] ?? slot));

/**
 * @param {Record<string, string>} firstWords
 * @param {Catalog} firstCatalog
 * @param {() => void} onChange
 * @returns {Language}
 */
export function createLanguage(firstWords, firstCatalog, onChange) {
  /** @type {Code} */
  let code = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  let words = firstWords;
  let catalog = firstCatalog;

  /** @type {Translate} */
  const t = (key, facts = {}) => fill(words[key] ?? key, facts);

  /** Python's word for what was left empty is no word of the page's. @param {Record<string, string>} facts */
  const readable = (facts) => (facts.got === "null" ? { ...facts, got: t("got.nothing") } : facts);

  return {
    t,
    say: ({ key, facts = {}, text }) => (key !== undefined && `message.${key}` in words ? t(`message.${key}`, readable(facts)) : text),
    code: () => code,
    catalog: () => catalog,

    async change(wanted) {
      if (wanted === code) return;
      const [newWords, newCatalog] = await Promise.all(
        ["words", "catalog"].map(async (name) => (await fetch(`/api/${name}?lang=${wanted}`)).json()),
      );
      [code, words, catalog] = [wanted, newWords, newCatalog];
      document.cookie = `lang=${code}; path=/; max-age=31536000; samesite=lax`;
      document.documentElement.lang = TAGS[code];
      translate(document, t);
      onChange();
    },
  };
}

/**
 * Every element that names its text: data-t is the content, data-t-label the accessible name, data-t-title the tooltip.
 *
 * @param {ParentNode} root
 * @param {Translate} t
 */
function translate(root, t) {
  for (const element of root.querySelectorAll("[data-t], [data-t-label], [data-t-title]")) {
    const { t: text, tLabel: label, tTitle: title } = /** @type {HTMLElement} */ (element).dataset;
    if (text) setText(element, t(text));
    if (label) setAttribute(element, "aria-label", t(label));
    if (title) setAttribute(element, "title", t(title));
  }
}

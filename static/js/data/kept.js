/**
 * Beans of one's own that are too many for an address, kept by this tab: a reload has them, a link does not.
 *
 * @import { Editing, Spec } from "../types.js"
 * @typedef {{ dataset: Spec["dataset"], names: Editing["names"] }} Beans
 */

const KEY = "beans";

/** What an entry of the history says of the beans that it goes with. @typedef {{ beans: string }} Mark */

/** Beans kept under a mark of their own, the last ones alone. */
export function createKept() {
  /** @type {{ dataset: Spec["dataset"] | null, names: Editing["names"], mark: Mark | null }} */
  let last = { dataset: null, names: null, mark: null };

  return {
    /** The mark of these beans; null where there is no room to keep them. @param {Beans} beans @returns {Mark | null} */
    keep({ dataset, names }) {
      if (dataset === last.dataset && String(names) === String(last.names)) return last.mark;
      const mark = crypto.getRandomValues(new Uint32Array(2)).join("-");
      last = { dataset, names, mark: { beans: mark } };
      try {
        sessionStorage.setItem(KEY, JSON.stringify({ mark, dataset, names }));
      } catch {
        // More than the browser keeps for a page, or a browser that keeps nothing.
        last.mark = null;
      }
      return last.mark;
    },

    /** The beans with a mark; null if others have been kept since, or none. @param {Mark | null} given @returns {Beans | null} */
    find(given) {
      if (!given?.beans) return null;
      try {
        const { mark, dataset, names } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
        if (mark !== given.beans) return null;
        last = { dataset, names, mark: given };
        return { dataset, names };
      } catch {
        return null;
      }
    },
  };
}

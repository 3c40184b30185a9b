/** @import { Translate } from "../types.js" */
/** @import { Request, State, Table } from "./types.js" */

/** The best runs, each with its way into the lab, and the whole table to take home. */

import { byId, h, setText } from "../dom.js";
import { short } from "../numbers.js";
import { bestRows, columnOf, quantities } from "./chart.js";
import { table as download } from "./server.js";

const MOST = 5;

/**
 * @param {Translate} t
 * @param {(key: string, value: unknown) => string} named a key's value in words
 * @param {(request: Request, table: Table, row: number) => string} queryOf a run's address in the lab, the part after "?"
 */
export function createResults(t, named, queryOf) {
  let shown = -1;
  /** @type {State | null} */
  let latest = null;

  for (const button of document.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => save(button.getAttribute("data-download") ?? "", button.getAttribute("data-type") ?? ""));
  }

  /** @param {string} suffix @param {string} type */
  async function save(suffix, type) {
    if (!latest?.sweep) return;
    const content = await download(latest.sweep.id, type);
    if (!content) return;
    const link = h("a", { href: URL.createObjectURL(content), download: `sweep-${latest.sweep.id}.${suffix}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /** @param {Request} request @param {Table} table @param {number} row */
  function entry(request, table, row) {
    const values = Object.keys(request.vary).map((key) => named(key, table[columnOf(key)][row]));
    const quantity = quantities(table)[0].name;
    const end = quantity === "excess_loss"
      ? t("sweeps.best.row", { excess: short(table.excess_loss[row], 3) })
      : t("sweeps.best.loss", { loss: short(table.loss[row], 4) });
    const goal = table.steps_to_goal[row];
    const reached = request.goal ? [goal === null ? t("sweeps.best.no-goal") : t("sweeps.best.goal", { steps: goal })] : [];
    return h("li", {},
      h("a", { href: address(request, table, row), title: t("sweeps.open") }, values.join(" · ")),
      h("span", {}, [end, ...reached].join(" · ")));
  }

  /** @param {Request} request @param {Table} table @param {number} row */
  function address(request, table, row) {
    const query = queryOf(request, table, row);
    return query ? `/?${query}` : "/";
  }

  return {
    /** Open a run in the lab. @param {number} row */
    open(row) {
      if (latest?.request && latest.table) location.assign(address(latest.request, latest.table, row));
    },

    /** @param {State} state */
    update(state) {
      latest = state;
      const { request, table, serial } = state;
      if (serial === shown) return;
      shown = serial;
      const rows = request && table ? bestRows(table, MOST) : [];
      byId("best").replaceChildren(...rows.map((row) => entry(/** @type {Request} */ (request), /** @type {Table} */ (table), row)));
      setText(byId("best-note"), rows.length > 0 ? t("sweeps.best.help") : table ? t("sweeps.best.none") : "");
    },
  };
}

/** @import { Store } from "../store.js" */
/** @import { Catalog } from "../types.js" */
/** @import { State } from "./types.js" */

/** Where theory says that the rate becomes too large, for every series of a sweep that varies the rate. */

import { edited, entry } from "../spec.js";
import { columnOf, keysOf } from "./chart.js";
import { theory } from "./server.js";

const MOST = 64;
/** What the limit does not depend on. */
const IDLE = /^(start\.|steps$|seed$|stop\.)/;

/** The values of a series that the limit depends on, as a name for them. @param {Record<string, unknown>} values */
export const lawOf = (values) => JSON.stringify(Object.entries(values).filter(([key]) => !IDLE.test(key)));

/**
 * @param {Store<State>} store
 * @param {() => Catalog} catalog
 */
export function createLimits(store, catalog) {
  let known = "";

  return {
    async update() {
      const { request, table, sweep } = store.state;
      if (!request || !table || !sweep) return;
      const [x, ...others] = keysOf(request, table);
      const rate = entry(catalog().optimizers, request.base.optimizer.name)?.parameters[0]?.name;
      if (x !== `optimizer.${rate}`) return;
      const combinations = new Map(table[x].map((_, row) => {
        const values = Object.fromEntries(others.map((key) => [key, table[columnOf(key)][row]]));
        return [lawOf(values), values];
      }));
      const now = `${sweep.id} ${combinations.size}`;
      if (now === known || combinations.size > MOST) return;
      known = now;
      for (const [name, values] of combinations) {
        if (store.state.limits.has(name)) continue;
        const spec = Object.entries(values).reduce((made, [key, value]) => edited(made, key, value, catalog()), request.base);
        const answer = await theory(spec);
        if (store.state.sweep?.id !== sweep.id) return;
        const limit = answer.ok ? (answer.value?.learning_rate_limit ?? null) : null;
        store.set({ limits: new Map([...store.state.limits, [name, limit]]), serial: store.state.serial + 1 });
      }
    },
  };
}

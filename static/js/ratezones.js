/** @import { Theory, Translate } from "./types.js" */
/** @import { Meaning } from "./zones.js" */

/** What theory says of every learning rate, as zones of the rate's own track: crawling, good, wandering, oscillating, diverging. */

import { short } from "./numbers.js";

const DIGITS = 3;

/** @param {Theory | null} theory @param {Translate} t @returns {Meaning} */
export function rateZones(theory, t) {
  const limit = theory?.learning_rate_limit ?? null;
  if (theory === null || limit === null) return { zones: [], ticks: [], note: t("theory.unknown") };
  const best = theory.best_learning_rate;
  const oscillating = Math.min(theory.oscillates_above ?? limit, limit);
  const wandering = Math.min(theory.wanders_above ?? oscillating, oscillating);
  const crawling = Math.min(theory.crawls_below ?? 0, wandering);
  const all = [
    { kind: "crawling", from: 0, to: crawling, said: crawling },
    { kind: "good", from: crawling, to: wandering, said: crawling },
    { kind: "wandering", from: wandering, to: oscillating, said: wandering },
    { kind: "oscillating", from: oscillating, to: limit, said: oscillating },
    { kind: "diverging", from: limit, to: Infinity, said: limit },
  ];
  const zones = all.filter(({ from, to }) => from < to).map(({ kind, from, said }) => ({
    kind,
    from,
    name: t(`zone.${kind}`),
    label: kind === "good" ? t(best === null ? "zone.good" : "zone.good.best", { rate: short(best ?? 0, DIGITS) })
      : t(`zone.${kind}.from`, { rate: short(said, DIGITS) }),
  }));
  const ticks = [{ kind: "limit", at: limit }];
  if (best !== null) ticks.push({ kind: "best", at: best });
  return { zones, ticks, note: "" };
}

/** While nothing is known yet, nothing is said. @type {Meaning} */
export const UNTOLD = { zones: [], ticks: [], note: "" };

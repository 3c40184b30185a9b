/**
 * What the values along a slider mean: zones and ticks painted on its track, and a key below that says them in words.
 *
 * @typedef {{ kind: string, from: number, name: string, label: string }} Zone from that value to the next zone's; label: in the key
 * @typedef {{ kind: string, at: number }} Tick
 * @typedef {{ zones: Zone[], ticks: Tick[], note: string }} Meaning note: what is said where there are no zones
 */

import { h, setAttribute, setText } from "./dom.js";

/**
 * @param {HTMLElement} track
 * @param {(value: number) => number} share where a value stands on the track, from 0 to 1
 */
export function createZones(track, share) {
  const paint = h("div", { class: "zones", "aria-hidden": "true" });
  const key = h("div", { class: "note" });
  /** @type {Zone[]} */
  let zones = [];
  /** @type {HTMLElement[]} the entries of the key, zone by zone */
  let entries = [];
  let written = "";
  let value = NaN;

  /** The zone that the value lies in. */
  const here = () => zones.findLast(({ from }) => from <= value);

  function mark() {
    const zone = here();
    zones.forEach((each, i) => setAttribute(entries[i], "data-now", each === zone));
  }

  /** @param {Zone} zone @param {number} i */
  function piece({ kind, from }, i) {
    const made = h("i", { "data-kind": kind });
    const [start, end] = [share(from), i + 1 < zones.length ? share(zones[i + 1].from) : 1];
    made.style.left = `${100 * start}%`;
    made.style.width = `${100 * Math.max(end - start, 0)}%`;
    return made;
  }

  /** @param {Tick} tick */
  function notch({ kind, at }) {
    const made = h("b", { "data-kind": kind });
    made.style.left = `${100 * share(at)}%`;
    return made;
  }

  return {
    key,

    /** @param {Meaning} meaning */
    show({ zones: given, ticks, note }) {
      if (!paint.isConnected) track.prepend(paint);
      const text = JSON.stringify([given, ticks, note]);
      if (text === written) return;
      written = text;
      zones = given;
      entries = zones.map(({ kind, label }) => h("span", { "data-kind": kind }, h("i"), label));
      track.classList.toggle("has-zones", zones.length > 0);
      paint.replaceChildren(...zones.map(piece), ...ticks.map(notch));
      key.classList.toggle("key", zones.length > 0);
      if (zones.length > 0) key.replaceChildren(...entries);
      else setText(key, note);
      mark();
    },

    /** The value now; gives the name of its zone. @param {number} now */
    at(now) {
      value = now;
      mark();
      return here()?.name ?? "";
    },
  };
}

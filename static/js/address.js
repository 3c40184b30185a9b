/** @import { State } from "./known.js" */
/** @import { Catalog } from "./types.js" */

/** The address of the page: read when it opens, kept true when the run rests, and about true while it plays. */

import { decodeNames, encodeNames } from "./data/columns.js";
import { decodeRace, encodeRace } from "./race/address.js";
import { clockStep } from "./race/clock.js";
import { languagePart } from "./places.js";
import { decode, encode, gather, leavesOutData, readable } from "./state.js";

/** Browsers refuse too many changes of the address; a resting run can wait this long, in ms. */
const PATIENCE = 300;
const WHILE_PLAYING = 1000; // between two changes of the address, so that a reload loses no more

/** @param {() => Catalog} catalog */
export function createAddress(catalog) {
  let timer = 0;
  let rests = true;
  /** @type {State} */
  let shown;

  /** The address of a run at the step that is shown. @param {State} state */
  function of(state) {
    const parts = [encode(state.spec, clockStep(state), catalog())];
    if (!leavesOutData(parts[0])) parts.push(...encodeNames(state).map(readable));
    for (const part of encodeRace(state.race, state.spec, catalog())) parts.push(readable(part));
    parts.push(...languagePart());
    const query = parts.filter(Boolean).join("&");
    return location.pathname + (query && `?${query}`);
  }

  /** @param {State} state */
  function write(state) {
    const target = of(state);
    if (target !== location.pathname + location.search + location.hash) history.replaceState(null, "", target);
  }

  function due() {
    timer = 0;
    if (shown.run && !shown.draft) write(shown);
  }

  return {
    /** The run that the address asks for; what stands after "#" goes before what stands after "?". */
    read() {
      const { given, notices: repeated } = gather(location.search.slice(1), location.hash.slice(1));
      const { spec, at, notices } = decode(given, catalog());
      const { race, notices: more } = decodeRace(given, spec, catalog());
      return { spec, at, race, names: decodeNames(given, spec), notices: [...repeated, ...notices, ...more] };
    },

    /** The whole address, for somebody else. @param {State} state */
    link: (state) => location.origin + of(state),

    /** @param {State} state */
    update(state) {
      shown = state;
      const resting = state.status !== "playing";
      if (timer > 0 && !resting && !rests) return;
      clearTimeout(timer);
      rests = resting;
      timer = setTimeout(due, resting ? PATIENCE : WHILE_PLAYING);
    },
  };
}

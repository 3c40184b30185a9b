/** @import { State } from "./known.js" */
/** @import { Catalog } from "./types.js" */

/** The address of the page: read when it opens, kept true when the run rests, and about true while it plays. */

import { decodeNames, encodeNames, namesOf } from "./data/columns.js";
import { createKept } from "./data/kept.js";
import { decodeRace, encodeRace } from "./race/address.js";
import { clockStep } from "./race/clock.js";
import { languagePart } from "./places.js";
import { decode, encode, gather, leavesOutData, readable } from "./state.js";

/** Browsers refuse too many changes of the address; a resting run can wait this long, in ms. */
const PATIENCE = 300;
const WHILE_PLAYING = 1000; // between two changes of the address, so that a reload loses no more

/** @param {() => Catalog} catalog */
export function createAddress(catalog) {
  const kept = createKept();
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
    const mark = leavesOutData(target.slice(location.pathname.length)) ? kept.keep({ dataset: state.spec.dataset, names: namesOf(state) }) : null;
    const same = target === location.pathname + location.search + location.hash && history.state?.beans === mark?.beans;
    if (!same) history.replaceState(mark, "", target);
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
      // The beans that an address has no room for may still be here: then nothing is left out.
      const found = leavesOutData(String(given)) ? kept.find(history.state) : null;
      if (found) spec.dataset = found.dataset;
      const { race, notices: more } = decodeRace(given, spec, catalog());
      const said = notices.filter(({ kind }) => kind !== "left-out" || !found);
      return { spec, at, race, names: found ? found.names : decodeNames(given, spec), notices: [...repeated, ...said, ...more] };
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

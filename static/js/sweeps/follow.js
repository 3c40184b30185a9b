/** @import { Sweep, Table } from "./types.js" */

/**
 * A sweep on the server, followed: its states as they come, its results now and then. A lost server is waited for.
 *
 * @typedef {{ state: (sweep: Sweep) => void, results: (table: Table) => void, lost: (lost: boolean) => void,
 *   gone: () => void }} Listener
 */

const PARTIAL_RUNS = 20_000; // of larger sweeps the picture is drawn when they have ended
const PARTIAL_EVERY = 1000; // ms
const AGAIN = 1500; // ms

/**
 * @param {string} id
 * @param {() => string} language
 * @param {Listener} listener
 */
export function follow(id, language, listener) {
  const here = `/api/sweeps/${encodeURIComponent(id)}`;
  /** @type {EventSource | null} */
  let source = null;
  let timer = 0;
  let closed = false;
  let ended = false;
  let fetched = -1; // runs that the table held when it was last fetched
  let fetching = false;
  let last = 0;
  /** @type {Sweep | null} */
  let latest = null;

  function open() {
    source = new EventSource(`${here}/events?lang=${language()}`);
    source.addEventListener("state", (event) => take(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      // The server ends the stream with the sweep; a browser would come back.
      if (closed || ended) return source?.close();
      listener.lost(true);
      // A browser comes back by itself, unless the answer was no stream.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(look, AGAIN);
    });
  }

  async function look() {
    try {
      const answer = await fetch(`${here}?lang=${language()}`);
      if (answer.status === 404) {
        ended = true;
        listener.lost(false);
        listener.gone();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.json());
      if (!ended) open();
    } catch {
      if (closed) return;
      listener.lost(true);
      timer = setTimeout(look, AGAIN);
    }
  }

  /** @param {Sweep} sweep */
  function take(sweep) {
    if (closed) return;
    latest = sweep;
    ended = sweep.ended !== null;
    listener.lost(false);
    listener.state(sweep);
    results();
  }

  /** Fetch the table if there is news in it and it is time. */
  async function results() {
    if (!latest || fetching || closed || latest.done_runs === fetched || latest.done_runs === 0) return;
    if (!ended && (latest.runs > PARTIAL_RUNS || performance.now() - last < PARTIAL_EVERY)) return;
    fetching = true;
    last = performance.now();
    fetched = latest.done_runs;
    try {
      const answer = await fetch(`${here}/results?partial=true`);
      if (answer.ok && !closed) listener.results(await answer.json());
    } catch {
      fetched = -1;
      if (!closed) timer = setTimeout(results, AGAIN);
    }
    fetching = false;
    results();
  }

  look();
  return {
    /** The same in another language. */
    again() {
      source?.close();
      clearTimeout(timer);
      look();
    },

    close() {
      closed = true;
      source?.close();
      clearTimeout(timer);
    },
  };
}

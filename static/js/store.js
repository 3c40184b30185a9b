/**
 * One state and one commit per animation frame: whoever changes the state only flags it, subscribers draw later.
 *
 * @template S
 * @typedef {{ state: S, set: (patch: Partial<S>) => void, subscribe: (listener: (state: S) => void) => void }} Store
 */

/**
 * @template {object} S
 * @param {S} state
 * @param {(commit: () => void) => void} schedule
 * @returns {Store<S>}
 */
export function createStore(state, schedule = requestAnimationFrame) {
  /** @type {((state: S) => void)[]} */
  const listeners = [];
  let pending = false;

  function commit() {
    pending = false;
    for (const listener of listeners) listener(state);
  }

  function flag() {
    if (pending) return;
    pending = true;
    schedule(commit);
  }

  return {
    state,
    set(patch) {
      Object.assign(state, patch);
      flag();
    },
    subscribe(listener) {
      listeners.push(listener);
      flag();
    },
  };
}

/**
 * A websocket that comes back by itself, later and later, and never all pages of a room at the same moment.
 *
 * @typedef {{ onOpen: () => void, onMessage: (message: any) => void, onFrame: (buffer: ArrayBuffer) => void,
 *   onLost: (retryAt: number) => void }} Handlers
 *   `onLost` is told when the next attempt will be made, as `performance.now()` counts.
 * @typedef {{ send: (message: object) => void, retry: () => void }} Connection
 *   `send` drops what cannot be sent: a reconnected page says all that matters anew. `retry` does not wait any longer.
 */

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

/** How long to wait before attempt number `attempt`, in ms. @param {number} attempt @param {number} [random] in [0, 1) */
export const backoff = (attempt, random = Math.random()) =>
  Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + random / 2);

/**
 * @param {() => string} url of the socket, asked for anew at every attempt
 * @param {(then: (answers: boolean) => void) => void} probe asks whether the server answers, before a socket is tried again
 * @param {Handlers} handlers
 * @returns {Connection}
 */
export function connect(url, probe, handlers) {
  /** @type {WebSocket | null} */
  let socket = null;
  let attempt = 0;
  let timer = 0;

  function open() {
    const opened = new WebSocket(url());
    opened.binaryType = "arraybuffer";
    opened.addEventListener("open", handlers.onOpen);
    opened.addEventListener("message", ({ data }) => {
      if (socket !== opened) return;
      // Only a server that answers is back; one that takes a connection and drops it is to be left alone for a while.
      attempt = 0;
      if (typeof data === "string") handlers.onMessage(JSON.parse(data));
      else handlers.onFrame(data);
    });
    opened.addEventListener("close", () => socket === opened && wait());
    socket = opened;
  }

  function wait() {
    socket = null;
    const delay = backoff(attempt);
    attempt += 1;
    handlers.onLost(performance.now() + delay);
    clearTimeout(timer);
    timer = setTimeout(retry, delay);
  }

  function retry() {
    if (socket) return;
    clearTimeout(timer);
    probe((answers) => {
      if (socket) return;
      if (answers) open();
      else wait();
    });
  }

  /** A network that went away need not close its sockets. */
  function drop() {
    const dropped = socket;
    if (!dropped) return;
    wait();
    dropped.close();
  }

  addEventListener("online", retry);
  addEventListener("offline", drop);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retry());
  open();

  return {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    retry,
  };
}

/**
 * Asks in a worker, which is fetched while the server still answers.
 *
 * @param {string} url
 * @returns {(then: (answers: boolean) => void) => void}
 */
export function createProbe(url) {
  const worker = new Worker(new URL("./probe.js", import.meta.url));
  return (then) => {
    worker.onmessage = ({ data }) => then(data);
    worker.postMessage(url);
  };
}

/** Server-sent events out of the body of an answer: what EventSource does, for an answer to POST. */

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{ event: string, data: string }>}
 */
export async function* events(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  /** What has come of the event that is not complete yet; joined once, when it is. @type {string[]} */
  let held = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = decoder.decode(value, { stream: true }).split("\n\n");
      // An end between the two line feeds of an event's end.
      if (held.at(-1)?.endsWith("\n") && parts[0].startsWith("\n")) parts.splice(0, 1, "", parts[0].slice(1));
      held.push(parts[0]);
      for (const part of parts.slice(1)) {
        yield parsed(held.join(""));
        held = [part];
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** @param {string} text */
function parsed(text) {
  const fields = new Map(text.trim().split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  }));
  return { event: fields.get("event") ?? "", data: fields.get("data") ?? "" };
}

/** @import { Problem, Spec } from "../types.js" */

/**
 * A run as a file, of the server.
 *
 * @typedef {{ ok: true, file: Blob, name: string } | { ok: false, problems: Problem[], why: "refused" | "lost" | "cancelled" }} Answer
 * @typedef {{ format: string, language: string, theme?: string, names?: readonly string[] | null, signal: AbortSignal,
 *   onProgress?: (done: number, total: number) => void }} Asked
 */

import { postForEvents } from "./events.js";

/** @param {Spec} spec @param {Asked} asked @returns {Promise<Answer>} */
export async function exported(spec, { format, language, theme, names, signal, onProgress }) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  /** @type {Answer} */
  let answer = { ok: false, problems: [], why: "lost" };

  /** @param {string} event @param {string} data */
  function onEvent(event, data) {
    if (event === "piece") {
      pieces.push(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
      return;
    }
    const said = JSON.parse(data);
    if (event === "progress") onProgress?.(said.done, said.total);
    else if (event === "problem") answer = refused(said);
    else if (event === "end") answer = { ok: true, file: new Blob(pieces, { type: said.type }), name: said.name };
  }

  const query = new URLSearchParams();
  if (theme) query.set("theme", theme);
  for (const [i, name] of (names ?? []).entries()) query.set(["x_name", "y_name"][i], name);

  try {
    const { ok, text } = await postForEvents(`/api/exports/${format}?${query}`, {
      headers: { "content-type": "application/json", accept: "text/event-stream", "accept-language": language },
      body: JSON.stringify(spec),
      signal,
      onEvent,
    });
    return ok ? answer : refused(read(text));
  } catch {
    return { ok: false, problems: [], why: signal.aborted ? "cancelled" : "lost" };
  }
}

/** What was refused, by the server or by something before it that does not speak JSON. @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** @param {{ errors?: Problem[], detail?: string }} said @returns {Answer} */
const refused = ({ errors, detail }) => ({
  ok: false,
  problems: errors ?? (detail ? [{ path: "", message: detail }] : []),
  why: "refused",
});

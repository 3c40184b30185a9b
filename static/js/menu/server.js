/** @import { Problem, Spec } from "../types.js" */

/**
 * A run as a file, of the server.
 *
 * @typedef {{ ok: true, file: Blob, name: string } | { ok: false, problems: Problem[], why: "refused" | "lost" | "cancelled" }} Answer
 * @typedef {{ format: string, language: string, theme?: string, signal: AbortSignal,
 *   onProgress?: (done: number, total: number) => void }} Asked
 */

import { events } from "./events.js";

/** @param {Spec} spec @param {Asked} asked @returns {Promise<Answer>} */
export async function exported(spec, { format, language, theme, signal, onProgress }) {
  try {
    const answer = await fetch(`/api/exports/${format}${theme ? `?theme=${theme}` : ""}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", "accept-language": language },
      body: JSON.stringify(spec),
      signal,
    });
    if (!answer.ok || !answer.body) return refused(await answer.json().catch(() => ({})));
    return await received(answer.body, onProgress);
  } catch {
    return { ok: false, problems: [], why: signal.aborted ? "cancelled" : "lost" };
  }
}

/** @param {ReadableStream<Uint8Array>} body @param {Asked["onProgress"]} onProgress @returns {Promise<Answer>} */
async function received(body, onProgress) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  /** @type {Answer} */
  let answer = { ok: false, problems: [], why: "lost" };
  for await (const { event, data } of events(body)) {
    if (event === "piece") {
      pieces.push(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
      continue;
    }
    const said = JSON.parse(data);
    if (event === "progress") onProgress?.(said.done, said.total);
    else if (event === "problem") answer = refused(said);
    else if (event === "end") answer = { ok: true, file: new Blob(pieces, { type: said.type }), name: said.name };
  }
  return answer;
}

/** @param {{ errors?: Problem[], detail?: string }} said @returns {Answer} */
const refused = ({ errors, detail }) => ({
  ok: false,
  problems: errors ?? (detail ? [{ path: "", message: detail }] : []),
  why: "refused",
});

/** @import { Problem, Spec } from "../types.js" */
/** @import { Cost, Request, Sweep } from "./types.js" */

/** What the page asks of the server. Whatever it refuses comes as problems; a server that is not there, as one without a path. */

/**
 * @template T
 * @typedef {{ ok: true, value: T } | { ok: false, problems: Problem[], lost: boolean }} Answer
 */

/** What it would cost, or what is wrong with it. @param {Request} request @param {string} language @returns {Promise<Answer<{ cost: Cost | null, errors: Problem[] }>>} */
export const check = (request, language) => post(`/api/sweeps/check?lang=${language}`, request);

/** @param {Request} request @param {string} language @returns {Promise<Answer<Sweep>>} */
export const submit = (request, language) => post(`/api/sweeps?lang=${language}`, request);

/** @param {string} id @param {string} language @returns {Promise<Answer<Sweep>>} */
export const cancel = (id, language) => ask(`/api/sweeps/${encodeURIComponent(id)}?lang=${language}`, { method: "DELETE" });

/** @param {string} id @returns {Promise<Answer<Request>>} */
export const asked = (id) => ask(`/api/sweeps/${encodeURIComponent(id)}/request`);

/** @param {Spec} spec @returns {Promise<Answer<any>>} */
export const theory = (spec) => post("/api/theory", spec);

/** @param {string} id @param {string} type */
export async function table(id, type) {
  const answer = await fetch(`/api/sweeps/${encodeURIComponent(id)}/results?partial=true`, { headers: { accept: type } });
  return answer.ok ? answer.blob() : null;
}

/** @param {string} url @param {unknown} body */
const post = (url, body) => ask(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** @param {string} url @param {RequestInit} [init] @returns {Promise<Answer<any>>} */
async function ask(url, init) {
  try {
    const answer = await fetch(url, init);
    const content = await answer.json();
    return answer.ok ? { ok: true, value: content } : { ok: false, problems: content.errors ?? [], lost: false };
  } catch {
    return { ok: false, problems: [], lost: true };
  }
}

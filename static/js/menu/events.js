/**
 * Server-sent events in the answer to a POST, told one by one as they come: what EventSource does for GET.
 *
 * By XMLHttpRequest: a fetch whose body is read in pieces is reported as aborted by Chromium, though all of it has come.
 *
 * @typedef {{ headers: Record<string, string>, body: string, signal: AbortSignal,
 *   onEvent: (event: string, data: string) => void }} Asked
 */

/**
 * @param {string} url
 * @param {Asked} asked
 * @returns {Promise<{ ok: boolean, text: string }>} when the answer has come whole; refused when it has not, or was aborted
 */
export function postForEvents(url, { headers, body, signal, onEvent }) {
  const request = new XMLHttpRequest();
  let told = 0; // characters

  function tell() {
    if (request.status !== 200) return;
    const text = request.responseText;
    for (let end = text.indexOf("\n\n", told); end >= 0; end = text.indexOf("\n\n", told)) {
      onEvent(...parsed(text.slice(told, end)));
      told = end + 2;
    }
  }

  return new Promise((resolve, reject) => {
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.addEventListener("progress", tell);
    request.addEventListener("load", () => {
      tell();
      resolve({ ok: request.status === 200, text: request.responseText });
    });
    for (const end of ["error", "abort"]) request.addEventListener(end, () => reject(new Error(`${end}: ${url}`)));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** @param {string} text @returns {[event: string, data: string]} */
function parsed(text) {
  const fields = new Map(text.split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  }));
  return [fields.get("event") ?? "", fields.get("data") ?? ""];
}

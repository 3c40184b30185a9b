/**
 * A worker that asks whether the server answers. A failed request of the page itself would be written to its console
 * by the browser, once for every attempt; one of a worker is not.
 */
addEventListener("message", async ({ data }) => {
  let answers = false;
  try {
    answers = (await fetch(data, { cache: "no-store" })).ok;
  } catch {
    // No answer is an answer, too.
  }
  postMessage(answers);
});

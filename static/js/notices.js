/** @import { Language } from "./language.js" */
/** @import { State } from "./known.js" */
/** @import { Notice } from "./state.js" */
/** @import { Problem, Translate } from "./types.js" */

/** What the page has to say outside the run: the connection, what an address got wrong, errors that no field shows. */

import { byId, h, setAttribute, setText } from "./dom.js";

/**
 * @param {Translate} t
 * @param {Language["say"]} say
 * @param {() => void} retry
 */
export function createNotices(t, say, retry) {
  const connection = byId("connection");
  const connectionWords = byId("connection-words");
  const list = byId("notices");
  byId("retry").addEventListener("click", retry);
  /** @type {Notice[]} */
  let notices = [];
  /** @type {Problem[] | null} */
  let shownProblems = null;

  function dismiss() {
    notices = [];
    render(shownProblems ?? []);
  }

  /** @param {Problem[]} problems */
  function render(problems) {
    const texts = [
      ...notices.map((notice) =>
        notice.kind === "left-out" ? t("notice.left-out")
          : notice.kind === "words" ? t("notice.words")
          : notice.kind === "limit" ? t("notice.limit", { limit: notice.limit, rate: notice.rate })
          : notice.kind === "unknown" ? t("notice.unknown", { key: notice.key })
          : t(notice.used === "" ? "notice.dropped" : "notice.bad", { key: notice.key, got: notice.got, used: notice.used })),
      ...problems.filter(({ path }) => !hasField(path)).map((problem) => [problem.path, say({ ...problem, text: problem.message })].filter(Boolean).join(": ")),
    ];
    const close = h("button", { type: "button", class: "close", "aria-label": t("notice.close") }, "×");
    close.addEventListener("click", dismiss);
    list.replaceChildren(...(texts.length > 0 ? [h("ul", {}, ...texts.map((text) => h("li", {}, text))), close] : []));
    setAttribute(list, "hidden", texts.length === 0);
  }

  return {
    /** @param {Notice[]} more */
    add(more) {
      if (more.length === 0) return;
      notices = [...notices, ...more];
      render(shownProblems ?? []);
    },

    /** Of what is still said of a kind, say this instead, or nothing more. @param {Notice["kind"]} kind @param {Notice | null} other */
    revise(kind, other) {
      if (!notices.some((notice) => notice.kind === kind)) return;
      notices = [...notices.filter((notice) => notice.kind !== kind), ...(other ? [other] : [])];
      render(shownProblems ?? []);
    },

    relabel: () => render(shownProblems ?? []),

    /** @param {State} state */
    update({ connection: now, problems }) {
      setAttribute(connection, "hidden", now !== "lost");
      setAttribute(document.documentElement, "data-connection", now);
      if (now === "lost") setText(connectionWords, t("connection.lost"));
      if (problems === shownProblems) return;
      shownProblems = problems;
      render(problems);
    },
  };
}

/** Whether a control of the panel says it. @param {string} path */
const hasField = (path) =>
  [...document.querySelectorAll(".field")].some((field) => {
    const name = /** @type {HTMLElement} */ (field).dataset.name ?? "";
    return path === name || path.startsWith(`${name}.`);
  });

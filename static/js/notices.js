/** @import { Language } from "./language.js" */
/** @import { State } from "./known.js" */
/** @import { Notice } from "./state.js" */
/** @import { Problem, Translate } from "./types.js" */

/** What the page has to say outside the run: the connection, what an address got wrong, errors that no field shows. */

import { byId, h, setAttribute, setText } from "./dom.js";

/**
 * The list of notices, which is there until it is dismissed.
 *
 * @param {Translate} t
 * @param {() => string[]} [others]  what is said beside them as long as it holds
 */
export function createList(t, others = () => []) {
  const list = byId("notices");
  /** @type {Notice[]} */
  let notices = [];

  /** @param {Notice[]} left */
  function show(left) {
    notices = left;
    const texts = [...notices.map((notice) => wording(notice, t)), ...others()];
    const close = h("button", { type: "button", class: "close", "aria-label": t("notice.close") }, "×");
    close.addEventListener("click", () => show([]));
    list.replaceChildren(...(texts.length > 0 ? [h("ul", {}, ...texts.map((text) => h("li", {}, text))), close] : []));
    setAttribute(list, "hidden", texts.length === 0);
  }

  return {
    /** @param {Notice[]} more */
    add: (more) => more.length > 0 && show([...notices, ...more]),

    /** Of what is still said of a kind, say this instead, or nothing more. @param {Notice["kind"]} kind @param {Notice | null} other */
    revise(kind, other) {
      if (!notices.some((notice) => notice.kind === kind)) return;
      show([...notices.filter((notice) => notice.kind !== kind), ...(other ? [other] : [])]);
    },

    relabel: () => show(notices),
  };
}

/** @param {Notice} notice @param {Translate} t */
const wording = (notice, t) => t(`notice.${notice.kind === "bad" && notice.used === "" ? "dropped" : notice.kind}`, { ...notice });

/**
 * @param {Translate} t
 * @param {Language["say"]} say
 * @param {() => void} retry
 */
export function createNotices(t, say, retry) {
  const connection = byId("connection");
  const connectionWords = byId("connection-words");
  byId("retry").addEventListener("click", retry);
  /** @type {Problem[]} */
  let shownProblems = [];
  const list = createList(t, () => shownProblems.filter(({ path }) => !hasField(path)).map((problem) =>
    [problem.path, say({ ...problem, text: problem.message })].filter(Boolean).join(": ")));

  return {
    ...list,

    /** @param {State} state */
    update({ connection: now, problems }) {
      setAttribute(connection, "hidden", now !== "lost");
      setAttribute(document.documentElement, "data-connection", now);
      if (now === "lost") setText(connectionWords, t("connection.lost"));
      if (problems === shownProblems) return;
      shownProblems = problems;
      list.relabel();
    },
  };
}

/** Whether a control of the panel says it. @param {string} path */
const hasField = (path) =>
  [...document.querySelectorAll(".field")].some((field) => {
    const name = /** @type {HTMLElement} */ (field).dataset.name ?? "";
    return path === name || path.startsWith(`${name}.`);
  });

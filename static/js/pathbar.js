/** @import { Branch } from "./branches.js" */
/** @import { State } from "./known.js" */
/** @import { Session } from "./session.js" */
/** @import { Translate } from "./types.js" */

/** The paths that were left behind, under the timeline: each can be returned to, or thrown away. */

import { MOST_BRANCHES, reached } from "./branches.js";
import { byId, h } from "./dom.js";
import { count } from "./numbers.js";

/**
 * @param {Session} session
 * @param {Translate} t
 */
export function createPathBar(session, t) {
  const bar = byId("branches");
  /** @type {readonly Branch[] | null} */
  let shown = null;
  bar.addEventListener("wheel", (event) => { bar.scrollLeft += event.deltaY; }, { passive: true });
  bar.addEventListener("scroll", tellMore, { passive: true });
  // Not under a pointer that is about to click.
  bar.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(":focus-visible")) target.scrollIntoView({ block: "nearest", inline: "start" });
  });
  new ResizeObserver(tellMore).observe(bar);

  /** Say at which ends there are more of them. */
  function tellMore() {
    const beyond = bar.scrollWidth - bar.clientWidth;
    bar.toggleAttribute("data-before", bar.scrollLeft >= 1);
    bar.toggleAttribute("data-after", beyond - bar.scrollLeft >= 1);
  }

  /** @param {Branch} branch @param {boolean} next whether it is the next one to be forgotten */
  function chip({ key, label, at, rows }, next) {
    const facts = { label, at: count(at), last: count(reached(rows)) };
    const said = t("branch.return", facts);
    const title = next ? `${said} (${t("branch.next", { count: MOST_BRANCHES })})` : said;
    const back = h("button", { type: "button", class: "return", title, "aria-label": said },
      h("span", { "aria-hidden": "true" }, "↩"), label, h("small", {}, t("branch.at", facts)));
    const away = h("button", { type: "button", class: "away", title: t("branch.dismiss", facts), "aria-label": t("branch.dismiss", facts) }, "×");
    back.addEventListener("click", () => session.returnTo(key));
    away.addEventListener("click", () => session.dismiss(key));
    return h("span", { class: "branch", "data-key": key }, back, away);
  }

  return {
    /** @param {State} state */
    update({ branches }) {
      if (branches === shown) return;
      const focused = bar.contains(document.activeElement);
      shown = branches;
      bar.replaceChildren(...branches.map((branch, i) => chip(branch, i === 0 && branches.length === MOST_BRANCHES)).reverse());
      bar.hidden = branches.length === 0;
      tellMore();
      // What had the focus is gone: the next one takes it, or the timeline.
      if (focused) (bar.querySelector("button") ?? byId("timeline")).focus();
    },

    /** Write everything anew, in another language. */
    relabel() {
      shown = null;
    },
  };
}

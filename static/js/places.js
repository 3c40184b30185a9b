/** The way from one page to another takes the run along, and the language where the address says it. */

/** The part of an address for the language; none where the present one says nothing of it. @param {URLSearchParams} [given] */
export const languagePart = (given = new URLSearchParams(location.search)) =>
  given.has("lang") ? [`lang=${document.documentElement.lang.slice(0, 2)}`] : [];

/**
 * @param {string} place as in data-place
 * @param {() => string} query the part after "?" that goes with it
 */
export function carryAlong(place, query) {
  for (const link of document.querySelectorAll(`[data-place="${place}"]`)) {
    const aim = () => {
      const carried = query();
      link.setAttribute("href", `${link.getAttribute("href")?.split("?")[0] ?? ""}${carried && `?${carried}`}`);
    };
    // Whatever opens a link, also in another tab, begins with one of these.
    for (const beginning of ["pointerdown", "focus", "keydown"]) link.addEventListener(beginning, aim);
  }
}

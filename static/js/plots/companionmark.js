/**
 * Where another run stands in a picture: its ball, or, once it has left the picture, the arrow to it at the edge.
 *
 * @import { Companion } from "../types.js"
 * @import { Point, Window } from "./types.js"
 */

import { exit } from "./marks.js";
import { arrow, dot } from "./overlay.js";
import { contains } from "./trail.js";

/**
 * @param {Element} parent
 * @param {string} fill
 * @param {string} ground
 */
export function createCompanionMark(parent, fill, ground) {
  const ball = dot(parent, "companion-ball");
  const sign = arrow(parent, "companion-outside");
  for (const mark of [ball, sign]) mark.style(fill, ground);

  return {
    /**
     * @param {Pick<Companion, "rows" | "cursor">} run
     * @param {Window} window
     * @param {[x: string, y: string]} columns  across and up
     * @param {(x: number, y: number) => Point} place  the pixels of a point
     * @returns {Point | null} where it stands now
     */
    move({ rows, cursor }, window, columns, place) {
      const begun = cursor >= 0;
      const [x, y] = columns.map((name) => rows.columns[name][cursor]);
      const here = begun && contains(window, x, y);
      ball.show(here);
      sign.show(begun && !here);
      if (!begun) return null;
      if (here) {
        const at = place(x, y);
        ball.move(...at);
        return at;
      }
      const [at, beyond] = exit(window, rows, columns, cursor).map((point) => place(...point));
      sign.point(at, beyond);
      return at;
    },

    destroy() {
      for (const { element } of [ball, sign]) element.remove();
    },
  };
}

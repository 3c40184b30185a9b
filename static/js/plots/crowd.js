/**
 * Many beans, painted once for each layout below Plotly's drawing: a picture by itself, so that the line above it moves without
 * all of them being drawn anew in every frame.
 *
 * @import {Data} from "../types.js"
 * @import {Figure} from "./figure.js"
 * @import {Look} from "./beans.js"
 * @import {Point} from "./types.js"
 */

/**
 * @param {Figure} figure
 */
export function createCrowd(figure) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  Object.assign(canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });

  return {
    /** Paint none. */
    clear() {
      canvas.remove();
    },

    /**
     * @param {Pick<Data, "x" | "y">} data
     * @param {readonly number[]} drawn
     * @param {(x: number, y: number) => Point} place
     * @param {Look} look
     */
    paint({ x, y }, drawn, place, look) {
      const density = devicePixelRatio || 1;
      canvas.width = Math.round(figure.width * density);
      canvas.height = Math.round(figure.height * density);
      canvas.dataset.beans = String(drawn.length);
      if (!canvas.isConnected) figure.element.prepend(canvas);
      const pen = canvas.getContext("2d");
      if (!pen) return;
      pen.scale(density, density);
      Object.assign(pen, { fillStyle: look.color, strokeStyle: look.line.color, lineWidth: look.line.width, globalAlpha: look.opacity });
      for (const i of drawn) {
        pen.beginPath();
        pen.arc(...place(x[i][0], y[i]), look.size / 2, 0, 2 * Math.PI);
        pen.fill();
        if (look.line.width > 0) pen.stroke();
      }
    },
  };
}

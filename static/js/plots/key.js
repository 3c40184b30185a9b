/**
 * A key: lines of text on a ground of their own, each after a piece of the line that it speaks of.
 *
 * @import {Point, Theme} from "./types.js"
 * @typedef {{text: string, like?: Element}} Entry  like: the path whose stroke is shown
 */

import { label, svg } from "./overlay.js";

const COPIED = ["stroke", "stroke-width", "stroke-dasharray", "opacity"];
const SAMPLE = 2; // em

/**
 * @param {Element} parent
 */
export function createKey(parent) {
  const group = svg("g", { class: "key" }, parent);
  const ground = svg("rect", { rx: 5, "fill-opacity": 0.86 }, group);
  /** @type {{sample: SVGPathElement, name: ReturnType<typeof label>}[]} */
  const lines = [];
  let text = 12;
  /** @type {Theme} */
  let colours;
  let written = "";

  /** @param {number} i */
  function line(i) {
    const made = { sample: svg("path", { fill: "none" }, group), name: label(group, "key-text") };
    made.name.style(colours.ink, "none", 0.92 * text);
    lines[i] = made;
    return made;
  }

  return {
    /** @param {Theme} theme @param {number} size of the text */
    style(theme, size) {
      [text, colours, written] = [size, theme, ""];
      ground.setAttribute("fill", theme.panel);
      for (const { name } of lines) name.style(theme.ink, "none", 0.92 * size);
    },

    /** @param {readonly Entry[]} entries @param {Point} corner  the lower left one */
    write(entries, [left, bottom]) {
      const wanted = `${entries.map((entry) => entry.text).join()} ${left} ${bottom}`;
      if (wanted === written) return;
      written = wanted;
      const row = 1.45 * text;
      const top = bottom - entries.length * row - 0.5 * text;
      const across = Math.max(...entries.map((entry) => widthOf(entry.text) + (entry.like ? SAMPLE + 0.6 : 0))) * 0.92 * text;
      Object.entries({ x: left, y: top, width: across + 1.3 * text, height: bottom - top }).forEach(([name, value]) =>
        ground.setAttribute(name, value.toFixed(1)));
      for (let i = 0; i < Math.max(entries.length, lines.length); i += 1) {
        const { sample, name } = lines[i] ?? line(i);
        const entry = entries[i];
        name.show(entry !== undefined);
        sample.style.display = entry?.like ? "" : "none";
        if (!entry) continue;
        const y = top + 0.25 * text + (i + 0.72) * row;
        const x = left + 0.6 * text;
        name.write(entry.text);
        name.move(x + (entry.like ? (SAMPLE + 0.6) * text : 0), y);
        for (const attribute of COPIED) sample.setAttribute(attribute, entry.like?.getAttribute(attribute) ?? "none");
        sample.setAttribute("d", `M${x},${y - 0.33 * text}h${SAMPLE * text}`);
      }
    },
  };
}

/** About how wide a text is, in em: Chinese characters are twice as wide as Latin ones. @param {string} text */
const widthOf = (text) => [...text].reduce((sum, character) => sum + (character > "\u2e80" ? 1 : 0.54), 0);

/**
 * One drawing for each companion: made when it comes, thrown away when it goes, and drawn only when it has moved; while the run
 * shown is playing, half of them in each frame, so that eight cost a frame little more than one.
 *
 * @import { Companion } from "../types.js"
 * @import { Theme } from "./types.js"
 *
 * @typedef {{ draw: (companion: Companion) => void, destroy?: () => void }} Drawing
 */

/**
 * @template {Drawing} D
 * @param {(companion: Companion, index: number) => D} create
 */
export function createCrew(create) {
  /** @type {{ of: Companion, drawing: D, version: number, cursor: number }[]} */
  let crew = [];
  /** @type {D[]} */
  let drawings = [];
  /** @type {readonly Companion[]} */
  let seen = [];
  let turn = 0;

  /** @param {readonly Companion[]} companions */
  function muster(companions) {
    const gone = new Set(crew);
    crew = companions.map((companion, index) => {
      const known = crew.find(({ of }) => sameCompanion(of, companion));
      if (known) gone.delete(known);
      return known ?? { of: companion, drawing: create(companion, index), version: NaN, cursor: NaN };
    });
    for (const { drawing } of gone) drawing.destroy?.();
    drawings = crew.map(({ drawing }) => drawing);
    seen = companions;
  }

  return {
    /** Draw those that have moved. @param {readonly Companion[]} [companions] @param {boolean} [playing] @returns {readonly D[]} of all of them, in order */
    draw(companions = NONE, playing = false) {
      if (companions !== seen) muster(companions);
      turn = 1 - turn;
      for (let i = 0; i < crew.length; i += 1) {
        const one = crew[i];
        const { rows, cursor } = companions[i];
        if (one.version === rows.version && one.cursor === cursor) continue;
        if (playing && i % 2 === turn && one.cursor >= 0) continue;
        one.drawing.draw(companions[i]);
        one.version = rows.version;
        one.cursor = cursor;
      }
      return drawings;
    },

    /** As they were drawn last, in order. @returns {readonly D[]} */
    all: () => drawings,

    /** Forget all: the next time they are made anew. */
    clear() {
      for (const { drawing } of crew) drawing.destroy?.();
      crew = [];
      drawings = [];
      seen = [];
    },
  };
}

/** @type {readonly Companion[]} */
export const NONE = [];

/** @param {Companion} a @param {Companion} b */
const sameCompanion = (a, b) => a.key === b.key && a.kind === b.kind && a.hue === b.hue && a.label === b.label && a.rows === b.rows;

/** What a figure is laid out anew for: who is there, in which colours. @param {readonly Companion[]} [companions] */
export const rollOf = (companions = NONE) => companions.map(({ key, kind, hue }) => `${key} ${kind} ${hue}`).join("\n");

/** @param {Theme} theme @param {Pick<Companion, "kind" | "hue">} companion */
export const colourOf = (theme, { kind, hue }) => (kind === "ghost" ? theme.muted : theme[`lane-${hue}`]);

/** @param {Companion} companion */
export const dashOf = ({ kind }) => (kind === "ghost" ? "5 4" : "none");

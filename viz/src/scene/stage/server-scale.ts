import type { Experiment } from "../../read/experiment.js";
import type { Rect } from "./layout.js";
import { type Domain, padded, withNoise } from "./scale.js";

/* What the server's panel shows: its own means, closer up than the clients' panels, whose rows it does not have. */

/** Share of the panel that the local means of a round cover, at most. */
const COVER = 0.03;
/** Radius of the largest local mean, at most. */
const MOST_RADIUS = 20;
/** The same, in the side of the panel. */
const SIDES = 0.033;

/** Holds the global and local means of all rounds, with their noise, so that it is the same in all of them. */
export function serverDomainOf(experiment: Experiment): Domain {
  return { x: span(experiment, 0), y: span(experiment, 1) };
}

function span({ rounds }: Experiment, axis: 0 | 1): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { positions, locals } of rounds) {
    for (const part of [positions, ...locals.map((local) => local.positions)]) {
      for (let i = axis; i < part.length; i += 2) {
        low = Math.min(low, part[i]);
        high = Math.max(high, part[i]);
      }
    }
  }
  return padded(...withNoise(rounds, axis, [low, high]));
}

/**
 * Radius of a local mean of one row; that of others has an area in proportion to their rows, the same in all rounds. The
 * more means there are, the smaller is each.
 */
export function localRowRadius({ rounds }: Experiment, { width, height }: Rect): number {
  let most = 1;
  let sum = 1;
  for (const { locals } of rounds) {
    let inRound = 0;
    for (const { counts } of locals) {
      for (const count of counts) {
        most = Math.max(most, count);
        inRound += count;
      }
    }
    sum = Math.max(sum, inRound);
  }
  const largest = Math.min(MOST_RADIUS, SIDES * Math.sqrt(width * height));
  return Math.min(largest / Math.sqrt(most), Math.sqrt((COVER * width * height) / (Math.PI * sum)));
}

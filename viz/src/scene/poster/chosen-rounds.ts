import type { Experiment } from "../../read/experiment.js";

/** Rounds that a poster has room for. */
const MOST = 6;

/**
 * The rounds that tell most of a run: the first, the last, and those between by which the means have moved equal parts of
 * their whole way; where one step is several parts, the rounds of the next largest steps.
 *
 * @returns indices into `rounds`, ascending
 */
export function chosenRounds({ rounds }: Pick<Experiment, "rounds">): number[] {
  const last = rounds.length - 1;
  const step = (index: number) => (index === 0 ? 0 : (rounds[index].change ?? 0));
  const whole = rounds.reduce((sum, _, index) => sum + step(index), 0);
  const chosen = new Set([0, last]);
  let moved = 0;
  let part = 1;
  for (let index = 1; index < last && part < MOST - 1; index++) {
    moved += step(index);
    // Relative to the whole, sums of as many numbers differ by less.
    if (moved < (whole * part) / (MOST - 1) - 1e-12 * whole || whole === 0) continue;
    chosen.add(index);
    while (part < MOST - 1 && moved >= (whole * part) / (MOST - 1) - 1e-12 * whole) part++;
  }
  const inner = rounds.map((_, index) => index).slice(1, -1);
  for (const index of inner.toSorted((a, b) => step(b) - step(a) || a - b)) {
    if (chosen.size >= MOST) break;
    chosen.add(index);
  }
  return [...chosen].sort((a, b) => a - b);
}

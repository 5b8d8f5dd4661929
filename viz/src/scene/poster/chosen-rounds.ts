import type { Experiment } from "../../read/experiment.js";

/** Rounds that a poster has room for. */
const MOST = 6;

/**
 * The rounds that tell most of a run: the first, the last, and those in which the means moved farthest; the earlier of
 * equals.
 *
 * @returns indices into `rounds`, ascending
 */
export function chosenRounds({ rounds }: Pick<Experiment, "rounds">): number[] {
  const last = rounds.length - 1;
  const inner = rounds.map((_, index) => index).slice(1, last);
  const byChange = inner.toSorted((a, b) => (rounds[b].change ?? 0) - (rounds[a].change ?? 0) || a - b);
  return [...new Set([0, ...byChange.slice(0, MOST - 2), last])].sort((a, b) => a - b);
}

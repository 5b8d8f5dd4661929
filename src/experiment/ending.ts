import type { RunEvent } from "../federation/run-event.js";
import { ALGORITHMS } from "../workflow/clustering/algorithms.js";
import type { Configuration } from "./settings.js";

type Ending = Pick<Extract<RunEvent, { type: "clustered" }>, "rounds" | "converged" | "cycleLength">;

/**
 * Why a run had no further round, in words.
 *
 * @param change how far the means moved in the last round; null in round 0
 */
export function endedBecause(
  { rounds, converged, cycleLength }: Ending,
  change: number | null,
  { algorithm, tolerance, maxIterations }: Pick<Configuration, "algorithm" | "tolerance" | "maxIterations">,
): string {
  const { rounds: ofAlgorithm, hasMemory } = ALGORITHMS[algorithm];
  if (ofAlgorithm === null) return "clients are asked once";
  if (hasMemory && converged) return "all rounds of its plan, which follows from public figures, were made";
  if (converged)
    return `the means moved by ${Number((change ?? 0).toPrecision(3))}, at most the tolerance of ${tolerance}`;
  if (cycleLength !== null) {
    const before = rounds - cycleLength;
    return `the means of round ${before} came again: a cycle of ${cycleLength} rounds, of which this one has the least inertia`;
  }
  return `no more than ${maxIterations} rounds are allowed`;
}

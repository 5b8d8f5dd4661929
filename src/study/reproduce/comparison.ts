import { spread } from "../statistics.js";
import { PUBLISHED_ROUNDS, type PublishedCell } from "./published.js";
import type { ReproducedCell, ReproducedRun } from "./reproduction.js";

/** How far from what was published, and from `central`, is near enough. */
export const BARS = {
  fkm: 0.01,
  central: 0.005,
  kFed: 0.02,
  bestLloydMean: 0.002,
  bestLloydSd: 0.003,
} as const;

/**
 * What the runs of a cell come to, and which bars they miss.
 *
 * @param kFedLocal the local k that k-fed was run with
 * @param isGenerated whether the data are another draw than the published one, which only best-lloyd has a bar on
 */
export function compare(
  cell: PublishedCell,
  kFedLocal: number,
  runs: readonly ReproducedRun[],
  isGenerated: boolean,
): ReproducedCell {
  const of = (algorithm: string, name: keyof ReproducedRun) =>
    spread(runs.filter((run) => run.algorithm === algorithm).map((run) => run[name] as number));
  const fkm = [
    of("fkm", "meanClientAdjustedRandIndexRound1"),
    of("fkm", "meanClientAdjustedRandIndexRound10"),
    of("fkm", "meanClientAdjustedRandIndex"),
  ];
  const central = of("central", "adjustedRandIndex");
  const kFed = of("k-fed", "adjustedRandIndex");
  const bestLloyd = of("best-lloyd", "adjustedRandIndex");
  const missed: string[] = [];
  const check = (holds: boolean, what: string, found: number, expected: number) => {
    if (!holds) missed.push(`${what}: found ${found.toFixed(4)}, against ${expected.toFixed(4)}`);
  };
  if (!isGenerated) {
    fkm.forEach(({ mean }, i) => {
      const goal = cell.fkm[i].mean;
      check(Math.abs(mean - goal) <= BARS.fkm, `fkm after round ${PUBLISHED_ROUNDS[i]}`, mean, goal);
    });
    check(
      Math.abs(central.mean - cell.central.mean) <= BARS.central,
      "central",
      central.mean,
      cell.central.mean,
    );
    check(kFed.mean >= cell.kFed.mean - BARS.kFed, "k-fed", kFed.mean, cell.kFed.mean);
  }
  const { mean, sd } = bestLloyd;
  check(mean >= central.mean - BARS.bestLloydMean, "best-lloyd against central", mean, central.mean);
  check(
    (sd ?? 0) <= (central.sd ?? 0) + BARS.bestLloydSd,
    "standard deviation of best-lloyd against central's",
    sd ?? 0,
    central.sd ?? 0,
  );
  return { cell, fkm, central, kFed, bestLloyd, kFedLocal, missed };
}

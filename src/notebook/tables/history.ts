import { type ExperimentLike, openRounds } from "../../experiment/open.js";

/** One row of `history`. */
export interface HistoryRow {
  round: number;
  /** How far the means moved (Frobenius norm, units clustered in); null in round 0. */
  convergenceChange: number | null;
  /** Of all rows under the round's means; null where it is not known. */
  inertia: number | null;
  /** Means that clients withheld in it. */
  meansWithheld: number;
  /** Clients that missed it. */
  dropped: number;
}

/** The rounds of a run, one a row. */
export function history(experiment: ExperimentLike): HistoryRow[] {
  return openRounds(experiment).map(({ round, convergenceChange, inertia, meansWithheld, dropped }) => ({
    round,
    convergenceChange,
    inertia,
    meansWithheld,
    dropped: dropped.length,
  }));
}

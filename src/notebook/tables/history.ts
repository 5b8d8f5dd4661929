import { type ExperimentLike, openRounds } from "../../experiment/open.js";

/** One row of `history`. */
export interface HistoryRow {
  round: number;
  /** How far the means moved (Frobenius norm, units clustered in); null in round 0. */
  convergenceChange: number | null;
  /** Of all that is clustered, under the round's means; null where it is not known. */
  inertia: number | null;
  /** What is clustered: the rows, or the points that stand for them. */
  inertiaOf: "rows" | "points";
  /** Means that a privacy threshold kept back in it; left out where clients hold to groups, which keep none back. */
  meansWithheld?: number;
  /** Clients that missed it. */
  dropped: number;
}

/** The rounds of a run, one a row. */
export function history(experiment: ExperimentLike): HistoryRow[] {
  return openRounds(experiment).map(({ dropped, ...round }) => ({ ...round, dropped: dropped.length }));
}

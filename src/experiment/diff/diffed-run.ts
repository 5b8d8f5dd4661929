import { type LoggedRound, readWholeExperiment } from "../../directory/read-experiment.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import { RunError } from "../../errors.js";

/** One of two runs that are compared. */
export interface DiffedRun {
  readonly directory: string;
  readonly summary: LoggedSummary;
  readonly isCompleted: boolean;
  readonly rounds: readonly LoggedRound[];
  /** Over the whole rounds. */
  readonly runHash: string;
  /** The round whose means divide the rows: the final one, or of a run that was cut short the last whole one. */
  readonly last: LoggedRound | null;
}

/**
 * Reads a run to compare, and checks its rounds.
 *
 * @throws RunError if the directory is none, or if a round of a completed run is damaged
 */
export function readDiffedRun(directory: string): DiffedRun {
  const { summary, rounds, torn, hash } = readWholeExperiment(directory);
  const isCompleted = summary.status === "completed";
  if (torn !== null && isCompleted) throw new RunError(torn.problem);
  const last = rounds.at(summary.results?.final_round ?? -1) ?? null;
  return { directory, summary, isCompleted, rounds, runHash: hash.digest(), last };
}

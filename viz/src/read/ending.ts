import type { LoggedSummary } from "fedkmeans/directory";
import type { Problem } from "./problem.js";
import type { ReadRounds } from "./rounds.js";

/** Where a run ends, whatever of it is drawn. */
export interface Ending {
  /** The run's own last round; null where it goes on, or nothing tells. */
  readonly lastRound: number | null;
  /** The round whose means are the final ones; null where there are none yet, or nothing tells. */
  readonly finalRound: number | null;
  /** Why the drawing ends before the run does, or has; null where it does not. */
  readonly problem: Problem | null;
}

/** Finds where a run ends: as its summary says, else, where nothing is missing, at the last round there is. */
export function endingOf(
  { status, reason, results }: LoggedSummary,
  { rounds, torn }: Pick<ReadRounds, "rounds" | "torn">,
): Ending {
  const drawn = rounds.at(-1)!.round;
  const isOver = status !== "running";
  const lastRound = results?.rounds ?? (isOver && torn === null ? drawn : null);
  const finalRound = status === "aborted" || !isOver ? null : (results?.final_round ?? lastRound);
  return { lastRound, finalRound, problem: torn ?? unfinished() };

  function unfinished(): Problem | null {
    const until = `drawn up to round ${drawn}.`;
    if (status === "aborted") return { short: `The run was aborted: ${until}`, detail: reason };
    if (status === "running") {
      return { short: `The run is still going, or was killed: ${until}`, detail: null };
    }
    if (lastRound === null || lastRound <= drawn) return null;
    return {
      short: `Round ${drawn + 1} is missing: ${until}`,
      detail: `rounds up to ${lastRound} expected`,
    };
  }
}

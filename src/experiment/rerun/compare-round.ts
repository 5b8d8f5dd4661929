import type { Layout } from "../../directory/layout.js";
import type { LoggedRound } from "../../directory/read-experiment.js";
import { readLocals } from "../../directory/read-local.js";
import type { Round } from "../../federation/run-event.js";
import { largestDifference } from "../../numerics/largest-difference.js";
import type { Matrix } from "../../numerics/matrix.js";

/** What of an array differs, as the run recorded it and as it came out again. */
export interface ArrayDifference {
  /** As the directory calls it, e.g. "local_means". */
  readonly array: string;
  /** What differs where it is no number, e.g. the shape; null where numbers do. */
  readonly problem: string | null;
  /** The numbers that differ the most; null where it is not numbers that do. */
  readonly largest: {
    /** Row and column, or the place in a vector. */
    readonly index: readonly number[];
    readonly recorded: number;
    readonly found: number;
    /** Absolute; 0 of a zero and a negative zero. */
    readonly difference: number;
  } | null;
}

/** The first array that differs, in the order in which a run makes them. */
export interface RerunDifference extends ArrayDifference {
  /** null before round 0. */
  readonly round: number | null;
  /** Whose it is; null: the server's. */
  readonly client: string | null;
}

/** @returns null where they are the same bit by bit */
export function matrixDifference(array: string, recorded: Matrix, found: Matrix): ArrayDifference | null {
  if (recorded.nRows !== found.nRows || recorded.nColumns !== found.nColumns) {
    const shape = ({ nRows, nColumns }: Matrix) => `(${nRows}, ${nColumns})`;
    return { array, problem: `shapes ${shape(recorded)} and ${shape(found)}`, largest: null };
  }
  return numbersDifference(array, recorded.data, found.data, recorded.nColumns);
}

/**
 * @param nColumns of a matrix; null of a vector
 * @returns null where they are the same bit by bit
 */
export function numbersDifference(
  array: string,
  recorded: ArrayLike<number>,
  found: ArrayLike<number>,
  nColumns: number | null = null,
): ArrayDifference | null {
  if (recorded.length !== found.length) {
    const problem = `${recorded.length} and ${found.length} numbers`;
    return { array, problem, largest: null };
  }
  const largest = largestDifference(recorded, found);
  if (largest === null) return null;
  const { at, difference } = largest;
  const index = nColumns === null ? [at] : [Math.floor(at / nColumns), at % nColumns];
  return {
    array,
    problem: null,
    largest: { index, recorded: recorded[at], found: found[at], difference },
  };
}

/**
 * Compares a round with the same one again: first what each client sent, then what the server made of it.
 *
 * @param logged the recorded round
 * @returns null where every array of it is the same bit by bit
 * @throws RunError if a recorded array cannot be read
 */
export function roundDifference(layout: Layout, logged: LoggedRound, again: Round): RerunDifference | null {
  const { round, clients } = logged;
  const now = again.locals.map(({ client }) => client);
  const missed = clients.find((client) => !now.includes(client));
  if (missed !== undefined) return ofParticipant(round, missed, "took part, and does not now");
  const more = now.find((client) => !clients.includes(client));
  if (more !== undefined) return ofParticipant(round, more, "did not take part, and does now");
  if (logged.hasLocals) {
    const locals = readLocals(layout, logged, clients, logged.means.nColumns);
    for (const { client, means, counts } of locals) {
      const { clusters } = again.locals.find((local) => local.client === client)!;
      const difference =
        matrixDifference("local_means", means, clusters.means) ??
        numbersDifference("sample_counts", counts, clusters.counts);
      if (difference !== null) return { round, client, ...difference };
    }
  }
  const difference = matrixDifference("global_means", logged.means, again.global.means);
  return difference && { round, client: null, ...difference };
}

function ofParticipant(round: number, client: string, problem: string): RerunDifference {
  return { round, client, array: "participating_clients", problem, largest: null };
}

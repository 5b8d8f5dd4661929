import { existsSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Layout,
  type LoggedLocal,
  type LoggedRound,
  messageOf,
  RunError,
  readLocals,
} from "fedkmeans/directory";
import type { LocalFacts, RoundFacts } from "./experiment.js";
import { inferOrigins } from "./origins.js";
import type { Problem } from "./problem.js";

/** A round before it is projected: what `RoundFacts` says, in the space clustered in. */
export interface ReadRound extends Omit<RoundFacts, "positions" | "locals" | "inertia"> {
  readonly nFeatures: number;
  readonly locals: readonly ReadLocal[];
  /** Whose clusters the local means are of: each client's own, or the global ones; null where it does not say. */
  readonly localClusters: "own" | "global" | null;
  /** Of all rows under the means of the round before; null where unknown. */
  readonly inertiaBefore: number | null;
}

export interface ReadLocal extends Omit<LocalFacts, "positions" | "targets"> {
  /** (m, nFeatures) row-major. */
  readonly means: Float64Array;
  /** All rows of the client, as this round counted them; null where it does not say. */
  readonly nSamples: number | null;
}

/** Where a round stands in its run. */
export interface Place {
  /** Names, in client order. */
  readonly clients: readonly string[];
  /** null: none is read. */
  readonly before: ReadRound | null;
  /** Whether the run began with it. */
  readonly isFirst: boolean;
}

/** Means that a picture can tell apart, as rows are drawn by them. */
const MOST_MEANS = 2 ** 16;

/**
 * Reads what of a round is drawn.
 *
 * @param problems is added to, for each client whose part cannot be read: the round goes on without it
 * @throws RunError if there are more means than can be drawn
 */
export function readRound(
  logged: LoggedRound,
  layout: Layout,
  { clients, before, isFirst }: Place,
  problems: Problem[],
): ReadRound {
  const { round, means, hasLocals, sizes, standardErrors, carriedOver } = logged;
  const { nRows: k, nColumns: nFeatures } = means;
  if (k > MOST_MEANS) {
    throw new RunError(`${layout.globalMeans(round)}: at most ${MOST_MEANS} means expected, found ${k}`);
  }
  // A directory may be without any on purpose: so is one that only the server's part was copied of.
  const isBare = !existsSync(dirname(layout.localMeansFolder("0")));
  const locals: ReadLocal[] = [];
  const lost: number[] = [];
  for (const name of hasLocals && !isBare ? logged.clients : []) {
    const client = clients.indexOf(name);
    try {
      const [local] = readLocals(layout, logged, [name], nFeatures);
      locals.push(drawn(local, client, before));
    } catch (error) {
      lost.push(client);
      problems.push({
        short: `The local means of client ${name} in round ${round} cannot be read.`,
        detail: messageOf(error),
      });
    }
  }
  const isSilent = isFirst && logged.clients.length === 0 && (logged.isOurs || !isBare);
  return {
    round,
    means: means.data,
    k,
    nFeatures,
    sizes: sizes?.length === k ? sizes : null,
    standardErrors: standardErrors?.length === k ? standardErrors : null,
    carriedOver: carriedOver.filter((cluster) => cluster < k),
    change: isFirst ? null : logged.convergenceChange,
    locals,
    lost,
    localClusters: logged.localClusters,
    inertiaBefore: isFirst ? null : logged.inertia,
    areLocalsRecorded: hasLocals && (isSilent || locals.length > 0),
    dropped: logged.dropped,
  };
}

/** @param sentBy the round whose means the client was sent; null: not read */
function drawn(local: LoggedLocal, client: number, sentBy: ReadRound | null): ReadLocal {
  const { means, counts, before, nSamples } = local;
  const rowOf = (index: number) => means.data.subarray(index * means.nColumns, (index + 1) * means.nColumns);
  // The mean of no rows is no place to draw; Python writes it as NaN.
  const kept = [...counts.keys()].filter((index) => counts[index] > 0 && rowOf(index).every(Number.isFinite));
  const origins =
    local.origins.length === 0 && sentBy !== null
      ? inferOrigins(kept.map(rowOf), kept, means.nRows, sentBy)
      : kept.map((index) => local.origins[index] ?? null);
  return {
    client,
    means: Float64Array.from(kept.flatMap((index) => [...rowOf(index)])),
    counts: kept.map((index) => counts[index]),
    origins,
    withheld: (before?.withheld ?? []).flatMap((index) => {
      const count = before!.counts[index] ?? 0;
      return count > 0 ? [{ origin: before!.origins[index] ?? null, count }] : [];
    }),
    nSamples,
  };
}

import { type Layout, type LoggedLocal, type LoggedRound, RunError, readLocals } from "fedkmeans/directory";
import type { LocalFacts, RoundFacts } from "./experiment.js";

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

/** Means that a picture can tell apart, as rows are drawn by them. */
const MOST_MEANS = 2 ** 16;

/**
 * Reads what of a round is drawn.
 *
 * @param clients where each name stands in client order
 * @param isFirst whether no round comes before it
 * @throws RunError if a file is missing, damaged, or not of the shape its neighbours need
 */
export function readRound(
  logged: LoggedRound,
  layout: Layout,
  clients: ReadonlyMap<string, number>,
  isFirst: boolean,
): ReadRound {
  const { round, means, hasLocals, sizes, carriedOver } = logged;
  const { nRows: k, nColumns: nFeatures } = means;
  if (k > MOST_MEANS) {
    throw new RunError(`${layout.globalMeans(round)}: at most ${MOST_MEANS} means expected, found ${k}`);
  }
  const sent = readLocals(layout, logged, hasLocals ? logged.clients : [], nFeatures);
  const locals = sent.flatMap((local) => {
    const client = clients.get(local.client);
    return client === undefined ? [] : [drawn(local, client)];
  });
  return {
    round,
    means: means.data,
    k,
    nFeatures,
    sizes: sizes?.length === k ? sizes : null,
    carriedOver: carriedOver.filter((cluster) => cluster < k),
    change: isFirst ? null : logged.convergenceChange,
    locals,
    localClusters: logged.localClusters,
    inertiaBefore: isFirst ? null : logged.inertia,
    areLocalsRecorded: hasLocals && (isFirst || locals.length > 0),
    dropped: logged.dropped,
  };
}

function drawn({ means, counts, origins, before, nSamples }: LoggedLocal, client: number): ReadLocal {
  const rowOf = (index: number) => means.data.subarray(index * means.nColumns, (index + 1) * means.nColumns);
  // The mean of no rows is no place to draw; Python writes it as NaN.
  const kept = [...counts.keys()].filter((index) => counts[index] > 0 && rowOf(index).every(Number.isFinite));
  return {
    client,
    means: Float64Array.from(kept.flatMap((index) => [...rowOf(index)])),
    counts: kept.map((index) => counts[index]),
    origins: kept.map((index) => origins[index] ?? null),
    withheld: (before?.withheld ?? []).flatMap((index) => {
      const count = before!.counts[index] ?? 0;
      return count > 0 ? [{ origin: before!.origins[index] ?? null, count }] : [];
    }),
    nSamples,
  };
}

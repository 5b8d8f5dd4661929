import type { PartitionRef } from "../../data/partitions/partition-list.js";
import { createPartitionLoader } from "../../data/partitions/partition-loader.js";
import { messageOf, RunError } from "../../errors.js";
import { inlineFederation } from "../../federation/carriers/inline.js";
import { bothClients } from "../../federation/client/both-clients.js";
import { LocalClient } from "../../federation/client/client.js";
import { serve } from "../../federation/server.js";
import { maximalJaccard } from "../../numerics/jaccard.js";
import type { Matrix } from "../../numerics/matrix.js";
import { nearestCentroids } from "../../numerics/nearest-centroids.js";
import { randomStream } from "../../numerics/random.js";
import { concat, pick } from "../../numerics/small-arrays.js";
import { applyTransform, type Transform } from "../../numerics/transform.js";
import type { Policy } from "../../privacy/policy.js";
import { serverOptionsOf } from "../configuration.js";
import { policyOf } from "../privacy-settings.js";
import type { Configuration } from "../settings.js";
import { readStart } from "../start-file.js";

/** Some resamples of a run's points. */
export interface ResampleTask {
  readonly configuration: Configuration;
  readonly refs: readonly PartitionRef[];
  /** (k, p) the final means, as clustered. */
  readonly means: Matrix;
  /** How points became what was clustered. */
  readonly transform: Transform;
  /** As `Evaluated` has them. */
  readonly featuresAsked: readonly string[] | null;
  /** The numbers of the first resample, and of the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** What came of a resample: (k,) the maximal Jaccard similarity of each of the run's clusters; or why there is none. */
export type Resampled = { readonly jaccard: Float64Array } | { readonly failure: string };

/** What came of some resamples. */
export interface ResampleResult {
  /** (k,) points, and rows behind them, of each of the run's clusters. */
  readonly nPoints: readonly number[];
  readonly nSamples: readonly number[];
  readonly resamples: readonly Resampled[];
}

/** What a client computes from, with the run's cluster of each point. */
interface OriginalPoints {
  readonly name: string;
  readonly points: Matrix;
  readonly weights: Float64Array | null;
  readonly spreads: Float64Array | null;
  readonly clusters: Int32Array;
}

/**
 * Clusters resamples of a run's points as the run did, federation and all, and compares the clusters.
 *
 * @throws RunError if a partition cannot be read; the signal's reason once it is aborted
 */
export async function clusterResamples(task: ResampleTask, signal: AbortSignal): Promise<ResampleResult> {
  const { configuration, means, from, to } = task;
  const policy = policyOf(configuration);
  const clients = await loadPoints(task, policy);
  const [nPoints, nSamples] = [new Array(means.nRows).fill(0), new Array(means.nRows).fill(0)];
  for (const { clusters, weights } of clients) {
    clusters.forEach((cluster, i) => {
      nPoints[cluster] += 1;
      nSamples[cluster] += weights?.[i] ?? 1;
    });
  }
  const resamples: Resampled[] = [];
  for (let resample = from; resample < to; resample++) {
    signal.throwIfAborted();
    // A caller that computes in its own thread hears of an interrupt in between.
    await new Promise((resolve) => setTimeout(resolve));
    try {
      resamples.push({ jaccard: await clusterResample(task, clients, policy, resample, signal) });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RunError)) throw error;
      resamples.push({ failure: messageOf(error) });
    }
  }
  return { nPoints, nSamples, resamples };
}

async function loadPoints(task: ResampleTask, policy: Policy): Promise<OriginalPoints[]> {
  const { refs, featuresAsked, transform, means } = task;
  const load = createPartitionLoader(refs);
  const clients: OriginalPoints[] = [];
  for (const ref of refs) {
    const { points: client } = bothClients(ref.client, await load(ref), policy);
    const points = client.raw(featuresAsked);
    const clustered = applyTransform(transform, points);
    const clusters =
      points.nRows === 0
        ? new Int32Array(0)
        : nearestCentroids(clustered.data, clustered.nColumns, means.data);
    const { weights, spreads } = client.local;
    clients.push({ name: ref.client, points, weights, spreads, clusters });
  }
  return clients;
}

async function clusterResample(
  { configuration, means }: ResampleTask,
  clients: readonly OriginalPoints[],
  policy: Policy,
  resample: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const { randomState } = configuration;
  const drawn = clients.map(({ name, points }) =>
    drawnOnce(points.nRows, randomState, `stability/${resample}/${name}`),
  );
  const parts = clients.map(({ points }, i) => selectRows(points, drawn[i]));
  const weightsOf = (i: number) =>
    clients[i].weights && Float64Array.from(drawn[i], (point) => clients[i].weights![point]);
  const local = clients.map(
    ({ name, spreads }, i) =>
      new LocalClient(
        { name, featureNames: null, labelColumn: null },
        { points: parts[i], weights: weightsOf(i), labels: null, spreads },
        policy,
      ),
  );
  const options = {
    ...serverOptionsOf(configuration, readStart(configuration.start)),
    // Each resample draws its own starts, as a run on other points would.
    randomState: randomState + 1 + resample,
    pca: configuration.pcaComponents !== null,
  };
  for await (const event of serve(inlineFederation(local), options, { signal })) {
    if (event.type !== "evaluation") continue;
    const found = parts.map((part) => {
      const { data, nColumns } = applyTransform(event.transform, part);
      return part.nRows === 0 ? new Int32Array(0) : nearestCentroids(data, nColumns, event.means.data);
    });
    const own = clients.map(({ clusters }, i) => drawn[i].map((point) => clusters[point]));
    const weights = clients.every(({ weights }) => weights === null)
      ? null
      : concat(clients.map((_, i) => weightsOf(i) ?? new Float64Array(drawn[i].length).fill(1)));
    return maximalJaccard(joined(own), means.nRows, joined(found), event.means.nRows, weights);
  }
  throw new RunError("it ended without an evaluation");
}

/**
 * A bootstrap draw of as many points as there are, of which each that is drawn is there once, as clusterboot has it: so
 * that no cluster is made of copies.
 *
 * @returns indices, ascending
 */
function drawnOnce(n: number, seed: number, name: string): Int32Array {
  const random = randomStream(seed, name);
  const isDrawn = new Uint8Array(n);
  for (let draw = 0; draw < n; draw++) isDrawn[random.integer(n)] = 1;
  return Int32Array.from({ length: n }, (_, point) => point).filter((point) => isDrawn[point] === 1);
}

function selectRows({ data, nColumns }: Matrix, rows: Int32Array): Matrix {
  return { data: pick(data, [...rows], nColumns), nRows: rows.length, nColumns };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]));
}

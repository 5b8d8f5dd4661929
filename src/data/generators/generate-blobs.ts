import type { Matrix } from "../../numerics/matrix.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";
import { completeSettings } from "../../settings/check.js";
import type { ValuesOf } from "../../settings/setting.js";
import { checkSize } from "./check-size.js";
import type { DatasetClient, Generated } from "./dataset.js";

/** The options of `generateBlobs`; the order is that of `--help`. */
export const BLOBS_OPTIONS = {
  /** Clients. Default: 5. */
  numClients: { type: "integer", default: 5, min: 1, help: "clients" },
  /** Rows of each client. Default: 100. */
  samplesPerClient: { type: "integer", default: 100, min: 1, help: "rows of each client" },
  /** Features. Default: 2. */
  numFeatures: { type: "integer", default: 2, min: 1, help: "features" },
  /** Clusters. Default: 3. */
  numClusters: { type: "integer", default: 3, min: 1, help: "clusters" },
  /** Standard deviation of a cluster. Default: 1. */
  clusterStd: { type: "number", default: 1, above: 0, help: "standard deviation of a cluster" },
  /** 0: every client has the same mixture of clusters; 1: as different as it gets. Default: 0.5. */
  nonIidFactor: {
    type: "fraction",
    default: 0.5,
    help: "0: every client has the same mixture of clusters; 1: as different as it gets",
  },
  /** 0: well separated; 1: heavily overlapping. Default: 0. */
  overlapFactor: { type: "fraction", default: 0, help: "0: well separated; 1: heavily overlapping" },
  /** 0: equal clusters; 1: very unequal. Default: 0. */
  densityVariation: { type: "fraction", default: 0, help: "0: equal clusters; 1: very unequal" },
  /** Seed. Default: 42. */
  randomState: { type: "integer", default: 42, min: 0, help: "seed" },
} as const;

/** Isotropic Gaussian clusters, unevenly shared out among clients. */
export interface BlobsOptions extends Readonly<ValuesOf<typeof BLOBS_OPTIONS>> {}

const CANDIDATES_PER_CENTER = 10;

/**
 * Draws the clusters' centres, then each client's rows around them, in random order. What one client draws
 * depends neither on the number of clients nor on the order they are drawn in.
 *
 * @returns clients named "0", "1", ...
 * @throws UsageError naming the first option that is out of range
 */
export function generateBlobs(given: Partial<BlobsOptions>): Generated<BlobsOptions> {
  const options = completeSettings(BLOBS_OPTIONS, given);
  checkSize(options, ["numClients", "samplesPerClient", "numFeatures"]);
  checkSize(options, ["numClusters", "numFeatures"]);
  checkSize(options, ["numClusters", "numClients"]);
  const centers = drawCenters(options);
  const frequencies = clusterFrequencies(options);
  const clients: DatasetClient[] = [];
  for (let client = 0; client < options.numClients; client++) {
    const mixture = clientMixture(client, frequencies, options);
    clients.push(drawClient(client, apportion(options.samplesPerClient, mixture), centers, options));
  }
  return { clients, centers, options };
}

/**
 * Best-candidate sampling (Mitchell 1991) in a cube, scaled so that the closest two are as far apart as asked: from 8
 * standard deviations of a cluster down to 1.5.
 */
function drawCenters(options: BlobsOptions): Matrix {
  const { numClusters: k, numFeatures: d, clusterStd, overlapFactor, randomState } = options;
  const stream = randomStream(randomState, "generate/blobs/centers");
  const data = new Float64Array(k * d);
  let closest = Infinity;
  for (let center = 0; center < k; center++) {
    let best = -1;
    for (let attempt = 0; attempt < CANDIDATES_PER_CENTER; attempt++) {
      const candidate = Float64Array.from({ length: d }, () => stream.uniform() - 0.5);
      const distance = nearestDistance(candidate, data.subarray(0, center * d));
      if (distance > best) {
        best = distance;
        data.set(candidate, center * d);
      }
    }
    closest = Math.min(closest, best);
  }
  const separation = (8 - 6.5 * overlapFactor) * clusterStd;
  const scale = k === 1 ? separation : separation / closest;
  return { data: data.map((value) => value * scale), nRows: k, nColumns: d };
}

/** Infinity if there are no others. */
function nearestDistance(point: Float64Array, others: Float64Array): number {
  let nearest = Infinity;
  for (let start = 0; start < others.length; start += point.length) {
    let sum = 0;
    for (let j = 0; j < point.length; j++) {
      const difference = point[j] - others[start + j];
      sum += difference * difference;
    }
    nearest = Math.min(nearest, Math.sqrt(sum));
  }
  return nearest;
}

/** How frequent each cluster is over all clients, at least 0.4 times as the one before; sums to 1. */
function clusterFrequencies({ numClusters, densityVariation }: BlobsOptions): number[] {
  const weights = [1];
  while (weights.length < numClusters) {
    // Never 0, so that a client whose clusters are all rare still has a mixture.
    weights.push(Math.max(weights[weights.length - 1] * (1 - 0.6 * densityVariation), 1e-300));
  }
  return normalize(weights);
}

/** Between everyone's mixture and the client's own clusters only, which are dealt out like cards. */
function clientMixture(client: number, frequencies: number[], options: BlobsOptions): number[] {
  const { numClients, numClusters, nonIidFactor } = options;
  const hands = Math.min(numClients, numClusters);
  const own = normalize(frequencies.map((p, cluster) => (cluster % hands === client % hands ? p : 0)));
  return frequencies.map((p, cluster) => (1 - nonIidFactor) * p + nonIidFactor * own[cluster]);
}

function normalize(weights: number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Whole numbers that sum to `total`, as near to the shares as can be (largest remainder). */
function apportion(total: number, shares: number[]): number[] {
  const counts = shares.map((share) => Math.floor(total * share));
  const left = total - counts.reduce((sum, count) => sum + count, 0);
  const remainders = shares.map((share, index) => ({ index, remainder: total * share - counts[index] }));
  remainders.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of remainders.slice(0, left)) counts[index] += 1;
  return counts;
}

function drawClient(client: number, counts: number[], centers: Matrix, options: BlobsOptions): DatasetClient {
  const { numFeatures: d, clusterStd, randomState } = options;
  const name = String(client);
  const stream = (part: string) => randomStream(randomState, `generate/blobs/client/${name}/${part}`);
  const labels = Int32Array.from(counts.flatMap((count, cluster) => new Array<number>(count).fill(cluster)));
  stream("order").shuffle(labels);
  const draws: RandomStream[] = counts.map((_, cluster) => stream(`cluster/${cluster}`));
  const data = new Float64Array(labels.length * d);
  for (let i = 0; i < data.length; i++) {
    const cluster = labels[Math.floor(i / d)];
    data[i] = centers.data[cluster * d + (i % d)] + clusterStd * draws[cluster].normal();
  }
  return { name, rows: { data, nRows: labels.length, nColumns: d }, labels };
}

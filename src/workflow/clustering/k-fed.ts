import { squaredDistance } from "../../numerics/distances.js";
import { kMeans } from "../../numerics/k-means.js";
import type { Matrix } from "../../numerics/matrix.js";
import { meansFromSums } from "../../numerics/means.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";
import { leadingSingularVectors } from "../../numerics/singular-vectors.js";
import { concat } from "../../numerics/small-arrays.js";
import type { Transform } from "../../numerics/transform.js";
import { behindClusters } from "../behind.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import { countOf, type Message, randomStateOf } from "../message.js";
import { transformArrays, transformOf } from "../transform/arrays.js";
import { atStart, type GlobalMeans, nothingReported, pooledMeans, sizesOf } from "./aggregation.js";
import { type Algorithm, type ClusteringOptions, combined } from "./algorithm.js";
import { refuseAsPublished, wantOwnStart } from "./checks.js";
import {
  type LocalClusters,
  type LocalMeansReply,
  localMeansAtStart,
  NO_CLUSTERS,
  readAtStart,
} from "./local-clusters.js";

/*
 * k-FED: Dennis, Li & Smith, Heterogeneity for the Win: One-Shot Federated Clustering (ICML 2021). Clients
 * cluster once, the server groups the local means once. Leaves a client: a `LocalMeansReply`, once.
 */

/** The server asks for the means of k' local clusters; carries the transform. */
export interface KFedRequest extends Message {
  readonly kind: "clustering/k-fed";
  readonly scalars: { k_local: number; random_state: number; privacy_threshold: number };
}

function kFedRequest(
  transform: Transform,
  options: Pick<ClusteringOptions, "kLocal" | "randomState" | "privacyThreshold">,
): KFedRequest {
  return {
    kind: "clustering/k-fed",
    arrays: transformArrays(transform),
    scalars: {
      k_local: options.kLocal,
      random_state: options.randomState,
      privacy_threshold: options.privacyThreshold,
    },
  };
}

export const kFed: Algorithm = {
  help: "one shot, Dennis, Li & Smith 2021",
  check(settings, nameOf) {
    wantOwnStart("k-fed", settings, nameOf);
    refuseAsPublished(settings, nameOf);
  },
  async start({ options, transform, nColumns, ask }) {
    const request = kFedRequest(transform, options);
    const answers = await ask("the start", request, readAtStart(nColumns, options.kLocal));
    const random = randomStream(options.randomState, "server/round 0");
    return combined(aggregateKFed(answers.values, options.k, random), answers);
  },
  rounds: null,
  answers: {
    "clustering/k-fed": { replyKind: "clustering/local_means", answer: answerKFed, behind: behindClusters },
  },
};

const LOCAL = { maxIterations: 300, tolerance: 1e-4, restarts: 10 };

/**
 * Local clustering in three steps: k-means of the points projected on their k' leading singular vectors; the
 * mean of each cluster's core, the points three times nearer to their own centre than to any other; k-means of
 * the points from those means. A point counts as the rows behind it.
 *
 * @see Dennis, Li & Smith 2021, Algorithm 1; Awasthi & Sheffet, Improved spectral-norm bounds (2012), Algorithm 1
 */
function answerKFed(local: LocalData, request: Message): LocalMeansReply {
  const { data, nRows, nColumns: d } = local.transformed(transformOf(request, local.nFeatures));
  const k = Math.min(countOf(request, "k_local", 1), nRows);
  const random = randomStream(randomStateOf(request), `k-fed/${local.name}`);
  const filter = { rows: local.nSamples, threshold: privacyThreshold(local, request), nColumns: d };
  if (k === 0) return localMeansAtStart(NO_CLUSTERS, filter);
  const { weights } = local;
  const projected = projectOnLeading(data, d, weights, k);
  const centres = kMeans(projected, d, k, weights, LOCAL, random).means;
  const start = coreMeans({ data, nRows, nColumns: d }, projected, weights, centres);
  const { means, counts, inertia } = lloyd(data, d, weights, start);
  const kept = [...counts.keys()].filter((c) => counts[c] > 0);
  const found = {
    means: concat(kept.map((c) => means.subarray(c * d, (c + 1) * d))),
    counts: Float64Array.from(kept, (c) => counts[c]),
    inertia,
  };
  return localMeansAtStart(found, filter);
}

/** The points as their k' leading right singular vectors can tell them, in the same d coordinates. */
function projectOnLeading(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  k: number,
): Float64Array {
  if (k >= d) return rows;
  const vectors = leadingSingularVectors(rows, d, weights, k);
  const projected = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row += d) {
    for (let v = 0; v < vectors.length; v += d) {
      let share = 0;
      for (let f = 0; f < d; f++) share += rows[row + f] * vectors[v + f];
      for (let f = 0; f < d; f++) projected[row + f] += share * vectors[v + f];
    }
  }
  return projected;
}

function coreMeans(
  { data, nRows, nColumns: d }: Matrix,
  projected: Float64Array,
  weights: Float64Array | null,
  centres: Float64Array,
): Float64Array {
  const k = centres.length / d;
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  for (let i = 0; i < nRows; i++) {
    let nearest = 0;
    let least = Infinity;
    let second = Infinity;
    for (let c = 0; c < k; c++) {
      const distance = squaredDistance(projected, i, centres, c, d);
      if (distance < least) {
        second = least;
        least = distance;
        nearest = c;
      } else if (distance < second) second = distance;
    }
    // Three times nearer: nine times, squared.
    if (9 * least > second) continue;
    const weight = weights === null ? 1 : weights[i];
    counts[nearest] += weight;
    for (let f = 0; f < d; f++) sums[nearest * d + f] += weight * data[i * d + f];
  }
  return meansFromSums(sums, counts, centres);
}

/** Lloyd's iterations to the end. Returned counts are of the rows behind the returned means. */
function lloyd(rows: Float64Array, d: number, weights: Float64Array | null, start: Float64Array) {
  const assignment = openAssignment(rows, d, start.length / d, weights);
  let means = start;
  for (let iteration = 1; ; iteration++) {
    assignment.assign(means);
    const { sums, counts } = assignment.sums();
    const next = meansFromSums(sums, counts, means);
    const settled = next.every((value, i) => value === means[i]);
    means = next;
    if (settled || iteration === LOCAL.maxIterations) {
      assignment.assign(means);
      const inertia = assignment.inertia();
      assignment.close();
      return { means, counts, inertia };
    }
  }
}

/**
 * Groups the local means: starting from all those of one client, the farthest from all chosen so far is added
 * until there are k; then each local mean joins the nearest chosen one, and every group has its mean, in which
 * each local mean counts once.
 *
 * @param locals one entry a client, in client order
 * @param k number of clusters wanted; fewer come out where fewer means were reported
 * @throws RunError if nothing was reported
 * @see Dennis, Li & Smith 2021, Algorithm 2
 */
export function aggregateKFed(
  locals: readonly LocalClusters[],
  k: number,
  random: RandomStream,
): GlobalMeans {
  const reporting = locals.filter((local) => local.means.nRows > 0);
  if (reporting.length === 0) throw nothingReported();
  const d = locals[0].means.nColumns;
  const { rows, counts } = pooledMeans(reporting);
  const n = counts.length;

  const chosen: number[] = [];
  const distance = new Float64Array(n).fill(Infinity);
  const choose = (row: number) => {
    chosen.push(row);
    for (let i = 0; i < n; i++) distance[i] = Math.min(distance[i], squaredDistance(rows, i, rows, row, d));
  };
  const first = random.integer(reporting.length);
  const before = reporting.slice(0, first).reduce((sum, local) => sum + local.means.nRows, 0);
  for (let i = 0; i < Math.min(k, reporting[first].means.nRows); i++) choose(before + i);
  while (chosen.length < k) {
    let farthest = 0;
    for (let i = 1; i < n; i++) if (distance[i] > distance[farthest]) farthest = i;
    if (distance[farthest] === 0) break;
    choose(farthest);
  }
  const centres = concat(chosen.map((row) => rows.subarray(row * d, (row + 1) * d)));
  const assignment = openAssignment(rows, d, chosen.length, null);
  assignment.assign(centres);
  const groups = assignment.sums();
  assignment.close();
  const data = meansFromSums(groups.sums, groups.counts, centres);
  const { means, carriedOver } = atStart({ data, nRows: chosen.length, nColumns: d }, k);
  return { means, carriedOver, sizes: sizesOf(rows, counts, means, new Set()) };
}

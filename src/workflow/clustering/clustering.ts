import { kMeans } from "../../numerics/k-means.js";
import type { Matrix } from "../../numerics/matrix.js";
import { meansFromSums } from "../../numerics/means.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import { randomStream } from "../../numerics/random.js";
import type { Transform } from "../../numerics/transform.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import { countOf, floats, type Message, meansOf, randomStateOf } from "../message.js";
import { transformArrays, transformOf } from "../transform-arrays.js";
import { RESTARTS } from "./aggregation.js";
import { answerPublishedStart, countNearest, PUBLISHED_MINIMUM, refusePublished } from "./as-published.js";
import { type LocalClustersReply, localClustersReply, pick } from "./local-clusters.js";

/** What travels in a round. `fkm`: means of local clusters. `lloyd`: sums per global cluster. */
export type RoundKind = "fkm" | "lloyd";

/** The server asks for a local k-means++ start; carries the transform. */
export interface StartRequest extends Message {
  readonly kind: "clustering/start";
  readonly scalars: {
    k: number;
    local_iterations: number;
    as_published: boolean;
    random_state: number;
    privacy_threshold: number;
    /** Left out where it is `RESTARTS`. */
    restarts?: number;
  };
}

/** The server sends the global means and asks for one round of local work; carries the transform too. */
export interface UpdateRequest extends Message {
  readonly kind: "clustering/update";
  readonly scalars: {
    algorithm: RoundKind;
    local_iterations: number;
    drop_empty: boolean;
    as_published: boolean;
    privacy_threshold: number;
  };
}

export function startRequest(
  transform: Transform,
  options: {
    k: number;
    localIterations: number;
    asPublished?: boolean;
    randomState: number;
    privacyThreshold: number;
    restarts?: number;
  },
): StartRequest {
  const { restarts = RESTARTS } = options;
  return {
    kind: "clustering/start",
    arrays: transformArrays(transform),
    scalars: {
      k: options.k,
      local_iterations: options.localIterations,
      as_published: options.asPublished ?? false,
      random_state: options.randomState,
      privacy_threshold: options.privacyThreshold,
      ...(restarts === RESTARTS ? {} : { restarts }),
    },
  };
}

export function updateRequest(
  transform: Transform,
  means: Matrix,
  options: {
    algorithm: RoundKind;
    localIterations: number;
    dropEmpty: boolean;
    asPublished?: boolean;
    privacyThreshold: number;
  },
): UpdateRequest {
  return {
    kind: "clustering/update",
    arrays: { ...transformArrays(transform), means: floats(means.data, means.nRows, means.nColumns) },
    scalars: {
      algorithm: options.algorithm,
      local_iterations: options.localIterations,
      drop_empty: options.dropEmpty,
      as_published: options.asPublished ?? false,
      privacy_threshold: options.privacyThreshold,
    },
  };
}

/**
 * Starts from k-means++ on the client's own rows, ten times unless told, each with its local iterations, and keeps the
 * start of least inertia.
 *
 * @see Garst & Reinders, Federated K-Means Clustering (2024), Algorithm 1, lines 1-4
 */
export function answerStart(local: LocalData, request: Message): LocalClustersReply {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const k = Math.min(countOf(request, "k", 1), rows.nRows);
  if (request.scalars.as_published === true) return answerPublishedStart(local, request, rows, k);
  const restarts = "restarts" in request.scalars ? countOf(request, "restarts", 1) : RESTARTS;
  const options = { maxIterations: countOf(request, "local_iterations", 1), tolerance: 0, restarts };
  const random = randomStream(randomStateOf(request), `start/${local.name}`);
  const { means, counts, inertia } = kMeans(rows.data, rows.nColumns, k, null, options, random);
  const origins = new Int32Array(counts.length).fill(-1);
  const filter = { rows: rows.nRows, threshold: privacyThreshold(local, request), keepsEmpty: false };
  return localClustersReply("clustering/local_means", means, counts, origins, inertia, filter);
}

/**
 * One round of a client's work. `fkm`: drop the global means that get none of its rows, iterate from the
 * rest, report means. `lloyd`: report the sums of the rows nearest to each global mean.
 *
 * @see Garst & Reinders 2024, Algorithm 1, lines 8-14
 */
export function answerUpdate(local: LocalData, request: Message): LocalClustersReply {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const d = rows.nColumns;
  const threshold = privacyThreshold(local, request);
  const sent = meansOf(request, "means", d);
  const k = sent.length / d;
  const assignment = local.assignment(k);
  assignment.assign(sent, true);
  const inertia = assignment.inertia();
  const isLloyd = request.scalars.algorithm === "lloyd";
  const asPublished = !isLloyd && request.scalars.as_published === true;
  if (asPublished) refusePublished(threshold);
  const keepsEmpty = !isLloyd && request.scalars.drop_empty === false;
  const filter = { rows: rows.nRows, threshold: asPublished ? PUBLISHED_MINIMUM : threshold, keepsEmpty };
  const first = assignment.sums();
  const kept = filled(first.counts, keepsEmpty);
  const origins = new Int32Array(kept);
  let sums = pick(first.sums, kept, d);
  let counts = pick(first.counts, kept, 1);
  if (isLloyd) return localClustersReply("clustering/local_sums", sums, counts, origins, inertia, filter);

  // A cluster without rows is at the server's own mean, never where rows once were: that would tell of them.
  const began = pick(sent, kept, d);
  let means = meansFromSums(sums, counts, began);
  const localIterations = countOf(request, "local_iterations", 1);
  // Apart from the one that remembers the server's means, to which the next round is nearest.
  const further = localIterations > 1 ? openAssignment(rows.data, d, kept.length, null) : assignment;
  for (let iteration = 1; iteration < localIterations; iteration++) {
    further.assign(means);
    ({ sums, counts } = further.sums());
    means = meansFromSums(sums, counts, began);
  }
  if (further !== assignment) further.close();
  if (asPublished) ({ counts } = countNearest(rows, means));
  const left = filled(counts, keepsEmpty);
  return localClustersReply(
    "clustering/local_means",
    pick(means, left, d),
    pick(counts, left, 1),
    new Int32Array(left.map((c) => origins[c])),
    inertia,
    filter,
  );
}

/** Indices of the clusters that have rows, or of all. */
function filled(counts: Float64Array, keepsEmpty: boolean): number[] {
  const clusters: number[] = [];
  for (let c = 0; c < counts.length; c++) if (counts[c] > 0 || keepsEmpty) clusters.push(c);
  return clusters;
}

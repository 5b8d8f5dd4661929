import { RunError } from "../errors.js";
import { assign, clusterSums, meansFromSums } from "../numerics/assign.js";
import { openAssignment } from "../numerics/assignment.js";
import { kMeans } from "../numerics/k-means.js";
import { kMeansPlusPlus } from "../numerics/k-means-plus-plus.js";
import type { Matrix } from "../numerics/matrix.js";
import { randomStream } from "../numerics/random.js";
import type { Transform } from "../numerics/transform.js";
import { type LocalData, privacyThreshold } from "./local-data.js";
import {
  checkElements,
  checkFlags,
  checkNotNegative,
  floats,
  floatsOf,
  ints,
  intsOf,
  type Message,
  type NamedArray,
  numberOf,
} from "./message.js";
import { transformArrays, transformOf } from "./transform-arrays.js";

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

/**
 * Leaves the client, for each local cluster of at least the privacy threshold's rows: its mean (`fkm`) or its
 * sum (`lloyd`), in the units clustered in. Of the smaller ones only the count leaves.
 */
export interface LocalClustersReply extends Message {
  readonly kind: "clustering/local_means" | "clustering/local_sums";
  /** Inertia of the client's rows under the global means it was sent; under its own at the start. */
  readonly scalars: { inertia: number };
  readonly arrays: {
    /** (m, p) means or sums of the clusters that may leave. */
    values: NamedArray;
    /** (q,) rows of every local cluster, q >= m. */
    counts: NamedArray;
    /** (q,) 1 where the cluster may leave, 0 where it is withheld. */
    sent: NamedArray;
    /** (q,) index of the global mean each began as; -1 at the start. */
    origins: NamedArray;
  };
}

/** One client's clusters as the server knows them. */
export interface LocalClusters {
  /** (m, p) */
  means: Matrix;
  /** (m, p) row-major; what `lloyd` adds up. */
  sums: Float64Array;
  /** (m,) rows behind each mean. */
  counts: Int32Array;
  /** (m,) index of the global mean each began as; -1 at the start. */
  origins: Int32Array;
  /** What the privacy filter saw: (q,) each. */
  beforeFilter: { counts: Int32Array; sent: Int32Array; origins: Int32Array };
  inertia: number;
}

export function startRequest(
  transform: Transform,
  options: {
    k: number;
    localIterations: number;
    asPublished?: boolean;
    randomState: number;
    privacyThreshold: number;
  },
): StartRequest {
  return {
    kind: "clustering/start",
    arrays: transformArrays(transform),
    scalars: {
      k: options.k,
      local_iterations: options.localIterations,
      as_published: options.asPublished ?? false,
      random_state: options.randomState,
      privacy_threshold: options.privacyThreshold,
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
 * Starts from k-means++ on the client's own rows, ten times, each with its local iterations, and keeps the
 * start of least inertia.
 *
 * @see Garst & Reinders, Federated K-Means Clustering (2024), Algorithm 1, lines 1-4
 */
export function answerStart(local: LocalData, request: Message): LocalClustersReply {
  const rows = local.transformed(transformOf(request, local.rows.nColumns));
  const k = Math.min(numberOf(request, "k"), rows.nRows);
  if (request.scalars.as_published === true) return answerPublishedStart(local, request, rows, k);
  const options = { maxIterations: numberOf(request, "local_iterations"), tolerance: 0, restarts: 10 };
  const random = randomStream(numberOf(request, "random_state"), `start/${local.name}`);
  const { means, counts, inertia } = kMeans(rows.data, rows.nColumns, k, null, options, random);
  const origins = new Int32Array(counts.length).fill(-1);
  const filter = { rows: rows.nRows, threshold: privacyThreshold(local, request), keepsEmpty: false };
  return localClustersReply("clustering/local_means", means, counts, origins, inertia, filter);
}

/**
 * The start of the published study: the rows that k-means++ draws, as they are, and how many rows are nearest
 * to each.
 *
 * @throws RunError if the client's threshold, or the server's, is above 1: these are rows, not means of rows
 */
function answerPublishedStart(
  local: LocalData,
  request: Message,
  rows: Matrix,
  k: number,
): LocalClustersReply {
  refusePublished(privacyThreshold(local, request));
  const random = randomStream(numberOf(request, "random_state"), `start/${local.name}`);
  const means = kMeansPlusPlus(rows.data, rows.nColumns, k, null, random);
  const labels = new Int32Array(rows.nRows);
  const inertia = assign(rows.data, rows.nColumns, means, labels);
  const { counts } = clusterSums(rows.data, rows.nColumns, means.length / rows.nColumns, labels, null);
  const origins = new Int32Array(counts.length).fill(-1);
  const filter = { rows: rows.nRows, threshold: PUBLISHED_MINIMUM, keepsEmpty: false };
  return localClustersReply("clustering/local_means", means, counts, origins, inertia, filter);
}

/** The published study drops local means of one row. */
const PUBLISHED_MINIMUM = 2;

/** Counted again after the iterations, a mean may be of another number of rows than its count says. */
function refusePublished(threshold: number): void {
  if (threshold > 1) {
    throw new RunError(
      `as-published sends single rows, which needs a privacy threshold of 0 or 1, found ${threshold}`,
    );
  }
}

/**
 * One round of a client's work. `fkm`: drop the global means that get none of its rows, iterate from the
 * rest, report means. `lloyd`: report the sums of the rows nearest to each global mean.
 *
 * @see Garst & Reinders 2024, Algorithm 1, lines 8-14
 */
export function answerUpdate(local: LocalData, request: Message): LocalClustersReply {
  const rows = local.transformed(transformOf(request, local.rows.nColumns));
  const d = rows.nColumns;
  const threshold = privacyThreshold(local, request);
  const sent = floatsOf(request, "means", [null, d]);
  const k = sent.length / d;
  const assignment = local.assignment(k);
  assignment.assign(sent);
  const inertia = assignment.inertia();
  const isLloyd = request.scalars.algorithm === "lloyd";
  const asPublished = !isLloyd && request.scalars.as_published === true;
  if (asPublished) refusePublished(threshold);
  const keepsEmpty = !isLloyd && request.scalars.drop_empty === false;
  const filter = { rows: rows.nRows, threshold: asPublished ? PUBLISHED_MINIMUM : threshold, keepsEmpty };
  const filled = (counts: Float64Array) => [...counts.keys()].filter((c) => counts[c] > 0 || keepsEmpty);

  const first = assignment.sums();
  const kept = filled(first.counts);
  const origins = Int32Array.from(kept);
  let sums = pick(first.sums, kept, d);
  let counts = pick(first.counts, kept, 1);
  if (isLloyd) return localClustersReply("clustering/local_sums", sums, counts, origins, inertia, filter);

  // A cluster without rows is at the server's own mean, never where rows once were: that would tell of them.
  const began = pick(sent, kept, d);
  let means = meansFromSums(sums, counts, began);
  const localIterations = numberOf(request, "local_iterations");
  // Apart from the one that remembers the server's means, to which the next round is nearest.
  const further =
    localIterations > 1 || asPublished ? openAssignment(rows.data, d, kept.length, null) : assignment;
  for (let iteration = 1; iteration < localIterations; iteration++) {
    further.assign(means);
    ({ sums, counts } = further.sums());
    means = meansFromSums(sums, counts, began);
  }
  if (asPublished) {
    further.assign(means);
    ({ counts } = further.sums());
  }
  const left = filled(counts);
  return localClustersReply(
    "clustering/local_means",
    pick(means, left, d),
    pick(counts, left, 1),
    Int32Array.from(left, (c) => origins[c]),
    inertia,
    filter,
  );
}

/**
 * The privacy filter: a cluster of fewer rows than the threshold stays. One without any rows may leave only
 * where empty clusters are kept, and is the server's own mean; a client of fewer rows sends no inertia either.
 */
export function localClustersReply(
  kind: LocalClustersReply["kind"],
  values: Float64Array,
  counts: Float64Array,
  origins: Int32Array,
  inertia: number,
  filter: { rows: number; threshold: number; keepsEmpty: boolean },
): LocalClustersReply {
  const q = counts.length;
  const d = q === 0 ? 0 : values.length / q;
  const sent = Int32Array.from(counts, (count) =>
    Number(count > 0 ? count >= filter.threshold : filter.keepsEmpty),
  );
  const mayLeave = [...sent.keys()].filter((c) => sent[c] === 1);
  return {
    kind,
    scalars: { inertia: filter.rows < filter.threshold ? 0 : inertia },
    arrays: {
      values: floats(pick(values, mayLeave, d), mayLeave.length, d),
      counts: ints(Int32Array.from(counts), q),
      sent: ints(sent, q),
      origins: ints(origins, q),
    },
  };
}

/**
 * @param nColumns p, the number of features clustered in
 * @param k number of global means that were sent, 0 at the start
 * @throws RunError if the reply is malformed
 */
export function readLocalClusters(reply: Message, nColumns: number, k: number): LocalClusters {
  const all = intsOf(reply, "counts", [null]);
  const sent = intsOf(reply, "sent", [all.length]);
  const origins = intsOf(reply, "origins", [all.length]);
  const isSums = reply.kind === "clustering/local_sums";
  checkNotNegative(reply, "counts", all);
  checkFlags(reply, "sent", sent);
  if (k === 0) checkElements(reply, "origins", origins, "-1 at the start", (origin) => origin === -1);
  else checkElements(reply, "origins", origins, `0 to ${k - 1}`, (origin) => origin >= 0 && origin < k);
  if (isSums)
    checkElements(reply, "counts", all, "rows behind each sum", (count, c) => count > 0 || sent[c] === 0);
  const left = (_: number, c: number) => sent[c] === 1;
  const counts = all.filter(left);
  const values = floatsOf(reply, "values", [counts.length, nColumns]);
  const countAt = (index: number) => counts[Math.floor(index / nColumns)];
  return {
    means: {
      data: isSums ? values.map((value, i) => value / countAt(i)) : values,
      nRows: counts.length,
      nColumns,
    },
    sums: isSums ? values : values.map((value, i) => value * countAt(i)),
    counts,
    origins: origins.filter(left),
    beforeFilter: { counts: all, sent, origins },
    inertia: numberOf(reply, "inertia"),
  };
}

/** Some rows of a row-major array of `d` columns. */
export function pick(values: Float64Array, rows: readonly number[], d: number): Float64Array {
  const picked = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    picked.set(values.subarray(row * d, (row + 1) * d), i * d);
  });
  return picked;
}

import { meansFromSums, squaredDistance } from "../numerics/assign.js";
import type { Matrix } from "../numerics/matrix.js";
import { simplifiedSilhouetteSum } from "../numerics/silhouette.js";
import type { Transform } from "../numerics/transform.js";
import { type LocalData, privacyThreshold } from "./local-data.js";
import {
  checkFlags,
  checkNotNegative,
  countOf,
  floats,
  floatsOf,
  ints,
  intsOf,
  type Message,
  type NamedArray,
  numberOf,
  textsOf,
} from "./message.js";
import { transformArrays, transformOf } from "./transform-arrays.js";

/** The server sends the final means and asks how they fit; carries the transform too. */
export interface FitRequest extends Message {
  readonly kind: "evaluation/fit";
  readonly scalars: { privacy_threshold: number };
}

/**
 * Leaves the client: two totals over all of its rows, how many rows fell into each cluster (and, where it has
 * labels, how many of each class), and sums of the clusters of at least the privacy threshold's rows. A
 * client with fewer rows than that sends zeros for the totals.
 */
export interface FitReply extends Message {
  readonly kind: "evaluation/fit";
  readonly scalars: {
    n_samples: number;
    inertia: number;
    simplified_silhouette_sum: number;
    /** Names of the client's classes; empty without labels. */
    classes: readonly string[];
  };
  readonly arrays: {
    /** (k,) */
    counts: NamedArray;
    /** (k, p) zeros for the clusters that are withheld. */
    sums: NamedArray;
    /** (k,) 1 where the sums are of the cluster, 0 where they are withheld or it is empty. */
    sent: NamedArray;
    /** (classes, k) rows of each class in each cluster. */
    contingency: NamedArray;
  };
}

/** The server sends the means of the rows of each cluster and asks how far the rows lie from them. */
export interface DispersionRequest extends Message {
  readonly kind: "evaluation/dispersion";
  readonly scalars: { privacy_threshold: number };
}

/** Leaves the client: two totals for each cluster of at least the privacy threshold's rows. */
export interface DispersionReply extends Message {
  readonly kind: "evaluation/dispersion";
  readonly arrays: {
    /** (k,) sum of Euclidean distances to the cluster's mean. */
    distance_sums: NamedArray;
    /** (k,) sum of their squares. */
    squared_distance_sums: NamedArray;
  };
}

/** One client's fit as the server knows it. */
export interface Fit {
  nSamples: number;
  inertia: number;
  simplifiedSilhouetteSum: number;
  counts: Int32Array;
  sums: Float64Array;
  sent: Int32Array;
  classes: readonly string[];
  contingency: Int32Array;
}

export interface ClientDispersion {
  distanceSums: Float64Array;
  squaredDistanceSums: Float64Array;
}

export function fitRequest(transform: Transform, means: Matrix, privacyThreshold: number): FitRequest {
  return {
    kind: "evaluation/fit",
    arrays: { ...transformArrays(transform), means: floats(means.data, means.nRows, means.nColumns) },
    scalars: { privacy_threshold: privacyThreshold },
  };
}

export function dispersionRequest(
  transform: Transform,
  means: Matrix,
  fits: readonly Fit[],
  privacyThreshold: number,
): DispersionRequest {
  const { sums, counts } = reportedSums(fits);
  const clusterMeans = meansFromSums(sums, counts, means.data);
  return {
    kind: "evaluation/dispersion",
    arrays: {
      ...fitRequest(transform, means, privacyThreshold).arrays,
      cluster_means: floats(clusterMeans, means.nRows, means.nColumns),
    },
    scalars: { privacy_threshold: privacyThreshold },
  };
}

export function answerFit(local: LocalData, request: Message): FitReply {
  const { rows, means, assignment, labels, k } = assigned(local, request);
  const threshold = privacyThreshold(local, request);
  const { sums, counts } = assignment.sums();
  const sent = Int32Array.from(counts, (count) => (count > 0 && count >= threshold ? 1 : 0));
  const classes = local.labels === null ? [] : local.classes;
  const contingency = new Int32Array(classes.length * k);
  if (local.labels !== null) {
    for (let i = 0; i < labels.length; i++) contingency[local.labels[i] * k + labels[i]] += 1;
  }
  const withheld = rows.nRows < threshold;
  return {
    kind: "evaluation/fit",
    scalars: {
      n_samples: withheld ? 0 : rows.nRows,
      inertia: withheld ? 0 : assignment.inertia(),
      simplified_silhouette_sum:
        withheld || k < 2 ? 0 : simplifiedSilhouetteSum(rows.data, labels, means, rows.nColumns),
      classes,
    },
    arrays: {
      counts: ints(Int32Array.from(counts), k),
      sums: floats(
        sums.map((sum, i) => (sent[Math.floor(i / rows.nColumns)] === 1 ? sum : 0)),
        k,
        rows.nColumns,
      ),
      sent: ints(sent, k),
      contingency: ints(contingency, classes.length, k),
    },
  };
}

export function answerDispersion(local: LocalData, request: Message): DispersionReply {
  const { rows, labels, k } = assigned(local, request);
  const threshold = privacyThreshold(local, request);
  const clusterMeans = floatsOf(request, "cluster_means", [k, rows.nColumns]);
  const counts = new Int32Array(k);
  const distanceSums = new Float64Array(k);
  const squaredDistanceSums = new Float64Array(k);
  for (let i = 0; i < labels.length; i++) {
    const squared = squaredDistance(rows.data, i, clusterMeans, labels[i], rows.nColumns);
    counts[labels[i]] += 1;
    distanceSums[labels[i]] += Math.sqrt(squared);
    squaredDistanceSums[labels[i]] += squared;
  }
  const released = (sums: Float64Array) =>
    floats(
      sums.map((sum, c) => (counts[c] >= threshold ? sum : 0)),
      k,
    );
  return {
    kind: "evaluation/dispersion",
    scalars: {},
    arrays: { distance_sums: released(distanceSums), squared_distance_sums: released(squaredDistanceSums) },
  };
}

/** @throws RunError if the reply is malformed */
export function readFit(reply: Message, k: number, nColumns: number): Fit {
  const classes = textsOf(reply, "classes");
  const fit = {
    nSamples: countOf(reply, "n_samples"),
    inertia: numberOf(reply, "inertia"),
    simplifiedSilhouetteSum: numberOf(reply, "simplified_silhouette_sum"),
    counts: intsOf(reply, "counts", [k]),
    sums: floatsOf(reply, "sums", [k, nColumns]),
    sent: intsOf(reply, "sent", [k]),
    classes,
    contingency: intsOf(reply, "contingency", [classes.length, k]),
  };
  checkNotNegative(reply, "counts", fit.counts);
  checkNotNegative(reply, "contingency", fit.contingency);
  checkFlags(reply, "sent", fit.sent);
  return fit;
}

/** @throws RunError if the reply is malformed */
export function readDispersion(reply: Message, k: number): ClientDispersion {
  const distanceSums = floatsOf(reply, "distance_sums", [k]);
  const squaredDistanceSums = floatsOf(reply, "squared_distance_sums", [k]);
  checkNotNegative(reply, "distance_sums", distanceSums);
  checkNotNegative(reply, "squared_distance_sums", squaredDistanceSums);
  return { distanceSums, squaredDistanceSums };
}

function assigned(local: LocalData, request: Message) {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const means = floatsOf(request, "means", [null, rows.nColumns]);
  const k = means.length / rows.nColumns;
  const assignment = local.assignment(k);
  assignment.assign(means);
  return { rows, means, assignment, labels: assignment.labels, k };
}

/** Sums and counts, over all clients, of the clusters whose sums were sent. */
export function reportedSums(fits: readonly Fit[]): { sums: Float64Array; counts: Float64Array } {
  return {
    sums: addUp(fits.map((fit) => fit.sums)),
    counts: addUp(
      fits.map((fit) => Float64Array.from(fit.counts, (count, c) => (fit.sent[c] === 1 ? count : 0))),
    ),
  };
}

/** Elementwise sum of arrays of one length, in the order given. */
export function addUp(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0].length);
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  return sum;
}

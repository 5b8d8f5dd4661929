import { addContingency } from "../numerics/contingency.js";
import type { Matrix } from "../numerics/matrix.js";
import { meansFromSums } from "../numerics/means.js";
import { simplifiedSilhouetteSum } from "../numerics/silhouette.js";
import { addUp } from "../numerics/small-arrays.js";
import type { Transform } from "../numerics/transform.js";
import { type Behind, leastOf, weightOf } from "./behind.js";
import { type DispersionArrays, dispersionArrays } from "./dispersion.js";
import { type LocalData, privacyThreshold } from "./local-data.js";
import {
  checkFlags,
  checkNotNegative,
  checkRows,
  checkRowsBehind,
  checkTotal,
  countOf,
  flagOf,
  floats,
  floatsOf,
  ints,
  intsOf,
  LARGEST_VALUE,
  type Message,
  malformed,
  meansOf,
  type NamedArray,
  numberOf,
  textsOf,
} from "./message.js";
import { transformArrays, transformOf } from "./transform/arrays.js";

/**
 * The server sends the final means and asks how they fit; carries the transform too. Where these should be the means of the
 * clusters, it asks for distances to them as well.
 */
export interface FitRequest extends Message {
  readonly kind: "evaluation/fit";
  readonly scalars: { privacy_threshold: number; with_dispersion: boolean };
}

/**
 * Leaves the client: two totals over all of its points, how many rows are behind those of each cluster (and, where it has
 * labels, how many of each class), and the clusters' weighted sums. With a privacy threshold, clusters of fewer rows
 * send no sum, and a client of fewer sends zeros for the totals.
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
    /** (classes, k) rows of each class behind each cluster. */
    contingency: NamedArray;
  };
}

/** Leaves the client where it is asked for the distances too. */
export interface FitAndDispersionReply extends FitReply {
  readonly arrays: FitReply["arrays"] & DispersionArrays;
}

/** The server sends the mean of each cluster's points and asks how far these lie from it. */
export interface DispersionRequest extends Message {
  readonly kind: "evaluation/dispersion";
  readonly scalars: { privacy_threshold: number };
}

/** Leaves the client: what a `DispersionArrays` holds, about the means of the clusters. */
export interface DispersionReply extends Message {
  readonly kind: "evaluation/dispersion";
  readonly arrays: DispersionArrays;
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

/** @param withDispersion whether to ask for distances to the means too */
export function fitRequest(
  transform: Transform,
  means: Matrix,
  privacyThreshold: number,
  withDispersion: boolean,
): FitRequest {
  return {
    kind: "evaluation/fit",
    arrays: meansArrays(transform, means),
    scalars: { privacy_threshold: privacyThreshold, with_dispersion: withDispersion },
  };
}

function meansArrays(transform: Transform, means: Matrix) {
  return { ...transformArrays(transform), means: floats(means.data, means.nRows, means.nColumns) };
}

/** @param clusterMeans (k, p) of the points nearest to each of the means */
export function dispersionRequest(
  transform: Transform,
  means: Matrix,
  clusterMeans: Float64Array,
  privacyThreshold: number,
): DispersionRequest {
  return {
    kind: "evaluation/dispersion",
    arrays: {
      ...meansArrays(transform, means),
      cluster_means: floats(clusterMeans, means.nRows, means.nColumns),
    },
    scalars: { privacy_threshold: privacyThreshold },
  };
}

export function answerFit(local: LocalData, request: Message): FitReply | FitAndDispersionReply {
  const { rows, means, assignment, labels, k } = assigned(local, request);
  const threshold = privacyThreshold(local, request);
  const { sums, counts } = assignment.sums();
  const sent = Int32Array.from(counts, (count) => (count > 0 && count >= threshold ? 1 : 0));
  const classes = local.labels?.classes ?? [];
  const contingency = {
    counts: new Float64Array(classes.length * k),
    nClasses: classes.length,
    nClusters: k,
  };
  if (local.labels !== null) {
    const { classOf, pointOf, rows: behind } = local.labels;
    const clusterOf = pointOf === null ? labels : pointOf.map((point) => labels[point]);
    addContingency(contingency, classOf, clusterOf, behind);
  }
  const withheld = local.nSamples < threshold;
  const part = { rows: rows.data, labels, weights: local.weights };
  const dispersion = flagOf(request, "with_dispersion")
    ? dispersionArrays(part, means, rows.nColumns, threshold)
    : null;
  return {
    kind: "evaluation/fit",
    scalars: {
      n_samples: withheld ? 0 : local.nSamples,
      inertia: withheld ? 0 : assignment.inertia(),
      simplified_silhouette_sum: withheld || k < 2 ? 0 : simplifiedSilhouetteSum(part, means, rows.nColumns),
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
      contingency: ints(Int32Array.from(contingency.counts), classes.length, k),
      ...dispersion,
    },
  };
}

export function answerDispersion(local: LocalData, request: Message): DispersionReply {
  const { rows, labels, k } = assigned(local, request);
  const threshold = privacyThreshold(local, request);
  const clusterMeans = floatsOf(request, "cluster_means", [k, rows.nColumns], LARGEST_VALUE);
  const part = { rows: rows.data, labels, weights: local.weights };
  return {
    kind: "evaluation/dispersion",
    scalars: {},
    arrays: dispersionArrays(part, clusterMeans, rows.nColumns, threshold),
  };
}

/**
 * The least number of rows that a cell of the contingency counts: of one class, which no group size and no threshold makes
 * more.
 *
 * @returns null where no row is counted by its label
 */
export function leastLabelCount(reply: FitReply): number | null {
  return leastOf(reply.arrays.contingency.data);
}

/** Of the clusters whose sums are not withheld, where the reply says no count. */
export const behindDispersion: Behind = (local, request) => {
  const k = request.arrays.means.shape[0];
  const { labels } = local.assignment(k);
  const counts = new Float64Array(k);
  for (let point = 0; point < labels.length; point++) counts[labels[point]] += weightOf(local, point);
  const threshold = privacyThreshold(local, request);
  return leastOf(counts.filter((count) => count >= threshold));
};

/** @throws RunError if the reply is malformed */
export function readFit(reply: Message, k: number, nColumns: number): Fit {
  const classes = textsOf(reply, "classes");
  const fit = {
    nSamples: countOf(reply, "n_samples"),
    inertia: numberOf(reply, "inertia", 0),
    simplifiedSilhouetteSum: numberOf(reply, "simplified_silhouette_sum"),
    counts: intsOf(reply, "counts", [k]),
    sums: floatsOf(reply, "sums", [k, nColumns], LARGEST_VALUE),
    sent: intsOf(reply, "sent", [k]),
    classes,
    contingency: intsOf(reply, "contingency", [classes.length, k]),
  };
  checkNotNegative(reply, "counts", fit.counts);
  checkNotNegative(reply, "contingency", fit.contingency);
  checkFlags(reply, "sent", fit.sent);
  return fit;
}

/** Rounding may take a sum of coefficients this far beyond what it can be. */
const ROUNDING = 1e-9;

/**
 * Checks a reply that was read against what the handshake told of the client, and in itself: every row behind its points
 * is in one cluster and of one class, and no coefficient is beyond -1 to 1.
 *
 * @param told the number of its rows, and whether it has labels
 * @throws RunError if it does not fit
 */
export function checkFit(reply: Message, fit: Fit, told: { nSamples: number; hasLabels: boolean }): void {
  const { nSamples, inertia, simplifiedSilhouetteSum: silhouettes, counts, sent, classes, contingency } = fit;
  checkRows(reply, nSamples, told.nSamples);
  checkTotal(reply, "counts", counts, told.nSamples);
  checkRowsBehind(reply, counts, sent);
  if (Math.abs(silhouettes) > nSamples * (1 + ROUNDING)) {
    const expected = `a sum of ${nSamples} coefficients of -1 to 1`;
    throw malformed(reply, 'scalar "simplified_silhouette_sum"', expected, String(silhouettes));
  }
  if (nSamples === 0 && inertia !== 0) {
    throw malformed(reply, 'scalar "inertia"', "0 of no rows", String(inertia));
  }
  if (told.hasLabels !== classes.length > 0 || new Set(classes).size < classes.length) {
    const expected = told.hasLabels ? "classes that differ" : "none, as the handshake said";
    throw malformed(reply, 'scalar "classes"', expected, `${classes.length}`);
  }
  for (let c = 0; c < counts.length && told.hasLabels; c++) {
    let rows = 0;
    for (let row = c; row < contingency.length; row += counts.length) rows += contingency[row];
    if (rows === counts[c]) continue;
    throw malformed(reply, 'array "contingency"', `${counts[c]} rows in cluster ${c}`, String(rows));
  }
}

function assigned(local: LocalData, request: Message) {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const means = meansOf(request, "means", rows.nColumns);
  const k = means.length / rows.nColumns;
  const assignment = local.assignment(k);
  assignment.assign(means, true);
  return { rows, means, assignment, labels: assignment.labels, k };
}

/** (k, p) means of the clusters whose sums were sent, and those that were asked about of the others. */
export function clusterMeansOf(fits: readonly Fit[], means: Matrix): Float64Array {
  const { sums, counts } = reportedSums(fits);
  return meansFromSums(sums, counts, means.data);
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

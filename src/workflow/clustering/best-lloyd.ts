import { kMeans } from "../../numerics/k-means.js";
import type { Matrix } from "../../numerics/matrix.js";
import { meansFromSums } from "../../numerics/means.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import { randomStream } from "../../numerics/random.js";
import { concat, pick } from "../../numerics/small-arrays.js";
import type { Transform } from "../../numerics/transform.js";
import { behindClusters } from "../behind.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import {
  checkFlags,
  checkNotNegative,
  checkRowsBehind,
  checkTotal,
  countOf,
  floats,
  floatsOf,
  ints,
  intsOf,
  LARGEST_VALUE,
  type Message,
  malformed,
  type NamedArray,
  randomStateOf,
} from "../message.js";
import { transformArrays, transformOf } from "../transform/arrays.js";
import {
  atStart,
  type GlobalMeans,
  type KMeans,
  nothingReported,
  pooledMeans,
  sizesOf,
} from "./aggregation.js";
import { type Algorithm, type ClusteringOptions, combined } from "./algorithm.js";
import { refuseAsPublished, wantOwnStart, wantSingleSteps } from "./checks.js";
import { lloyd } from "./lloyd.js";
import {
  type LocalClusters,
  type LocalMeansReply,
  localMeansAtStart,
  NO_CLUSTERS,
  readAtStart,
} from "./local-clusters.js";

/*
 * The start of `best-lloyd`: what pooled k-means gains from restarts, without pooling. Clients summarize
 * their points once, finer than fkm does; the server makes several starts of the summaries; each start takes a
 * few exact steps of Lloyd, all of them in the same messages; by and by the half with more inertia over all
 * points is given up. The one that is left is round 0, and the rounds after it are those of `lloyd`.
 */

/** The server asks for a summary: more local means than there are clusters; carries the transform. */
export interface SummaryRequest extends Message {
  readonly kind: "clustering/summary";
  readonly scalars: { k: number; random_state: number; privacy_threshold: number };
}

/** The server sends several sets of global means and asks for the sums under each; carries the transform. */
export interface StartsRequest extends Message {
  readonly kind: "clustering/starts";
  readonly scalars: { starts: number; privacy_threshold: number };
}

/**
 * Leaves the client, for each set of means: the weighted sum of its points in each cluster, with a privacy threshold only
 * of that many rows or more, the number of rows behind each, and one inertia. As in a round of `lloyd`, times the sets.
 */
export interface StartsReply extends Message {
  readonly kind: "clustering/starts";
  readonly arrays: {
    /** (m, p) sums of the clusters that may leave, set by set. */
    sums: NamedArray;
    /** (starts, k) rows behind each cluster. */
    counts: NamedArray;
    /** (starts, k) 1 where the sum was sent. */
    sent: NamedArray;
    /** (starts,) zeros from a client with fewer rows than the threshold. */
    inertias: NamedArray;
  };
}

/** One client's answer as the server knows it, a set of means an entry. */
type StartSums = { sums: Float64Array; counts: Float64Array; inertia: number }[];

/** Local means a summary has for each cluster wanted, where the client has the points for it. */
const SUMMARY_FACTOR = 4;
/** Points a local mean of a summary stands for, on average, at least; or the threshold, where that is more. */
const SUMMARY_ROWS = 2;
/** Exact steps each start takes between two halvings. */
const STEPS_PER_HALVING = 3;

export const bestLloyd: Algorithm = {
  help: "lloyd from the best of several starts",
  check(settings, nameOf) {
    wantSingleSteps("best-lloyd", settings, nameOf);
    wantOwnStart("best-lloyd", settings, nameOf);
    refuseAsPublished(settings, nameOf);
  },
  /** Several starts take exact steps side by side, and the worse half is given up every few of them. */
  async start({ options, transform, nColumns, ask, cluster }) {
    const { k, restarts, randomState, privacyThreshold } = options;
    const request = summaryRequest(transform, options);
    const summaries = await ask("the start", request, readAtStart(nColumns, SUMMARY_FACTOR * k));
    const dropped = [...summaries.dropped];
    let starts = await makeStarts(summaries.values, k, restarts, randomState, cluster);
    for (let step = 1; starts.length > 1; step++) {
      const { nRows } = starts[0];
      const count = starts.length;
      const answers = await ask(
        `step ${step} of the starts`,
        startsRequest(transform, starts, privacyThreshold),
        (reply, { nSamples }) => readStarts(reply, { starts: count, k: nRows, nColumns, nSamples }),
      );
      dropped.push(...answers.dropped.filter(({ client }) => dropped.every((d) => d.client !== client)));
      const stepped = stepStarts(starts, answers.values);
      const kept = step % STEPS_PER_HALVING === 0 ? betterHalf(stepped) : stepped;
      starts = kept.map(({ means }) => means);
    }
    return combined(chosenStart(starts[0], k, summaries.values), { ...summaries, dropped });
  },
  rounds: lloyd.rounds,
  answers: {
    "clustering/summary": {
      replyKind: "clustering/local_means",
      answer: answerSummary,
      behind: behindClusters,
    },
    "clustering/starts": { replyKind: "clustering/starts", answer: answerStarts, behind: behindClusters },
  },
};

function summaryRequest(
  transform: Transform,
  options: Pick<ClusteringOptions, "k" | "randomState" | "privacyThreshold">,
): SummaryRequest {
  return {
    kind: "clustering/summary",
    arrays: transformArrays(transform),
    scalars: {
      k: options.k,
      random_state: options.randomState,
      privacy_threshold: options.privacyThreshold,
    },
  };
}

/**
 * Local means after k-means++ and one iteration. More of them than clusters are wanted: what two clusters
 * share at one client stays apart, and a server that clusters the summaries sees nearly what pooled k-means
 * would see.
 */
function answerSummary(local: LocalData, request: Message): LocalMeansReply {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const threshold = privacyThreshold(local, request);
  const wanted = countOf(request, "k", 1);
  const filter = { rows: local.nSamples, threshold, nColumns: rows.nColumns };
  if (rows.nRows === 0) return localMeansAtStart(NO_CLUSTERS, filter);
  const spread = Math.floor(rows.nRows / Math.max(SUMMARY_ROWS, threshold));
  const k = Math.min(rows.nRows, Math.max(wanted, Math.min(SUMMARY_FACTOR * wanted, spread)));
  const random = randomStream(randomStateOf(request), `summary/${local.name}`);
  const options = { maxIterations: 1, tolerance: 0, restarts: 1 };
  const found = kMeans(rows.data, rows.nColumns, k, local.weights, options, random);
  return localMeansAtStart(found, filter);
}

/**
 * Starts for the federation: weighted k-means of the summaries, each start the best of three tries.
 *
 * @param locals the summaries, one entry a client, in client order
 * @param k number of clusters wanted; fewer come out where fewer distinct means were reported
 * @param restarts how many
 * @param seed the run's `random-state`
 * @param cluster where k-means is to run
 * @returns (k, p) each
 * @throws RunError if nothing was reported
 */
async function makeStarts(
  locals: readonly LocalClusters[],
  k: number,
  restarts: number,
  seed: number,
  cluster: KMeans,
): Promise<Matrix[]> {
  const nColumns = locals[0].means.nColumns;
  const { rows, counts: weights } = pooledMeans(locals);
  if (weights.length === 0) throw nothingReported();
  const options = { maxIterations: 300, tolerance: 1e-4, restarts: 3 };
  const wanted = Math.min(k, weights.length);
  const starts = Array.from({ length: restarts }, async (_, start) => {
    const random = randomStream(seed, `server/start ${start}`);
    const { means: data } = await cluster(rows, nColumns, wanted, weights, options, random);
    return atStart({ data, nRows: data.length / nColumns, nColumns }, k).means;
  });
  return Promise.all(starts);
}

export function startsRequest(
  transform: Transform,
  starts: readonly Matrix[],
  privacyThreshold: number,
): StartsRequest {
  const { nRows, nColumns } = starts[0];
  const means = concat(starts.map((start) => start.data));
  return {
    kind: "clustering/starts",
    arrays: { ...transformArrays(transform), means: floats(means, starts.length, nRows, nColumns) },
    scalars: { starts: starts.length, privacy_threshold: privacyThreshold },
  };
}

function answerStarts(local: LocalData, request: Message): StartsReply {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const d = rows.nColumns;
  const threshold = privacyThreshold(local, request);
  const starts = countOf(request, "starts", 1);
  const means = floatsOf(request, "means", [starts, null, d], LARGEST_VALUE);
  const k = means.length / (starts * d);
  if (k === 0) throw malformed(request, 'array "means"', "at least one mean", "none");
  const withheld = local.nSamples < threshold;
  const assignment = openAssignment(rows.data, d, k, local.weights);
  const sums: Float64Array[] = [];
  const counts = new Int32Array(starts * k);
  const inertias = new Float64Array(starts);
  for (let s = 0; s < starts; s++) {
    // Starts have nothing to do with one another.
    assignment.restart();
    assignment.assign(means.subarray(s * k * d, (s + 1) * k * d), true);
    inertias[s] = withheld ? 0 : assignment.inertia();
    const found = assignment.sums();
    counts.set(found.counts, s * k);
    sums.push(found.sums);
  }
  assignment.close();
  const sent = counts.map((count) => Number(count > 0 && count >= threshold));
  const mayLeave = [...sent.keys()].filter((cluster) => sent[cluster] === 1);
  return {
    kind: "clustering/starts",
    scalars: {},
    arrays: {
      sums: floats(pick(concat(sums), mayLeave, d), mayLeave.length, d),
      counts: ints(counts, starts, k),
      sent: ints(sent, starts, k),
      inertias: floats(inertias, starts),
    },
  };
}

/**
 * @param asked.nSamples number of the client's rows, all of which are in some cluster of each start
 * @throws RunError if the reply is malformed, or does not fit
 */
function readStarts(
  reply: Message,
  { starts, k, nColumns, nSamples }: { starts: number; k: number; nColumns: number; nSamples: number },
): StartSums {
  const counts = intsOf(reply, "counts", [starts, k]);
  const sent = intsOf(reply, "sent", [starts, k]);
  checkNotNegative(reply, "counts", counts);
  checkFlags(reply, "sent", sent);
  checkRowsBehind(reply, counts, sent);
  const left = [...sent.keys()].filter((cluster) => sent[cluster] === 1);
  const values = floatsOf(reply, "sums", [left.length, nColumns], LARGEST_VALUE);
  const inertias = floatsOf(reply, "inertias", [starts]);
  checkNotNegative(reply, "inertias", inertias);
  for (let s = 0; s < starts; s++) {
    checkTotal(reply, "counts", counts.subarray(s * k, (s + 1) * k), nSamples);
  }
  const sums = new Float64Array(starts * k * nColumns);
  const reported = new Float64Array(starts * k);
  left.forEach((cluster, i) => {
    sums.set(values.subarray(i * nColumns, (i + 1) * nColumns), cluster * nColumns);
    reported[cluster] = counts[cluster];
  });
  return Array.from({ length: starts }, (_, s) => ({
    sums: sums.subarray(s * k * nColumns, (s + 1) * k * nColumns),
    counts: reported.subarray(s * k, (s + 1) * k),
    inertia: inertias[s],
  }));
}

/**
 * One exact step of Lloyd for every start.
 *
 * @param starts what the clients were sent
 * @param answers one entry a client, in client order
 * @returns the means after the step, and the inertia of the clients' points before it
 */
function stepStarts(
  starts: readonly Matrix[],
  answers: readonly StartSums[],
): { means: Matrix; inertia: number }[] {
  return starts.map((previous, s) => {
    const sums = new Float64Array(previous.data.length);
    const counts = new Float64Array(previous.nRows);
    let inertia = 0;
    for (const answer of answers) {
      for (let i = 0; i < sums.length; i++) sums[i] += answer[s].sums[i];
      for (let c = 0; c < counts.length; c++) counts[c] += answer[s].counts[c];
      inertia += answer[s].inertia;
    }
    return { means: { ...previous, data: meansFromSums(sums, counts, previous.data) }, inertia };
  });
}

/**
 * The better half of the starts, by inertia; of equals, the earlier.
 *
 * @param stepped at least two
 */
function betterHalf<T extends { inertia: number }>(stepped: readonly T[]): T[] {
  const order = [...stepped.keys()].sort((a, b) => stepped[a].inertia - stepped[b].inertia || a - b);
  return order.slice(0, Math.floor(stepped.length / 2)).map((s) => stepped[s]);
}

/** Round 0: the start that is left, numbered by its coordinates, with the rows of the summaries behind it. */
function chosenStart(means: Matrix, k: number, locals: readonly LocalClusters[]): GlobalMeans {
  const ordered = atStart(means, k);
  const { rows, counts } = pooledMeans(locals);
  return { ...ordered, sizes: sizesOf(rows, counts, ordered.means, new Set()) };
}

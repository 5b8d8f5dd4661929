import { kMeans } from "../../numerics/k-means.js";
import type { Matrix } from "../../numerics/matrix.js";
import { meansFromSums } from "../../numerics/means.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";
import { borrowFloats } from "../../numerics/row-memory.js";
import { pick } from "../../numerics/small-arrays.js";
import type { Transform } from "../../numerics/transform.js";
import { type Behind, behindClusters, behindPoints } from "../behind.js";
import type { Gathered } from "../exchange.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import { countOf, type Message, meansOf, randomStateOf } from "../message.js";
import { transformArrays, transformOf } from "../transform/arrays.js";
import {
  atStart,
  type GlobalMeans,
  type KMeans,
  matched,
  nothingReported,
  pooledCounts,
  sizesOf,
} from "./aggregation.js";
import {
  type Algorithm,
  type Clustering,
  type ClusteringOptions,
  type Combined,
  combined,
} from "./algorithm.js";
import {
  answerPublishedStart,
  checkPublished,
  countNearest,
  PUBLISHED_MINIMUM,
  refusePublished,
} from "./as-published.js";
import { givenStart } from "./given-start.js";
import {
  type LocalClusters,
  type LocalMeansReply,
  localClustersReply,
  localMeansAtStart,
  NO_CLUSTERS,
  readAtStart,
} from "./local-clusters.js";
import { askUpdate, filled } from "./update.js";

/*
 * Garst & Reinders, Federated K-Means Clustering (2024), Algorithm 1. Leaves a client, at the start and in each round:
 * a `LocalMeansReply`, the means of its own local clusters.
 */

/** Restarts of k-means where nothing is said, as scikit-learn's KMeans had by default until version 1.4. */
const RESTARTS = 10;

/** Restarts, and iterations, that a server can have a client make: as many as their settings allow. */
const MOST_ITERATIONS = 10_000;

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

export function startRequest(
  transform: Transform,
  options: Pick<
    ClusteringOptions,
    "kLocal" | "localIterations" | "asPublished" | "randomState" | "privacyThreshold" | "restarts"
  >,
): StartRequest {
  const { restarts } = options;
  return {
    kind: "clustering/start",
    arrays: transformArrays(transform),
    scalars: {
      k: options.kLocal,
      local_iterations: options.localIterations,
      as_published: options.asPublished,
      random_state: options.randomState,
      privacy_threshold: options.privacyThreshold,
      ...(restarts === RESTARTS ? {} : { restarts }),
    },
  };
}

export const fkm: Algorithm = {
  help: "local means, aggregated by weighted k-means",
  check(settings, nameOf) {
    if (settings.asPublished) checkPublished(settings, nameOf);
  },
  async start(clustering) {
    const { options, transform, nColumns, ask } = clustering;
    const given = givenStart(clustering);
    if (given !== null) return given;
    const request = startRequest(transform, options);
    const answers = await ask("the start", request, readAtStart(nColumns, options.kLocal));
    return combine(clustering, answers, 0, null);
  },
  rounds: {
    localClusters: "own",
    // The server also draws anew each round.
    passes: 2,
    answer: { replyKind: "clustering/local_means", answer: answerMeans, behind: behindMeans },
    async run(clustering, round, means) {
      const answers = await askUpdate(clustering, "fkm", round, means, !clustering.options.dropEmpty);
      return combine(clustering, answers, round, means);
    },
  },
  answers: {
    "clustering/start": { replyKind: "clustering/local_means", answer: answerStart, behind: behindMeans },
  },
};

async function combine(
  { options, cluster }: Clustering,
  answers: Gathered<LocalClusters>,
  round: number,
  previous: Matrix | null,
): Promise<Combined> {
  const { k, weighted, asPublished, restarts, randomState } = options;
  const random = randomStream(randomState, `server/round ${round}`);
  const global = await aggregateFkm(answers.values, k, weighted, previous, random, {
    unweightedSeeding: asPublished,
    restarts,
    cluster,
  });
  return combined(global, answers);
}

/**
 * Starts from k-means++ on the client's own points, ten times unless told, each with its local iterations, and keeps the
 * start of least inertia.
 *
 * @see Garst & Reinders, Federated K-Means Clustering (2024), Algorithm 1, lines 1-4
 */
export function answerStart(local: LocalData, request: Message): LocalMeansReply {
  if (request.scalars.as_published === true) return answerPublishedStart(local, request);
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const k = Math.min(countOf(request, "k", 1), rows.nRows);
  const restarts =
    "restarts" in request.scalars ? countOf(request, "restarts", 1, MOST_ITERATIONS) : RESTARTS;
  const options = {
    maxIterations: countOf(request, "local_iterations", 1, MOST_ITERATIONS),
    tolerance: 0,
    restarts,
  };
  const random = randomStream(randomStateOf(request), `start/${local.name}`);
  const threshold = privacyThreshold(local, request);
  const filter = { rows: local.nSamples, threshold, nColumns: rows.nColumns };
  if (k === 0) return localMeansAtStart(NO_CLUSTERS, filter);
  return localMeansAtStart(kMeans(rows.data, rows.nColumns, k, local.weights, options, random), filter);
}

/** As published, a mean may be of other rows than its count says: of one point, at least. */
function behindMeans(...[local, request, reply]: Parameters<Behind>): number | null {
  const behind = request.scalars.as_published === true ? behindPoints : behindClusters;
  return behind(local, request, reply);
}

/**
 * One round of a client's work: drop the global means that get none of its points, iterate from the rest, report means.
 *
 * @see Garst & Reinders 2024, Algorithm 1, lines 8-14
 */
function answerMeans(local: LocalData, request: Message): LocalMeansReply {
  const rows = local.transformed(transformOf(request, local.nFeatures));
  const d = rows.nColumns;
  const threshold = privacyThreshold(local, request);
  const sent = meansOf(request, "means", d);
  const k = sent.length / d;
  const assignment = local.assignment(k);
  assignment.assign(sent, true);
  const inertia = assignment.inertia();
  const asPublished = request.scalars.as_published === true;
  if (asPublished) refusePublished(local.protection, threshold);
  // A client without points takes part with nothing, and so with no mean of the server's either.
  const keepsEmpty = request.scalars.drop_empty === false && rows.nRows > 0;
  const filter = {
    rows: local.nSamples,
    threshold: asPublished ? PUBLISHED_MINIMUM : threshold,
    nColumns: d,
    keepsEmpty,
  };
  const first = assignment.sums();
  const kept = filled(first.counts, keepsEmpty);
  const origins = new Int32Array(kept);
  let sums = pick(first.sums, kept, d);
  let counts = pick(first.counts, kept, 1);
  // A cluster without points is at the server's own mean, never where points once were: that would tell of them.
  const began = pick(sent, kept, d);
  let means = meansFromSums(sums, counts, began);
  // A client without points has no cluster to iterate from.
  const localIterations = kept.length === 0 ? 1 : countOf(request, "local_iterations", 1, MOST_ITERATIONS);
  // Apart from the one that remembers the server's means, to which the next round is nearest.
  const further = localIterations > 1 ? openAssignment(rows.data, d, kept.length, local.weights) : assignment;
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

/**
 * Aggregates local means by weighted k-means over all of them, with restarts, and matches the result to
 * the means of the round before by optimal assignment.
 *
 * @param locals one entry a client, in client order
 * @param k number of clusters wanted; fewer come out where fewer distinct means were reported
 * @param weighted weight a local mean by the rows behind it; otherwise each counts once
 * @param previous the means of the round before, null at the start
 * @param options.unweightedSeeding draw the starts of the restarts without weights, as the published study did
 * @param options.restarts how many; `RESTARTS` by default
 * @param options.cluster where k-means is to run; here by default
 * @throws RunError if nothing was reported
 * @see Garst & Reinders 2024, Algorithm 1, lines 5-6 and 15
 */
export async function aggregateFkm(
  locals: readonly LocalClusters[],
  k: number,
  weighted: boolean,
  previous: Matrix | null,
  random: RandomStream,
  {
    unweightedSeeding = false,
    restarts = RESTARTS,
    cluster = kMeans,
  }: {
    unweightedSeeding?: boolean | undefined;
    restarts?: number | undefined;
    cluster?: KMeans;
  } = {},
): Promise<GlobalMeans> {
  const d = locals[0].means.nColumns;
  const counts = pooledCounts(locals);
  if (!counts.some((count) => count > 0)) throw nothingReported();
  const weights = weighted ? counts : null;
  const wanted = Math.min(previous?.nRows ?? k, counts.length);
  const options = { maxIterations: 300, tolerance: 1e-4, restarts, unweightedSeeding };
  const { rows, giveBack } = borrowFloats(counts.length * d);
  try {
    let at = 0;
    for (const { means } of locals) {
      rows.set(means.data, at);
      at += means.data.length;
    }
    const { means: data } = await cluster(rows, d, wanted, weights, options, random);
    const means = { data, nRows: data.length / d, nColumns: d };
    const global = previous === null ? atStart(means, k) : matched(means, previous);
    return { ...global, sizes: sizesOf(rows, counts, global.means, new Set(global.carriedOver)) };
  } finally {
    giveBack();
  }
}

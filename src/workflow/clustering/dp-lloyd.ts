import { theSetting, UsageError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";
import type { Dropped } from "../exchange.js";
import type { PrivateSums } from "../local-data.js";
import { atStart } from "./aggregation.js";
import type { Algorithm, Clustering, Combined } from "./algorithm.js";
import { boxStart } from "./box-centres.js";
import { refuseAsPublished, wantOwnStart, wantSingleSteps } from "./checks.js";
import { type Plan, planOf, publicRadius, ROUND_DIVISION, START_DIVISION } from "./dp-plan.js";
import {
  type Cells,
  cellsOf,
  gainsOf,
  inBox,
  moved,
  nearestDistances,
  rowsBehind,
  spreadOf,
  totalsOf,
  whereRowsAre,
} from "./noisy-cells.js";
import { answerPrivateSums, privateSumsRequest, readPrivateSums } from "./private-sums.js";

/*
 * Lloyd's algorithm on noisy sums, (epsilon, delta)-differentially private for single rows.
 *
 * All that clients are asked is one kind of question: for centres and radii, the noisy number of rows nearest to each
 * centre, the noisy sum of their differences from it, and one noisy figure of how far rows are from their centres. A row is
 * in one cell, so that many centres cost no more than few. Round 0 is the start: questions with more centres than clusters
 * are wanted, from centres that depend on no row, after which the noisy cells are clustered. Each round after it is one
 * question with k centres. What the server makes of the answers is free.
 *
 * Related work, whose figures docs/differential-privacy.md has beside these: FastLloyd (Diaa, Humphries & Kerschbaum 2025),
 * radii and folding; FedDP-KMeans (Scott, Lampert & Saulpic 2025), a start from the server's own points.
 */

/** A radius no smaller than this times the distance that rows are from their centres, root mean squared. */
const RADIUS_OF_SPREAD = 1.15;
const LEAST_RADIUS = 1e-3;

/** Nor larger than this part of the distance to the nearest other centre: beyond it rows are the other's. */
const RADIUS_OF_NEAREST = 0.8;
const LEAST_RADIUS_OF_NEAREST = 0.02;

/** Restarts and iterations of the k-means of noisy cells. */
const MERGE = { restarts: 16, maxIterations: 300, tolerance: 0 };

/** Which part of the clusters' own variance a mean may move by from round to round, as rows change cells. */
const DRIFT = 0.1;

/** What a round knows from the rounds before. */
interface Memory {
  readonly spread: number | null;
  /** (k,) rows of each cluster, and the variance of each of them, over all rounds; null before the first. */
  readonly counts: Float64Array | null;
  readonly countVariance: number;
  /** (k,) variance of each coordinate of each mean; Infinity where nothing is known. */
  readonly variances: Float64Array;
}

export const dpLloyd: Algorithm = {
  help: "lloyd on noisy sums, with differential privacy",
  check(settings, nameOf) {
    wantSingleSteps("dp-lloyd", settings, nameOf);
    wantOwnStart("dp-lloyd", settings, nameOf);
    refuseAsPublished(settings, nameOf);
    if (settings.maxIterations < 1) {
      throw new UsageError(
        `${nameOf("maxIterations")} must be at least 1 with algorithm dp-lloyd, whose start has no sizes of clusters, ` +
          `found ${settings.maxIterations}`,
      );
    }
  },
  start,
  hasMemory: true,
  rounds: {
    localClusters: "global",
    passes: 1,
    answer: { replyKind: "clustering/private_sums", answer: answerPrivateSums, behind: () => null },
    run: (clustering, round, means, memory) => roundOf(clustering, round, means, memory as Memory),
  },
  answers: {
    "clustering/private_sums": {
      replyKind: "clustering/private_sums",
      answer: answerPrivateSums,
      // Noise stands between every number and any row.
      behind: () => null,
    },
  },
};

/** Questions with more centres than clusters, and the k-means of what the last of them finds. */
async function start(clustering: Clustering): Promise<Combined> {
  const { options, nColumns: d } = clustering;
  const { k, randomState } = options;
  const { plan, rows } = planFor(clustering);
  const dropped: Dropped[] = [];
  const nCentres = plan.startCentres;
  let centres = boxStart(nCentres, d, plan.startScale, randomStream(randomState, "server/box"));
  let radii = new Float64Array(nCentres).fill(publicRadius(plan, d, nCentres));
  let spread: number | null = null;
  for (let question = 0; ; question++) {
    const asked = await askPrivately(clustering, plan, question, centres, radii);
    dropped.push(...asked.dropped.filter(({ client }) => dropped.every((other) => other.client !== client)));
    spread = spreadOf(asked.totals, radii, rows, spread);
    const random = randomStream(randomState, `server/cells ${question}`);
    const cells = cellsOf(asked.totals, centres, spread, plan.heavy, plan.movesEmpty ? 1 : k);
    if (question === plan.startQuestions - 1) {
      const means = await merge(clustering, cells, spread, random);
      const global = { ...atStart(means, k), sizes: null };
      return { global, locals: [], asked: asked.clients, dropped, memory: nothingKnown(k), more: true };
    }
    centres = plan.movesEmpty ? whereRowsAre(cells, nCentres, spread, random) : cells.all;
    radii = new Float64Array(nCentres).fill(Math.min(radii[0], radiusOf(spread)));
  }
}

/** k means of the cells that have rows; where these are fewer, some of them stand for several. */
async function merge(
  { options: { k }, cluster }: Clustering,
  cells: Cells,
  spread: number,
  random: RandomStream,
): Promise<Matrix> {
  const { means, weights } = cells;
  if (means.nRows <= k) return whereRowsAre(cells, k, spread, random);
  const { data, nColumns: d } = means;
  const found = await cluster(data, d, k, weights, MERGE, random);
  const merged = { data: inBox(found.means), nRows: found.counts.length, nColumns: d };
  // Fewer come out only where cells have one and the same mean, in a corner of the box.
  return merged.nRows === k
    ? merged
    : whereRowsAre({ means: merged, counts: found.counts }, k, spread, random);
}

function nothingKnown(k: number): Memory {
  const variances = new Float64Array(k).fill(Infinity);
  return { spread: null, counts: null, countVariance: Infinity, variances };
}

/**
 * One question with k centres. A mean moves as by a Kalman filter: the gain is the variance of what is not known yet over
 * that and the noise, and falls as rounds agree. Counts are averaged over rounds by precision.
 */
async function roundOf(
  clustering: Clustering,
  round: number,
  centres: Matrix,
  memory: Memory,
): Promise<Combined> {
  const { nRows: k, nColumns: d } = centres;
  const { plan, rows } = planFor(clustering);
  const most = Math.min(
    publicRadius(plan, d, k),
    memory.spread === null ? Infinity : radiusOf(memory.spread),
  );
  const radii = nearestDistances(centres).map((distance) =>
    Math.min(most, Math.max(RADIUS_OF_NEAREST * distance, LEAST_RADIUS_OF_NEAREST)),
  );
  const question = plan.startQuestions + round - 1;
  const { totals, clients, dropped } = await askPrivately(clustering, plan, question, centres, radii);
  const spread = spreadOf(totals, radii, rows, memory.spread);
  const signal = spread / d;
  const { counts, countVariance } = averageCounts(totals, memory);
  const behind = counts.map((count) => rowsBehind(count, Math.sqrt(countVariance)));
  const priors = memory.variances.map((variance) => Math.min(variance, signal));
  const gains = gainsOf(priors, totals.sumSigmas, behind);
  const posteriors = priors.map((prior, j) => prior * (1 - gains[j]));
  const variances = posteriors.map((posterior) => posterior + DRIFT * signal);
  return {
    global: {
      means: moved(centres, totals.sums, behind, gains),
      sizes: counts.map((count) => Math.max(count, 0)),
      carriedOver: [],
    },
    locals: [],
    asked: clients,
    dropped,
    standardErrors: posteriors.map(Math.sqrt),
    sizeError: Math.sqrt(countVariance),
    memory: { spread, counts, countVariance, variances } satisfies Memory,
    more: round < plan.rounds,
  };
}

function radiusOf(spread: number): number {
  return Math.max(RADIUS_OF_SPREAD * Math.sqrt(spread), LEAST_RADIUS);
}

/** The noisy counts of this round and of those before, weighted by their precision. */
function averageCounts(
  { counts, countSigma }: PrivateSums,
  { counts: before, countVariance: varianceBefore }: Memory,
): { counts: Float64Array; countVariance: number } {
  const variance = countSigma * countSigma;
  if (before === null) return { counts, countVariance: variance };
  const gain = varianceBefore / (varianceBefore + variance);
  return {
    counts: before.map((count, j) => count + gain * (counts[j] - count)),
    countVariance: varianceBefore * (1 - gain),
  };
}

function planFor({ options, nColumns, nClients }: Clustering): { plan: Plan; rows: number } {
  const { k, privately } = options;
  if (!privately) throw new UsageError(`algorithm dp-lloyd goes with ${theSetting("privacy")} dp only`);
  const { declaredRows: rows, mu } = privately;
  return { plan: planOf({ rows, features: nColumns, clusters: k, mu, clients: nClients }), rows };
}

async function askPrivately(
  { options, ask, nColumns }: Clustering,
  plan: Plan,
  question: number,
  centres: Matrix,
  radii: Float64Array,
): Promise<{ totals: PrivateSums; clients: readonly string[]; dropped: Dropped[] }> {
  const isStart = question < plan.startQuestions;
  const step = isStart
    ? `question ${question + 1} of the start`
    : `round ${question - plan.startQuestions + 1}`;
  const request = privateSumsRequest({
    terms: options.privately!,
    question,
    shares: plan.shares,
    ...(isStart ? START_DIVISION : ROUND_DIVISION),
    centres,
    radii,
  });
  const { clients, values, dropped } = await ask(step, request, (reply) =>
    readPrivateSums(reply, nColumns, centres.nRows),
  );
  return { totals: totalsOf(values), clients, dropped };
}

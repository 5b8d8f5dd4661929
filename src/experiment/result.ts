import type { Stability } from "../directory/read-stability.js";
import type { RunEvent } from "../federation/run-event.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Agreement } from "../workflow/agreement.js";
import type { NoisySizes } from "../workflow/evaluate.js";
import type { Metrics } from "../workflow/metrics.js";
import { describeNotice, type Notice } from "../workflow/notice.js";
import type { Protection } from "../workflow/protection.js";
import type { RunSummary } from "./run-summary.js";
import type { Twin } from "./twin.js";

/** What a run came to at one client. */
export interface ClientOutcome {
  name: string;
  /** NaN under differential privacy, but in a simulation: no client tells. */
  nSamples: number;
  /** Points that stand for its rows: as many where each row is one. */
  nPoints: number;
  /** Clusters that hold at least one of its rows at the end; null if it missed the evaluation, or took part with none. */
  clustersHeld: number | null;
  /** Means that its privacy threshold kept back, over all rounds. */
  meansWithheld: number;
}

/** The labels that an evaluation went by. */
export interface LabelsUsed {
  /** Names of the columns that clients took for labels; more than one if they differ. */
  columns: readonly string[];
  nClasses: number;
  /** Clients that have labels. */
  nClients: number;
}

/** What a run came to, as `run`, `watch` and `resume` return it. */
export interface RunResult {
  /** Tells it from other results. */
  readonly kind: "run";
  experimentDir: string;
  rounds: number;
  converged: boolean;
  /** Rounds of the cycle that the run ended in, at the round of least inertia; null where it ended in none. */
  cycleLength: number | null;
  /** Clusters that have rows. */
  nClusters: number;
  /** Clusters that were asked for. */
  clustersAsked: number;
  /** What the clients held to. */
  protection: Protection;
  /**
   * Of the rows where they are known, as in a simulation; else of the points that stand for them; under differential
   * privacy else of neither: null, but for noisy sizes.
   */
  metrics: Metrics;
  metricsOf: "rows" | "points" | "none";
  /** Of the points, where they stand for several rows; null where they are the rows. */
  metricsOfPoints: Metrics | null;
  /** Under differential privacy, rows of each cluster as a server knows them, with noise; else null. */
  noisySizes: NoisySizes | null;
  /** (k, d) on the original scale. */
  finalMeans: Matrix;
  featureNames: readonly string[] | null;
  /** What the evaluation went by; null without labels. */
  labels: LabelsUsed | null;
  /** SHA-256 over the logged means, hexadecimal. */
  runHash: string;
  clients: ClientOutcome[];
  /** Who missed what, and why. */
  dropped: { step: string; client: string; reason: string }[];
  /** What pooled k-means makes of the rows; null unless it was asked for. */
  twin: Twin | null;
  /** How stable its clusters are; null unless it was asked for. */
  stability: Stability | null;
  /** What whoever runs it should know, a line each. */
  notices: readonly string[];
  /** Wall-clock time of the whole run. */
  seconds: number;
}

type Evaluation = Extract<RunEvent, { type: "evaluation" }>;

/** All that a run left, once it is completed. */
interface Completed {
  readonly directory: string;
  readonly clustersAsked: number;
  readonly agreement: Agreement;
  readonly evaluation: Evaluation;
  readonly summary: RunSummary;
  readonly twin: Twin | null;
  readonly stability: Stability | null;
  readonly notices: readonly Notice[];
  readonly seconds: number;
}

/** What a run that is completed came to. */
export function resultOf({ directory, agreement, evaluation, summary, ...run }: Completed): RunResult {
  const results = summary.written.results!;
  const { metrics, metricsOf, ofPoints, noisySizes, finalMeans, fits } = evaluation;
  const isUnknown = metricsOf === "none";
  const fitOf = new Map(fits.map(({ client, fit }) => [client, fit]));
  return {
    kind: "run",
    experimentDir: directory,
    rounds: results.rounds,
    converged: results.converged,
    cycleLength: results.cycle_length,
    nClusters: results.n_clusters,
    clustersAsked: run.clustersAsked,
    protection: agreement.protection,
    metrics,
    metricsOf,
    metricsOfPoints: ofPoints,
    noisySizes,
    finalMeans,
    featureNames: agreement.featureNames,
    labels: labelsUsed(agreement, fits),
    runHash: results.run_hash,
    clients: agreement.clients.map(({ name, nSamples, nPoints }) => ({
      name,
      nSamples: isUnknown ? Number.NaN : nSamples,
      nPoints: isUnknown ? Number.NaN : nPoints,
      clustersHeld: nPoints === 0 ? null : clustersHeld(fitOf.get(name)),
      meansWithheld: summary.meansWithheld.get(name) ?? 0,
    })),
    dropped: summary.written.dropped_clients,
    twin: run.twin,
    stability: run.stability,
    notices: run.notices.map(describeNotice),
    seconds: run.seconds,
  };
}

function clustersHeld(fit: Evaluation["fits"][number]["fit"] | undefined): number | null {
  return fit?.counts.filter((count) => count > 0).length ?? null;
}

function labelsUsed({ clients }: Agreement, fits: Evaluation["fits"]): RunResult["labels"] {
  const labelled = clients.filter(({ hasLabels }) => hasLabels);
  if (labelled.length === 0) return null;
  const columns = new Set(labelled.flatMap(({ labelColumn }) => labelColumn ?? []));
  const classes = new Set(fits.flatMap(({ fit }) => fit.classes));
  return { columns: [...columns], nClasses: classes.size, nClients: labelled.length };
}

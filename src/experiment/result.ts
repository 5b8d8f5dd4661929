import type { Matrix } from "../numerics/matrix.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Twin } from "./twin.js";

/** What a run came to at one client. */
export interface ClientOutcome {
  name: string;
  nSamples: number;
  /** Clusters that hold at least one of its rows at the end; null if it missed the evaluation. */
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
  metrics: Metrics;
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
  /** What whoever runs it should know, a line each. */
  notices: readonly string[];
  /** Wall-clock time of the whole run. */
  seconds: number;
}

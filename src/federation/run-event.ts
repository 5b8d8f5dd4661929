import type { Matrix } from "../numerics/matrix.js";
import type { PrincipalComponents } from "../numerics/principal-components.js";
import type { GlobalMeans } from "../workflow/clustering/aggregation.js";
import type { LocalClusters } from "../workflow/clustering/local-clusters.js";
import type { Fit } from "../workflow/evaluation.js";
import type { Agreement } from "../workflow/handshake.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Normalization } from "../workflow/normalization.js";
import type { Dropped } from "./gather.js";
import type { Notice } from "./notice.js";

/** One round as it was logged. Round 0 is the start. */
export interface Round {
  round: number;
  global: GlobalMeans;
  /** null in round 0. */
  convergenceChange: number | null;
  /** Whose clusters the clients' local means are of: each client's own, or the global ones, by index. */
  localClusters: "own" | "global";
  /** In client order; empty in round 0 unless the clients made the start. */
  locals: { client: string; clusters: LocalClusters }[];
  dropped: Dropped[];
}

/** How the components of many features were searched for. */
export interface Sweeps {
  /** Exchanges with the clients. */
  count: number;
  /** Whether the search came to an end; otherwise it was given up. */
  isFound: boolean;
  /** The largest residual of a component, against its variance. */
  residual: number;
}

export type RunEvent =
  | { type: "handshake"; agreement: Agreement; maxIterations: number }
  /** At any time after the handshake. */
  | { type: "notice"; notice: Notice }
  | { type: "normalization"; normalization: Normalization; dropped: Dropped[] }
  | {
      type: "pca";
      pca: PrincipalComponents;
      /** How many of them the run clusters in; null where it clusters in the features and they are for pictures. */
      clusteredIn: number | null;
      /** How they were searched for; null where they are those of the scatter matrix itself. */
      sweeps: Sweeps | null;
      dropped: Dropped[];
    }
  | { type: "round"; round: Round }
  | {
      type: "clustered";
      rounds: number;
      converged: boolean;
      /** Rounds of the cycle that the run ended in, at the round of least inertia; null where it ended in none. */
      cycleLength: number | null;
    }
  | {
      type: "evaluation";
      metrics: Metrics;
      /** (k, d) on the original scale. */
      finalMeans: Matrix;
      fits: { client: string; fit: Fit }[];
      dropped: Dropped[];
    };

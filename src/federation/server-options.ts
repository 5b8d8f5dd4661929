import type { Matrix } from "../numerics/matrix.js";
import type { Trace } from "./cycle.js";

/**
 * `fkm`: local means, aggregated by weighted k-means. `lloyd`: exact k-means from sums. `best-lloyd`: the same
 * from the best of several starts. `k-fed`: local means once, no rounds.
 */
export type Algorithm = "fkm" | "lloyd" | "best-lloyd" | "k-fed";

/** Everything the server decides; the same for every carrier. */
export interface ServerOptions {
  readonly algorithm: Algorithm;
  /** Number of global clusters. */
  readonly k: number;
  /** Number of local clusters a client starts with under `fkm` and `k-fed`, where it has as many rows. */
  readonly kLocal: number;
  /** Where round 0 comes from: the clients' k-means++, the server's draws, or (k, d) on the original scale. */
  readonly start: "k-means++" | "random" | Matrix;
  readonly maxIterations: number;
  /**
   * The run has converged when the means move by at most this (Frobenius norm, units clustered in). Below 0 it
   * never has.
   */
  readonly tolerance: number;
  readonly localIterations: number;
  readonly dropEmpty: boolean;
  readonly weighted: boolean;
  /** `fkm` as its authors' code ran it; see `start` and `update` of the clustering phase. Default false. */
  readonly asPublished?: boolean;
  /** Starts that `best-lloyd` makes; for `fkm`, those of k-means, at each client's start and at the server. Default 10. */
  readonly restarts?: number;
  readonly privacyThreshold: number;
  readonly normalize: boolean;
  /** Find two principal components for viewing, where there are more features than two. */
  readonly pca: boolean;
  /** Cluster in this many principal components; null clusters in the features. */
  readonly pcaComponents: number | null;
  readonly randomState: number;
  readonly minClients: number;
  /** Seconds a client has to answer. */
  readonly deadline: number;
}

/** The last whole round of a run that was cut short. */
export interface Checkpoint {
  readonly round: number;
  /** (k, p) as clustered. */
  readonly means: Matrix;
  readonly convergenceChange: number | null;
  /** Every round up to this one, from 0 on, by which a cycle is told. */
  readonly traces: readonly Trace[];
}

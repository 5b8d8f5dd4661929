import type { Matrix } from "../numerics/matrix.js";
import type { ClusteringOptions } from "../workflow/clustering/algorithm.js";
import type { AlgorithmName } from "../workflow/clustering/algorithms.js";
import type { Trace } from "../workflow/clustering/cycle.js";
import type { Protection } from "../workflow/protection.js";
import type { TransformOptions } from "../workflow/transform/agree.js";

/** Everything the server decides; the same for every carrier. */
export interface ServerOptions extends ClusteringOptions, TransformOptions {
  readonly algorithm: AlgorithmName;
  /** What clients are to hold to at least. */
  readonly protection: Protection;
  /** Names of the features that the run is about, in this order; null: all that the clients have. */
  readonly features: readonly string[] | null;
  readonly maxIterations: number;
  /**
   * The run has converged when the means move by at most this (Frobenius norm, units clustered in). Below 0 it
   * never has.
   */
  readonly tolerance: number;
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

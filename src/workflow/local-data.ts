import type { Assignment } from "../numerics/assignment.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Transform } from "../numerics/transform.js";
import { type Message, numberOf } from "./message.js";
import type { Protection } from "./protection.js";

/** How many rows of each class stand behind each point, entry by entry. */
export interface PointLabels {
  readonly classes: readonly string[];
  /** (m,) index into `classes`. */
  readonly classOf: Int32Array;
  /** (m,) which point it is of; null: entry i is of point i. */
  readonly pointOf: Int32Array | null;
  /** (m,) number of rows; null: one each. */
  readonly rows: Float64Array | null;
}

/**
 * What a phase may see of the client it runs on: weighted points, each of which stands for one row or for several. No row
 * behind them can be reached from here. None of it is part of a reply by itself.
 */
export interface LocalData {
  readonly name: string;
  /** Number of rows behind all points; 0 where the client has too few to take part. */
  readonly nSamples: number;
  readonly nPoints: number;
  readonly nFeatures: number;
  readonly featureNames: readonly string[] | null;
  /** Of the labels; null if there are none, or they came without a name. */
  readonly labelColumn: string | null;
  /** null where there are none, or they are not shared. */
  readonly labels: PointLabels | null;
  readonly protection: Protection;
  /** (n,) number of rows behind each point; null: one each. */
  readonly weights: Float64Array | null;
  /** (d,) what the client states of each feature's standard deviation, NaN where nothing; null: of none. */
  readonly spreads: Float64Array | null;
  /** (n, d) in the features' units. */
  raw(): Matrix;
  /** (n, p) as a transform makes the points; good until it is asked with another. */
  transformed(transform: Transform): Matrix;
  /**
   * An assignment of the points that were last transformed, which remembers them from one request to the next.
   *
   * @param k number of centroids to come
   */
  assignment(k: number): Assignment;
}

/**
 * The minimum number of rows behind a statistic that may leave the client: its own, or the server's where
 * that is stricter. A server can never make it laxer.
 */
export function privacyThreshold(local: LocalData, request: Message): number {
  return Math.max(local.protection.privacyThreshold, numberOf(request, "privacy_threshold"));
}

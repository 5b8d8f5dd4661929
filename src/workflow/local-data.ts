import type { Assignment } from "../numerics/assignment.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Transform } from "../numerics/transform.js";
import { type Message, numberOf } from "./message.js";

/** What a phase may see of the client it runs on. None of it is part of a reply by itself. */
export interface LocalData {
  readonly name: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly featureNames: readonly string[] | null;
  /** Of the labels; null if there are none, or they came without a name. */
  readonly labelColumn: string | null;
  /** (n,) index into `classes` of each row's true class. */
  readonly labels: Int32Array | null;
  readonly classes: readonly string[];
  /** The client's own minimum: means and sums of fewer rows are not sent. */
  readonly privacyThreshold: number;
  /** (n, d) in the features' units. */
  raw(): Matrix;
  /** (n, p) as a transform makes the rows; good until it is asked with another. */
  transformed(transform: Transform): Matrix;
  /**
   * An assignment of the rows that were last transformed, which remembers them from one request to the next.
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
  return Math.max(local.privacyThreshold, numberOf(request, "privacy_threshold"));
}

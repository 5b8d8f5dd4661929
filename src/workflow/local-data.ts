import type { Assignment } from "../numerics/assignment.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Transform } from "../numerics/transform.js";
import { type Message, numberOf } from "./message.js";
import type { PrivateTerms, Protection } from "./protection.js";

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

/** One question about all rows of a client, scaled to the box [-1, 1]^d by public bounds and clipped to it. */
export interface PrivateQuestion {
  /** What the run goes by. */
  readonly terms: PrivateTerms;
  /** Its number within the run, from 0. */
  readonly question: number;
  /** (T,) of the run's questions: which part of the run's mu^2 each spends; they add up to 1 at most. */
  readonly shares: Float64Array;
  /** Which part of that goes to the counts, and to the spread; the sums get the rest. */
  readonly shareCount: number;
  readonly shareSpread: number;
  /** (K, d) in the box. */
  readonly centres: Matrix;
  /** (K,) length at which the difference of a row from its nearest centre is clipped. */
  readonly radii: Float64Array;
}

/** The answer to a question, each number of it with noise. */
export interface PrivateSums {
  /** (K,) rows nearest to each centre. */
  readonly counts: Float64Array;
  /** (K, d) sum of their differences from it, clipped; in box units. */
  readonly sums: Float64Array;
  /** Sum over all rows of min(1, |row - centre|^2 / radius^2): in rows. */
  readonly spread: number;
  /** Standard deviation of the noise of each count, of each coordinate of each sum (K,), and of the spread. */
  readonly countSigma: number;
  readonly sumSigmas: Float64Array;
  readonly spreadSigma: number;
}

/** A client's rows under differential privacy: questions about them can be answered, and nothing else can be known. */
export interface PrivateRows {
  /** (d,) each; of the client's features in its own order, in their units. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /**
   * Answers a question once: what it spends of the rows' budget is on record before the reply is returned, and the same
   * request of the same run gets the same reply.
   *
   * @param request the question as it came
   * @param write the reply of what is found
   * @throws RunError where the question is none that it answers, or the budget does not allow it
   */
  answer(request: Message, question: PrivateQuestion, write: (sums: PrivateSums) => Message): Message;
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
  /** Of `dp`, where there are no points at all, and all counts are 0; else none. */
  readonly privately?: PrivateRows | null;
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

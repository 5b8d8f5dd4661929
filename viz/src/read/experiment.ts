import type { LoggedMetrics, LoggedSummary } from "fedkmeans/directory";
import type { GroupFacts } from "./groups.js";
import type { NoiseFacts } from "./noise.js";

/* What a picture may say of an experiment: plain facts, read once from its directory. */

/** Where a run stands. `unknown`: the directory does not say. */
export type Status = LoggedSummary["status"];

export interface Experiment {
  readonly directory: string;
  readonly status: Status;
  /** In a short sentence or two, what is not drawn and why; null where all is. */
  readonly note: string | null;
  /** The same and more, a line each, for whoever can mend it: files, what was expected, what was found. */
  readonly problems: readonly string[];
  /** E.g. "fkm"; null where the directory does not say. */
  readonly algorithm: string | null;
  /** Whether clients are asked once only: there are no rounds to settle in, and no tolerance. */
  readonly isOneShot: boolean;
  /** The run's own last round, which need not be drawn; null where it goes on, or nothing tells. */
  readonly lastRound: number | null;
  /** The round whose means the metrics are of, which need not be drawn; null where nothing tells. */
  readonly scoredRound: number | null;
  /** null where the directory does not say. */
  readonly converged: boolean | null;
  /** Rounds of the cycle that the run ended in, at the one of least inertia; null where it ended in none. */
  readonly cycleLength: number | null;
  /** Means that moved by at most this have converged; null where the directory does not say. */
  readonly tolerance: number | null;
  /** Number of features clustered in: columns of the means. */
  readonly nFeatures: number;
  /** What the two coordinates of a picture are, e.g. "PC 1 (69 %)" or a feature's name; of one coordinate alone, the second is "". */
  readonly axes: readonly [x: string, y: string];
  /** Shares of the variance that the recorded principal components explain; empty where none are recorded. */
  readonly explained: readonly number[];
  /** The coordinates as they were before the run standardized them; or why there is no saying. */
  readonly original: OriginalAxes | { readonly problem: string };
  /** In client order; those that took part in any round or are named in the summary. */
  readonly clients: readonly ClientFacts[];
  /** Whole rounds, ascending, without a gap; at least one. The first need not be the run's. */
  readonly rounds: readonly RoundFacts[];
  readonly metrics: Metrics;
  /** Whose the metrics are: of rows where they are known, else of the groups that stand for them. */
  readonly metricsOf: "rows" | "groups";
  /** How far each cluster of the final means was found again in resamples; null where that is not recorded. */
  readonly stability: Stability | null;
  /** What clients computed from instead of their rows; null where they did from rows, or the directory does not say. */
  readonly groups: GroupFacts | null;
  /** Of a run in which clients sent sums with noise, and no means: its means and sizes of clusters are noisy. null of others. */
  readonly noise: NoiseFacts | null;
}

/** What the coordinates of a picture count in before a run standardizes them. */
export type OriginalAxes = readonly [x: OriginalAxis, y: OriginalAxis];

/** Its values are `factor` times the coordinate, plus `offset`. */
export interface OriginalAxis {
  readonly name: string;
  readonly factor: number;
  readonly offset: number;
}

export interface ClientFacts {
  readonly name: string;
  /** null where the directory does not say. */
  readonly nSamples: number | null;
  /** Groups that stand for its rows; null where none do, or the directory does not say. */
  readonly nGroups: number | null;
  /** What is drawn of its data; null where all of that stayed with the client. */
  readonly points: ClientPoints | null;
}

/** A client's rows; where these are not recorded, the groups that stand for them. */
export interface ClientPoints {
  /** (n, nFeatures) row-major, as clustered. */
  readonly features: Float64Array;
  /** (n, 2) row-major, as drawn. */
  readonly positions: Float64Array;
  readonly nPoints: number;
  /** (n,) number of rows behind each; null: each is a row. */
  readonly weights: Float64Array | null;
}

export interface RoundFacts {
  readonly round: number;
  /** (k, nFeatures) row-major. Row i is the same cluster in every round. */
  readonly means: Float64Array;
  /** (k, 2) row-major, as drawn. */
  readonly positions: Float64Array;
  readonly k: number;
  /** (k,) rows behind each mean, as the directory says or as its local means sum up to; null where neither does. */
  readonly sizes: readonly number[] | null;
  /**
   * (k,) standard error that noise gives each coordinate of each mean; those drawn, too, as principal components are
   * orthonormal. null where there is no noise, or nobody knows how much.
   */
  readonly standardErrors: readonly number[] | null;
  /** Clusters that nobody reported: they keep the mean of the round before. */
  readonly carriedOver: readonly number[];
  /** How far the means moved since the round before; null in the first. */
  readonly change: number | null;
  /** Of all rows, or of the groups that stand for them, under this round's means; null where unknown. */
  readonly inertia: number | null;
  /** In client order; those that took part. */
  readonly locals: readonly LocalFacts[];
  /** Whether the directory says what clients sent; a first round to which nobody did is recorded too. */
  readonly areLocalsRecorded: boolean;
  readonly dropped: readonly { readonly client: string; readonly reason: string }[];
  /** Indices into `Experiment.clients` of those that took part, but whose local means cannot be read. */
  readonly lost: readonly number[];
}

export interface LocalFacts {
  /** Index into `Experiment.clients`. */
  readonly client: number;
  /** (m, 2) row-major, as drawn. */
  readonly positions: Float64Array;
  /** (m,) */
  readonly counts: readonly number[];
  /** (m,) the global mean of the round before that each began as; null at the start or where unknown. */
  readonly origins: readonly (number | null)[];
  /** (m,) the global mean of this round that each went into. */
  readonly targets: readonly number[];
  /** What the privacy threshold kept back: a count, and where it began. */
  readonly withheld: readonly { readonly origin: number | null; readonly count: number }[];
}

/**
 * Of the final means; null is unknown. `nSamples` are rows in all, `nSamplesInInertia` those that inertia and
 * simplified silhouette are of.
 */
export type Metrics = Readonly<
  Pick<
    LoggedMetrics,
    | "inertia"
    | "silhouetteScore"
    | "simplifiedSilhouetteScore"
    | "adjustedRandIndex"
    | "normalizedMutualInformation"
    | "contingency"
    | "nSamples"
    | "nSamplesInInertia"
  >
>;

/** Which clusters to trust (Hennig 2007). */
export interface Stability {
  readonly resamples: number;
  /** What was resampled. */
  readonly of: "rows" | "groups";
  /** (k,) */
  readonly clusters: readonly {
    /** Mean Jaccard similarity; null where the cluster was in no resample. */
    readonly meanJaccard: number | null;
    /** Resamples with a similarity of at least 0.75, and with one of at most 0.5. */
    readonly recovered: number;
    readonly dissolved: number;
  }[];
}

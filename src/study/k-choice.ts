import type { Spread } from "./statistics.js";

/** One number of clusters, over the runs that ended with as many clusters: others cannot be compared. */
export interface KScore {
  k: number;
  /** How many runs that are. */
  nRuns: number;
  inertia: Spread;
  /** null for one cluster. */
  simplifiedSilhouette: Spread | null;
  /** Mean adjusted Rand index between the clusterings of two seeds; null for one cluster, or of one run. */
  stability: number | null;
}

/** What `chooseK` found: three criteria, and a verdict on them. */
export interface KChoice {
  /** Tells it from other results. */
  readonly kind: "choice of k";
  /** Of the numbers of clusters that could be run and compared. */
  scores: KScore[];
  /** What could not be run or compared, and of how many rows a figure is, where not of all: a line each. */
  notes: string[];
  /** What each criterion would choose; null where it has nothing to say. */
  byInertia: number | null;
  bySilhouette: number | null;
  byStability: number | null;
  /** Where at least two of the three agree; null where none do. */
  k: number | null;
  /** Agreement or disagreement, in words. */
  verdict: string;
  /** An SVG document. */
  svg: string;
  output: string | null;
}

/** What each criterion would choose, and a verdict on them. */
export type Choice = Pick<KChoice, "byInertia" | "bySilhouette" | "byStability" | "k" | "verdict">;

import type { SCALAR_METRICS } from "../directory/read-metrics.js";
import type { CellKey } from "./grid.js";
import type { Spread } from "./statistics.js";

export type SweepMetric = (typeof SCALAR_METRICS)[number];

/** One run of a sweep: a row of sweep.csv. The grid's settings are columns, too. */
export interface SweepRun extends Record<string, CellKey> {
  seed: number;
  status: "completed" | "failed";
  error: string | null;
  rounds: number | null;
  converged: boolean | null;
  /** Clusters that have rows. */
  nClusters: number | null;
  /** Rows that the inertia and the simplified silhouette are of. */
  nSamplesInInertia: number | null;
  bytesToClients: number | null;
  bytesToServer: number | null;
}

/** One combination of the grid over its seeds. */
export interface SweepCell {
  keys: Record<string, CellKey>;
  nCompleted: number;
  nFailed: number;
  /** Completed runs that ended with fewer clusters than were asked for: `metrics` leave them out. */
  nFewerClusters: number;
  /** Why the first failed run failed. */
  error: string | null;
  /** What of the runs is not compared, and of how many rows a figure is, where not of all: a line each. */
  notes: string[];
  /**
   * By name of the number, e.g. "adjustedRandIndex", of the rows; "adjustedRandIndexOfPoints" of the points that clients
   * computed from, where these stand for several rows; unknown ones are left out. Of the runs that ended with as many
   * clusters as were asked for.
   */
  metrics: Record<string, Spread>;
}

/** What `sweep` found. */
export interface SweepResult {
  /** Tells it from other results. */
  readonly kind: "sweep";
  /** In the order of the grid, then of the seeds. */
  runs: SweepRun[];
  summary: SweepCell[];
  /** What the user who names the data should know of them, a line each. */
  notices: readonly string[];
  /** An SVG document: the plotted metric over the grid. */
  svg: string;
  /** Where the files are; null where none were written. */
  output: string | null;
}

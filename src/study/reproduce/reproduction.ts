import type { Spread } from "../statistics.js";
import type { PublishedCell } from "./published.js";

/** One run of the study: a row of reproduce.csv. */
export interface ReproducedRun {
  cell: string;
  algorithm: "fkm" | "central" | "k-fed" | "best-lloyd";
  seed: number;
  rounds: number;
  adjustedRandIndex: number;
  /** Mean over clients; of fkm, after each of the published rounds. */
  meanClientAdjustedRandIndex: number;
  meanClientAdjustedRandIndexRound1: number | null;
  meanClientAdjustedRandIndexRound10: number | null;
  inertia: number;
  bytesToClients: number;
  bytesToServer: number;
}

/** One cell of the study: what was published, and what came out. */
export interface ReproducedCell {
  cell: PublishedCell;
  /** Mean over clients of the adjusted Rand index, after each of the published rounds. */
  fkm: Spread[];
  /** Adjusted Rand index of all rows together, of these three. */
  central: Spread;
  kFed: Spread;
  bestLloyd: Spread;
  /** The local k that k-fed does best with, on seeds of its own. */
  kFedLocal: number;
  /** What misses its bar, in words; empty where all is well. */
  missed: string[];
}

/** What `reproduce` found. */
export interface Reproduction {
  /** Tells it from other results. */
  readonly kind: "reproduction";
  cells: ReproducedCell[];
  runs: ReproducedRun[];
  /** Whether the data were generated: another draw than the published one. */
  isGenerated: boolean;
  /** An SVG document: a panel for each reach and number of points. */
  svg: string;
  /** Runs done by this call; the others were known. */
  runsDone: number;
  seconds: number;
  /** Processor time of all threads. */
  cpuSeconds: number;
  /** One-minute load averages of the machine, before and after. */
  load: [number, number];
  output: string | null;
}

import type { Matrix } from "../../numerics/matrix.js";
import type { Transform } from "../../numerics/transform.js";
import type { Answer, Ask, Dropped, Gathered } from "../exchange.js";
import type { PrivateTerms } from "../protection.js";
import type { GlobalMeans, KMeans } from "./aggregation.js";
import type { Passes } from "./cycle.js";
import type { LocalClusters } from "./local-clusters.js";

/** What the server decides of the clustering phase. */
export interface ClusteringOptions {
  /** Number of global clusters. */
  readonly k: number;
  /** Number of local clusters a client starts with under `fkm` and `k-fed`, where it has as many points. */
  readonly kLocal: number;
  /** Where round 0 comes from: the clients' k-means++, the server's draws, or (k, d) on the original scale. */
  readonly start: "k-means++" | "random" | Matrix;
  readonly localIterations: number;
  readonly dropEmpty: boolean;
  readonly weighted: boolean;
  /** `fkm` as its authors' code ran it. */
  readonly asPublished: boolean;
  /** Starts that `best-lloyd` makes; for `fkm`, those of k-means, at each client's start and at the server. */
  readonly restarts: number;
  readonly privacyThreshold: number;
  readonly randomState: number;
  /** What a run of differential privacy goes by; none of others. */
  readonly privately?: PrivateOptions | null;
}

/** The terms of a run of differential privacy, and what they come to. */
export interface PrivateOptions extends PrivateTerms {
  /** What (epsilon, delta) comes to: the run is mu-Gaussian-DP (Dong, Roth & Su 2022). */
  readonly mu: number;
}

/** What the server's half of an algorithm works with. */
export interface Clustering {
  readonly options: ClusteringOptions;
  readonly transform: Transform;
  /** Clients that take part. */
  readonly nClients: number;
  /** p, the number of features clustered in. */
  readonly nColumns: number;
  /** (p,) standard deviation of each of them. */
  readonly scale: Float64Array;
  /** Exchanges a request with every client. */
  readonly ask: Ask;
  /** Clusters what clients send. */
  readonly cluster: KMeans;
}

/** What the server makes of the clients' answers. */
export interface Combined {
  readonly global: GlobalMeans;
  /** In client order; empty where no client was asked, and where only the sum of what they sent means something. */
  readonly locals: { client: string; clusters: LocalClusters }[];
  readonly dropped: Dropped[];
  /** Who answered, in client order; absent where it is those of `locals`. */
  readonly asked?: readonly string[];
  /** (k,) standard error of each mean, in any coordinate, by the noise that clients add; absent where they add none. */
  readonly standardErrors?: Float64Array;
  /** Standard error that noise gives the size of each cluster, in rows. */
  readonly sizeError?: number;
  /** What the next round has to know of this one, beside its means. */
  readonly memory?: unknown;
  /** Whether another round is to come, however far the means moved; absent: until they settle. */
  readonly more?: boolean;
}

/** Rounds after the start, in each of which clients answer an `UpdateRequest`. */
export interface Rounds {
  /** Whose clusters the clients tell of: each its own, or the global ones, by index. */
  readonly localClusters: "own" | "global";
  /** How often a cycle of rounds is gone through before it counts as one. */
  readonly passes: Passes;
  readonly answer: Answer;
  /**
   * @param round its number, from 1
   * @param means (k, p) of the round before
   * @param memory what that round, or the start, left for this one
   * @throws RunError if too few clients answer, or none reports anything
   */
  run(clustering: Clustering, round: number, means: Matrix, memory: unknown): Promise<Combined>;
}

/** The settings that some algorithms do not go with. */
export interface CheckedSettings {
  readonly start: string;
  readonly localIterations: number;
  readonly maxIterations: number;
  readonly asPublished: boolean;
}

/** What to call a setting in an error. */
export type NameOf = (setting: keyof CheckedSettings) => string;

/** How clients and server share the work of the clustering phase. */
export interface Algorithm {
  /** In a few words, for a list of them. */
  readonly help: string;
  /** @throws UsageError if a setting does not go with it */
  check(settings: CheckedSettings, nameOf: NameOf): void;
  /**
   * Round 0.
   *
   * @throws RunError if too few clients answer, or none reports anything
   */
  start(clustering: Clustering): Promise<Combined>;
  /** null: the start is all there is. */
  readonly rounds: Rounds | null;
  /**
   * Whether rounds have a memory, which no directory keeps: a run is gone on with by going through its rounds again, whose
   * questions clients answer as they did.
   */
  readonly hasMemory?: true;
  /** What clients answer beside rounds, by the kind of request. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** Global means with what each client sent for them. */
export function combined(global: GlobalMeans, answers: Gathered<LocalClusters>): Combined {
  return {
    global,
    locals: answers.clients.map((client, i) => ({ client, clusters: answers.values[i] })),
    dropped: answers.dropped,
  };
}

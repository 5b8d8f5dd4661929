import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readNpy, toFloat64 } from "../data/npy.js";
import { messageOf, RunError } from "../errors.js";
import type { Dropped } from "../federation/gather.js";
import type { Matrix } from "../numerics/matrix.js";
import { layoutOf } from "./layout.js";
import type { HashedRound } from "./run-hash.js";
import type { Summary } from "./summary.js";

/** One whole round as an experiment directory holds it. */
export interface LoggedRound {
  round: number;
  /** (k, p) as clustered. */
  means: Matrix;
  convergenceChange: number | null;
  dropped: Dropped[];
  /** Means that clients withheld. */
  withheld: [client: string, count: number][];
  /** Sum of what the clients reported about the means of the round before; null at the start or where a client was missing. */
  inertia: number | null;
  hashed: HashedRound;
}

/** What can be read of an experiment directory. */
export interface LoggedExperiment {
  summary: Summary;
  /** Whole rounds from 0 on, without a gap. */
  rounds: LoggedRound[];
  /** Why the round after the last whole one is not whole; null if there is no sign of one. */
  torn: string | null;
}

/**
 * Reads and checks an experiment directory: every array against the dtype, shape and SHA-256 in its metadata.
 *
 * @throws RunError if the directory has no readable summary
 */
export function readExperiment(directory: string): LoggedExperiment {
  const layout = layoutOf(directory);
  if (!existsSync(layout.summary)) {
    throw new RunError(`${directory} is no experiment directory: it has no experiment_summary.json`);
  }
  const summary = readJson(layout.summary) as unknown as Summary;
  const rounds: LoggedRound[] = [];
  while (existsSync(layout.globalMetadata(rounds.length))) {
    try {
      rounds.push(readRound(directory, rounds.length));
    } catch (error) {
      return { summary, rounds, torn: messageOf(error) };
    }
  }
  return { summary, rounds, torn: null };
}

function readRound(directory: string, round: number): LoggedRound {
  const layout = layoutOf(directory);
  const metadata = readJson(layout.globalMetadata(round));
  const means = readArray(layout.globalMetadata(round), metadata, "global_means");
  const clients = metadata.participating_clients as string[];
  const dropped = metadata.dropped_clients as Dropped[];
  // A directory of an earlier version does not say so, and has them.
  const isRecorded = metadata.local_means_recorded !== false;
  const withheld: [string, number][] = [];
  let inertia = 0;
  const locals = (isRecorded ? clients : []).map((client) => {
    const path = layout.localMetadata(client, round);
    const local = readJson(path);
    inertia += local.inertia as number;
    withheld.push([client, (local.before_privacy_filter as { withheld: number[] }).withheld.length]);
    const counts = readArray(path, local, "sample_counts").data;
    return {
      means: readArray(path, local, "local_means").data,
      sampleCounts: BigInt64Array.from(counts, BigInt),
    };
  });
  const sumOfAll = round === 0 || dropped.length > 0 ? null : inertia;
  return {
    round,
    means: { data: means.data, nRows: means.shape[0], nColumns: means.shape[1] },
    convergenceChange: metadata.convergence_change as number | null,
    dropped,
    withheld: isRecorded ? withheld : Object.entries(metadata.num_withheld as Record<string, number>),
    inertia: isRecorded ? sumOfAll : (metadata.inertia_before as number | null),
    hashed: { globalMeans: means.data, locals },
  };
}

function readArray(
  metadataPath: string,
  metadata: Record<string, unknown>,
  name: string,
): { data: Float64Array; shape: readonly number[] } {
  const record = (metadata.arrays as Record<string, { file: string; sha256: string }> | undefined)?.[name];
  if (record === undefined) throw new RunError(`${metadataPath} does not describe ${name}`);
  const path = join(dirname(metadataPath), record.file);
  const bytes = readFileSync(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== record.sha256) {
    throw new RunError(`${path}: SHA-256 ${record.sha256} expected, found ${sha256}`);
  }
  const array = readNpy(bytes, path);
  return { data: toFloat64(array, path), shape: array.shape };
}

function readJson(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new RunError(`${path}: ${messageOf(error)}`);
  }
}

import { existsSync } from "node:fs";
import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import {
  COUNT,
  checkCount,
  type JsonObject,
  listOf,
  NUMBER,
  OBJECT,
  optional,
  orNull,
  readJsonObject,
  required,
} from "./json-object.js";
import type { Layout } from "./layout.js";
import { readArray } from "./read-array.js";

/** What metadata say of what one client sent in a round. */
export interface LocalFacts {
  readonly client: string;
  /** (m,) index of the global mean that each of its means began as, null for none; empty where that is not said. */
  readonly origins: readonly (number | null)[];
  /** What the privacy filter saw before it, and which of that it kept back, by index; null where that is not said. */
  readonly before: {
    readonly counts: readonly number[];
    readonly origins: readonly (number | null)[];
    readonly withheld: readonly number[];
  } | null;
  /** Rows of the client; null where that is not said. */
  readonly nSamples: number | null;
  /** Of its rows under the means of the round before; null where that is not said. */
  readonly inertia: number | null;
}

/** The same, with its arrays. */
export interface LoggedLocal extends LocalFacts {
  /** (m, p) as sent. */
  readonly means: Matrix;
  /** (m,) integers. */
  readonly counts: Float64Array;
}

const ORIGINS = listOf(orNull(COUNT));

/** Which round of a directory, and whether this package wrote it. */
export interface WhichRound {
  readonly round: number;
  readonly isOurs: boolean;
}

/** @throws RunError naming the file, if it is not as it should be; another program need not write any */
export function readLocalFacts(layout: Layout, round: WhichRound, client: string): LocalFacts {
  return factsOf(readMetadata(layout, round, client), client);
}

/**
 * Reads what every client sent in a round, and checks each array against its metadata.
 *
 * @param nColumns of the round's means
 * @returns in the order of `clients`
 * @throws RunError naming the file that is missing, damaged, or not of the shape its neighbours need
 */
export function readLocals(
  layout: Layout,
  round: WhichRound,
  clients: readonly string[],
  nColumns: number,
): LoggedLocal[] {
  return clients.map((client) => {
    const metadata = readMetadata(layout, round, client);
    const path = layout.localMeans(client, round.round);
    const means = readArray(path, metadata, "local_means");
    const [nRows] = means.shape;
    if (means.shape.length !== 2 || means.shape[1] !== nColumns) {
      throw new RunError(`${path}: shape (means, ${nColumns}) expected, found (${means.shape})`);
    }
    if (metadata.isOurs) checkCount(metadata, "num_clusters", nRows);
    const counts = readCounts(layout.sampleCounts(client, round.round), metadata, nRows);
    return { ...factsOf(metadata, client), means: { data: means.data, nRows, nColumns }, counts };
  });
}

/**
 * How many rows are behind each mean that a client sent in a round.
 *
 * @throws RunError as `readLocals`
 */
export function readSampleCounts(layout: Layout, round: WhichRound, client: string): Float64Array {
  return readCounts(layout.sampleCounts(client, round.round), readMetadata(layout, round, client), null);
}

function readCounts(path: string, metadata: JsonObject, nMeans: number | null): Float64Array {
  const { data, shape } = readArray(path, metadata, "sample_counts");
  if (shape.length === 1 && data.length === (nMeans ?? data.length) && data.every(Number.isSafeInteger))
    return data;
  throw new RunError(`${path}: ${nMeans ?? "a list of"} integers expected, found shape (${shape})`);
}

function readMetadata(layout: Layout, { round, isOurs }: WhichRound, client: string): JsonObject {
  const path = layout.localMetadata(client, round);
  // Another program need not write any.
  return isOurs || existsSync(path) ? readJsonObject(path) : { source: path, values: {}, isOurs: false };
}

function factsOf(metadata: JsonObject, client: string): LocalFacts {
  const field = metadata.isOurs ? required : optional;
  const before = optional(metadata, "before_privacy_filter", OBJECT);
  const counts = before && field(before, "sample_counts", listOf(COUNT));
  return {
    client,
    origins: optional(metadata, "global_index", ORIGINS) ?? [],
    before: counts && {
      counts,
      origins: optional(before!, "global_index", ORIGINS) ?? [],
      withheld: optional(before!, "withheld", listOf(COUNT)) ?? [],
    },
    nSamples: counts?.reduce((sum, count) => sum + count, 0) ?? optional(metadata, "num_samples", COUNT),
    inertia: optional(metadata, "inertia", NUMBER),
  };
}

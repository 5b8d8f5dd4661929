import { existsSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "fedkmeans/directory";
import { clientFolder, indexOfClient } from "./clients.js";
import type { LocalFacts, RoundFacts } from "./experiment.js";
import { arrayOf, type Json, numberOf, objectOf, readArray, readJson, textOf } from "./files.js";
import type { NamedClient } from "./summary.js";

/** A round before it is projected: what `RoundFacts` says, in the space clustered in. */
export interface LoggedRound extends Omit<RoundFacts, "positions" | "locals" | "inertia"> {
  readonly nFeatures: number;
  readonly locals: readonly LoggedLocal[];
  /** Whose clusters the local means are of: each client's own, or the global ones; null where it does not say. */
  readonly localClusters: "own" | "global" | null;
}

export interface LoggedLocal extends Omit<LocalFacts, "positions" | "targets"> {
  /** (m, nFeatures) row-major. */
  readonly means: Float64Array;
  /** All rows of the client, as this round counted them; null where it does not say. */
  readonly nSamples: number | null;
  /** Of the client's rows under the means of the round before; null where it does not say. */
  readonly inertia: number | null;
}

/** Keys under which programs list who took part. */
const PARTICIPANTS = ["participating_clients", "participating clients", "participants", "clients"];

export function prefixOf(round: number): string {
  return `round_${String(round).padStart(3, "0")}`;
}

export function globalMetadataFile(directory: string, round: number): string {
  return join(directory, "global_means", `${prefixOf(round)}_metadata.json`);
}

/**
 * Reads one round and checks it.
 *
 * @param isFirst whether no round comes before it
 * @throws RunError if a file is missing, damaged, or not of the shape its neighbours need
 */
export function readRound(
  directory: string,
  round: number,
  clients: readonly NamedClient[],
  isFirst: boolean,
): LoggedRound {
  const metadata = readJson(globalMetadataFile(directory, round));
  if (metadata === null) throw new RunError(`${prefixOf(round)}_metadata.json is missing`);
  const name = `${prefixOf(round)}_global_means.npy`;
  const array = readArray(join(directory, "global_means", name), metadata, "global_means");
  const [k, nFeatures] = array.shape;
  if (array.shape.length !== 2 || k === 0 || nFeatures === 0) {
    throw new RunError(`${name}: shape (k, features) expected, found (${array.shape})`);
  }
  if (k > 2 ** 16) throw new RunError(`${name}: at most 65536 means expected, found ${k}`);
  if (!array.data.every(Number.isFinite)) {
    throw new RunError(`${name}: finite numbers expected, found NaN or infinity`);
  }
  const sizes = arrayOf(metadata.cluster_sizes).map(numberOf);
  const isIndex = (value: number | null) =>
    value !== null && Number.isInteger(value) && value >= 0 && value < k;
  const { local_clusters: localClusters } = metadata;
  const locals = readLocals(directory, round, clients, metadata, nFeatures);
  return {
    round,
    means: array.data,
    k,
    nFeatures,
    sizes: sizes.length === k && sizes.every((size) => size !== null) ? (sizes as number[]) : null,
    carriedOver: arrayOf(metadata.carried_over).map(numberOf).filter(isIndex) as number[],
    change: isFirst ? null : numberOf(metadata.convergence_change),
    locals,
    localClusters: localClusters === "own" || localClusters === "global" ? localClusters : null,
    areLocalsRecorded: metadata.local_means_recorded !== false && (isFirst || locals.length > 0),
    dropped: arrayOf(metadata.dropped_clients).flatMap((entry) => {
      const client = textOf(objectOf(entry)?.client);
      return client === null
        ? []
        : [{ client, reason: textOf(objectOf(entry)?.reason) ?? "no reason given" }];
    }),
  };
}

function readLocals(
  directory: string,
  round: number,
  clients: readonly NamedClient[],
  metadata: Json,
  nFeatures: number,
): LoggedLocal[] {
  if (metadata.local_means_recorded === false) return [];
  const listed = PARTICIPANTS.map((key) => metadata[key]).find(Array.isArray);
  const mentioned =
    listed === undefined ? null : new Set(listed.map((entry) => indexOfClient(clients, entry)));
  // A list that says its clients as nobody else does is no list to go by.
  const participants = mentioned === null || mentioned.has(-1) ? null : mentioned;
  // A round of ours describes its arrays and lists exactly those who sent some.
  const mustExist = objectOf(metadata.arrays) !== null;
  return clients.flatMap((client, index) => {
    if (participants !== null && !participants.has(index)) return [];
    const path = join(clientFolder(directory, client), `${prefixOf(round)}_local_means.npy`);
    if (!existsSync(path) && !(mustExist && participants !== null)) return [];
    return [readLocal(clientFolder(directory, client), round, index, nFeatures)];
  });
}

function readLocal(folder: string, round: number, client: number, nFeatures: number): LoggedLocal {
  const file = (suffix: string) => join(folder, `${prefixOf(round)}_${suffix}`);
  const metadata = readJson(file("metadata.json")) ?? {};
  const means = readArray(file("local_means.npy"), metadata, "local_means");
  const counts = readArray(file("sample_counts.npy"), metadata, "sample_counts");
  const m = counts.data.length;
  if (counts.shape.length !== 1 || means.shape.length !== 2 || means.data.length !== m * nFeatures) {
    throw new RunError(
      `${file("local_means.npy")}: shape (${m}, ${nFeatures}) expected, found (${means.shape})`,
    );
  }
  const origins = originsOf(metadata.global_index);
  // The mean of no rows is no place to draw; Python writes it as NaN.
  const isPlace = (index: number) =>
    counts.data[index] > 0 &&
    means.data.subarray(index * nFeatures, (index + 1) * nFeatures).every(Number.isFinite);
  const kept = [...counts.data.keys()].filter(isPlace);
  const before = objectOf(metadata.before_privacy_filter);
  const countsBefore = arrayOf(before?.sample_counts).map((count) => numberOf(count) ?? 0);
  const originsBefore = originsOf(before?.global_index);
  return {
    client,
    means: Float64Array.from(
      kept.flatMap((index) => [...means.data.subarray(index * nFeatures, (index + 1) * nFeatures)]),
    ),
    counts: kept.map((index) => counts.data[index]),
    origins: kept.map((index) => origins[index] ?? null),
    withheld: arrayOf(before?.withheld).flatMap((entry) => {
      const index = numberOf(entry) ?? -1;
      const count = countsBefore[index] ?? 0;
      return count > 0 ? [{ origin: originsBefore[index] ?? null, count }] : [];
    }),
    nSamples: countsBefore.length > 0 ? sum(countsBefore) : numberOf(metadata.num_samples),
    inertia: numberOf(metadata.inertia),
  };
}

function originsOf(value: unknown): (number | null)[] {
  return arrayOf(value).map((entry) => {
    const index = numberOf(entry);
    return index !== null && Number.isInteger(index) && index >= 0 ? index : null;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

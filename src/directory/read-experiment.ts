import { existsSync } from "node:fs";
import { messageOf, RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import {
  COUNT,
  FLAG,
  type JsonObject,
  listOf,
  NUMBER,
  OBJECT,
  optional,
  readJsonObject,
  required,
  TEXT,
} from "./json-object.js";
import { type Layout, layoutOf } from "./layout.js";
import { readArray, readMatrix } from "./read-array.js";
import { type LoggedSummary, readSummary } from "./read-summary.js";
import type { HashedRound } from "./run-hash.js";
import type { DroppedClient } from "./summary.js";

/** One whole round as an experiment directory holds it. */
export interface LoggedRound {
  round: number;
  /** Whether this package wrote it. */
  isOurs: boolean;
  /** (k, p) as clustered. */
  means: Matrix;
  convergenceChange: number | null;
  /** Who took part, in client order. */
  clients: string[];
  /** Whether what they sent is there. */
  hasLocals: boolean;
  dropped: DroppedClient[];
  /** Means that clients withheld, of those who withheld some. */
  withheld: [client: string, count: number][];
  /** Sum of what the clients reported about the means of the round before; null at the start or where a client was missing. */
  inertia: number | null;
}

/** What can be read of an experiment directory. */
export interface LoggedExperiment<R extends LoggedRound = LoggedRound> {
  summary: LoggedSummary;
  /** Whole rounds from 0 on, without a gap. */
  rounds: R[];
  /** Why the round after the last whole one is not whole; null if there is no sign of one. */
  torn: string | null;
}

/** A round with all that enters the run hash. */
export type WholeRound = LoggedRound & { hashed: HashedRound };

/**
 * Reads an experiment directory, its global means only, and checks each against the shape and SHA-256 in its metadata.
 *
 * @throws RunError if the directory has no readable summary
 */
export function readExperiment(directory: string): LoggedExperiment {
  return readAll(directory, readRound);
}

/**
 * The same of every array of a round: what clients sent, too.
 *
 * @throws as `readExperiment`
 */
export function readWholeExperiment(directory: string): LoggedExperiment<WholeRound> {
  return readAll(directory, (...which) => {
    const round = readRound(...which);
    return {
      ...round,
      hashed: { globalMeans: round.means.data, locals: readLocals(layoutOf(directory), round) },
    };
  });
}

function readAll<R extends LoggedRound>(
  directory: string,
  read: (layout: Layout, round: number, summary: LoggedSummary) => R,
): LoggedExperiment<R> {
  const layout = layoutOf(directory);
  const summary = readSummary(directory);
  const rounds: R[] = [];
  while (existsSync(layout.globalMetadata(rounds.length))) {
    try {
      const next = read(layout, rounds.length, summary);
      const { nColumns } = (rounds[0] ?? next).means;
      if (next.means.nColumns !== nColumns) {
        throw new RunError(
          `${layout.globalMeans(rounds.length)}: ${nColumns} columns expected, found ${next.means.nColumns}`,
        );
      }
      rounds.push(next);
    } catch (error) {
      return { summary, rounds, torn: messageOf(error) };
    }
  }
  return { summary, rounds, torn: null };
}

function readRound(layout: Layout, round: number, summary: LoggedSummary): LoggedRound {
  const metadata = readJsonObject(layout.globalMetadata(round));
  const field = metadata.isOurs ? required : optional;
  const means = readMatrix(layout.globalMeans(round), metadata, "global_means", null);
  if (means.nRows === 0)
    throw new RunError(`${layout.globalMeans(round)}: at least one mean expected, found none`);
  checkCount(metadata, "round_number", round);
  checkCount(metadata, "num_clusters", means.nRows);
  // A directory of an earlier version does not say so, and has them.
  const hasLocals = optional(metadata, "local_means_recorded", FLAG) !== false;
  const clients = metadata.isOurs
    ? required(metadata, "participating_clients", listOf(TEXT))
    : participants(metadata, summary).filter((client) => existsSync(layout.localMeans(client, round)));
  const dropped = (optional(metadata, "dropped_clients", listOf(OBJECT)) ?? []).flatMap((entry) => {
    const client = field(entry, "client", TEXT);
    return client === null ? [] : [{ client, reason: optional(entry, "reason", TEXT) ?? "no reason given" }];
  });
  const logged = {
    round,
    isOurs: metadata.isOurs,
    means,
    convergenceChange: optional(metadata, "convergence_change", NUMBER),
    clients,
    hasLocals,
    dropped,
  };
  const numWithheld = optional(metadata, "num_withheld", OBJECT);
  if (numWithheld === null && hasLocals) return { ...logged, ...factsOfLocals(layout, logged) };
  const counts = Object.keys(numWithheld?.values ?? {}).map((client): [string, number] => [
    client,
    required(numWithheld!, client, COUNT),
  ]);
  return {
    ...logged,
    withheld: counts.filter(([, count]) => count > 0),
    inertia: optional(metadata, "inertia_before", NUMBER),
  };
}

/** What the metadata of an earlier version say of the clients one by one only. */
function factsOfLocals(
  layout: Layout,
  { round, clients, dropped }: Pick<LoggedRound, "round" | "clients" | "dropped">,
): Pick<LoggedRound, "withheld" | "inertia"> {
  const withheld: [string, number][] = [];
  let inertia: number | null = round === 0 || dropped.length > 0 || clients.length === 0 ? null : 0;
  for (const client of clients) {
    const path = layout.localMetadata(client, round);
    const local = existsSync(path) ? readJsonObject(path) : null;
    const own = local && optional(local, "inertia", NUMBER);
    inertia = inertia === null || own === null ? null : inertia + own;
    const before = local && optional(local, "before_privacy_filter", OBJECT);
    const count = (before && optional(before, "withheld", listOf(COUNT)))?.length ?? 0;
    if (count > 0) withheld.push([client, count]);
  }
  return { withheld, inertia };
}

function readLocals(
  layout: Layout,
  { round, means, clients, hasLocals, isOurs }: LoggedRound,
): HashedRound["locals"] {
  return (hasLocals ? clients : []).map((client) => {
    const path = layout.localMetadata(client, round);
    // Another program need not write any.
    const metadata = isOurs || existsSync(path) ? readJsonObject(path) : null;
    const local = readArray(layout.localMeans(client, round), metadata, "local_means");
    const [nRows, nColumns] = local.shape;
    if (local.shape.length !== 2 || nColumns !== means.nColumns) {
      throw new RunError(
        `${layout.localMeans(client, round)}: shape (means, ${means.nColumns}) expected, found (${local.shape})`,
      );
    }
    const counts = readArray(layout.sampleCounts(client, round), metadata, "sample_counts");
    const isCounts = counts.shape.length === 1 && counts.data.every(Number.isSafeInteger);
    if (!isCounts || counts.shape[0] !== nRows) {
      throw new RunError(
        `${layout.sampleCounts(client, round)}: ${nRows} integers expected, found shape (${counts.shape})`,
      );
    }
    if (metadata !== null) checkCount(metadata, "num_clusters", nRows);
    return { means: local.data, sampleCounts: BigInt64Array.from(counts.data, BigInt) };
  });
}

/** Keys under which programs list who took part. */
const PARTICIPANTS = ["participating_clients", "participating clients", "participants", "clients"];

/** The clients that a round of another program names, by name, number or file; all of them where it names nobody. */
function participants(metadata: JsonObject, { clients }: LoggedSummary): string[] {
  const names = clients.map(({ name }) => name);
  const listed = PARTICIPANTS.map((key) => metadata.values[key]).find(Array.isArray);
  if (listed === undefined) return names;
  const texts = listed.filter((mention) => typeof mention === "string" || typeof mention === "number");
  const mentioned = new Set(texts.map((mention) => String(mention).replace(/^client_/, "")));
  return names.filter((name) => mentioned.has(name));
}

/** What the layout says of this package's files only; of another program's it says nothing. */
function checkCount(metadata: JsonObject, name: string, expected: number): void {
  if (!metadata.isOurs) return;
  const found = required(metadata, name, COUNT);
  if (found === expected) return;
  throw new RunError(`${metadata.source}: ${name}: ${expected} expected, found ${found}`);
}

import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { clientsMentioned } from "./clients.js";
import {
  COUNT,
  FLAG,
  type JsonObject,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  optional,
  readJsonObject,
  required,
  TEXT,
} from "./json-object.js";
import type { Layout } from "./layout.js";
import { type LocalFacts, readLocalFacts, type WhichRound } from "./read-local.js";
import type { LoggedSummary } from "./read-summary.js";
import type { DroppedClient } from "./summary.js";

/** What metadata say of a round; null is what they do not say. */
export interface RoundFacts {
  round: number;
  /** Whether this package wrote it. */
  isOurs: boolean;
  convergenceChange: number | null;
  /** Who took part, in client order. */
  clients: string[];
  /** Whether what they sent is there. */
  hasLocals: boolean;
  /** Whose clusters the local means are of: each client's own, or the global ones. */
  localClusters: "own" | "global" | null;
  dropped: DroppedClient[];
  /** Means that clients withheld, of those who withheld some. */
  withheld: [client: string, count: number][];
  /**
   * Sum of what the clients reported about the means of the round before; null at the start or where a client was
   * missing.
   */
  inertia: number | null;
  /** (k,) rows behind each mean. */
  sizes: number[] | null;
  /** (k,) of each mean, in the units clustered in, whichever the coordinate: under differential privacy. */
  standardErrors: number[] | null;
  /** Clusters that nobody reported: they keep the mean of the round before. */
  carriedOver: number[];
}

const LOCAL_CLUSTERS = oneOf("own", "global");
const METADATA_FILE = /^round_(\d{3,9})_metadata\.json$/;
/** Keys under which programs list who took part. */
const PARTICIPANTS = ["participating_clients", "participating clients", "participants", "clients"];

/** Numbers of the rounds that a directory has metadata of, ascending; with gaps, where files are missing. */
export function roundsOf(layout: Layout): number[] {
  const folder = dirname(layout.globalMetadata(0));
  if (!existsSync(folder)) return [];
  const rounds = readdirSync(folder).flatMap((file) => METADATA_FILE.exec(file)?.[1] ?? []);
  return rounds.map(Number).sort((a, b) => a - b);
}

/** The round a directory begins with: 0, but for another program, which may count from elsewhere. */
export function firstRound(layout: Layout, { isOurs }: LoggedSummary): number {
  return isOurs ? 0 : (roundsOf(layout)[0] ?? 0);
}

/**
 * Reads what the metadata of a round say, and, of an earlier version's, those of its clients.
 *
 * @param passOver for a reader that goes on without a client whose metadata are not as they should be: then nobody
 *   knows the round's inertia
 * @returns with the metadata themselves
 * @throws RunError naming file and field, if they are not as they should be
 */
export function readRoundFacts(
  layout: Layout,
  round: number,
  summary: LoggedSummary,
  passOver = false,
): { facts: RoundFacts; metadata: JsonObject } {
  const metadata = readJsonObject(layout.globalMetadata(round));
  const { isOurs } = metadata;
  // A directory of an earlier version does not say so, and has them.
  const hasLocals = optional(metadata, "local_means_recorded", FLAG) !== false;
  const clients = isOurs
    ? required(metadata, "participating_clients", listOf(TEXT))
    : participants(metadata, summary).filter((client) => existsSync(layout.localMeans(client, round)));
  const dropped = (optional(metadata, "dropped_clients", listOf(OBJECT)) ?? []).flatMap((entry) => {
    const client = (isOurs ? required : optional)(entry, "client", TEXT);
    return client === null ? [] : [{ client, reason: optional(entry, "reason", TEXT) ?? "no reason given" }];
  });
  const logged = { round, isOurs, clients, hasLocals, dropped };
  const facts = {
    ...logged,
    convergenceChange: optional(metadata, "convergence_change", NUMBER),
    localClusters: optional(metadata, "local_clusters", LOCAL_CLUSTERS),
    sizes: optional(metadata, "cluster_sizes", listOf(COUNT)),
    standardErrors: optional(metadata, "standard_errors", listOf(NUMBER)),
    carriedOver: optional(metadata, "carried_over", listOf(COUNT)) ?? [],
    ...reportsOf(layout, metadata, logged, passOver),
  };
  return { facts, metadata };
}

/** The clients that a round of another program names; all of them where it names nobody. */
function participants(metadata: JsonObject, { clients }: LoggedSummary): string[] {
  const listed = PARTICIPANTS.map((key) => metadata.values[key]).find(Array.isArray);
  const mentioned = listed === undefined ? null : clientsMentioned(clients, listed);
  return mentioned ?? clients.map(({ name }) => name);
}

type Reports = Pick<RoundFacts, "withheld" | "inertia">;

function reportsOf(
  layout: Layout,
  metadata: JsonObject,
  round: Pick<RoundFacts, "round" | "isOurs" | "clients" | "dropped" | "hasLocals">,
  passOver: boolean,
): Reports {
  const numWithheld = optional(metadata, "num_withheld", OBJECT);
  if (numWithheld === null && round.hasLocals) return reportsOfLocals(layout, round, passOver);
  const withheld = Object.keys(numWithheld?.values ?? {}).map((client): [string, number] => [
    client,
    required(numWithheld!, client, COUNT),
  ]);
  return {
    withheld: withheld.filter(([, count]) => count > 0),
    inertia: optional(metadata, "inertia_before", NUMBER),
  };
}

/** What the metadata of an earlier version say of the clients one by one only. */
function reportsOfLocals(
  layout: Layout,
  round: Pick<RoundFacts, "round" | "isOurs" | "clients" | "dropped">,
  passOver: boolean,
): Reports {
  const { clients, dropped } = round;
  const withheld: [string, number][] = [];
  let inertia: number | null = round.round === 0 || dropped.length > 0 || clients.length === 0 ? null : 0;
  for (const client of clients) {
    const local = localFactsOf(layout, round, client, passOver);
    if (local === null) {
      inertia = null;
      continue;
    }
    inertia = inertia === null || local.inertia === null ? null : inertia + local.inertia;
    const count = local.before?.withheld.length ?? 0;
    if (count > 0) withheld.push([client, count]);
  }
  return { withheld, inertia };
}

function localFactsOf(
  layout: Layout,
  round: WhichRound,
  client: string,
  passOver: boolean,
): LocalFacts | null {
  try {
    return readLocalFacts(layout, round, client);
  } catch (error) {
    if (passOver) return null;
    throw error;
  }
}

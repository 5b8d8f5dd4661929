import { existsSync } from "node:fs";
import { RunError } from "../errors.js";
import { clientFileId, isClientName } from "./client-name.js";
import { type ClientPrivacy, clientsOfForeign, type LoggedClient } from "./clients.js";
import {
  COUNT,
  FLAG,
  type JsonObject,
  type Kind,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  optional,
  orNull,
  readJsonObject,
  required,
  SHA256,
  TEXT,
} from "./json-object.js";
import { layoutOf } from "./layout.js";
import { type LoggedProvenance, readProvenance } from "./read-provenance.js";
import type { DeploymentRecord, HistoryEntry, PartitionRecord, Summary } from "./summary.js";

/** What an experiment's summary says, as far as it is needed again; null is what it does not say. */
export interface LoggedSummary {
  /** Whether this package wrote it, so that it can be resumed. */
  isOurs: boolean;
  status: Summary["status"] | "unknown";
  reason: string | null;
  configuration: Record<string, unknown>;
  clients: LoggedClient[];
  partitions: PartitionRecord[] | null;
  deployment: DeploymentRecord | null;
  n_samples: number | null;
  n_features: number | null;
  feature_names: string[] | null;
  /** By index; null where normalization is off, and where it is not said. */
  constant_features: number[] | null;
  /** Who missed what, and why. */
  dropped_clients: Summary["dropped_clients"];
  /** Whether it was made of another one's points, to be shared. */
  isExport: boolean;
  /** null until the run has ended, and where the summary says none of it. */
  results: LoggedResults | null;
  convergence_history: HistoryEntry[];
  /** The file that lists all others. */
  manifest: string | null;
  provenance: LoggedProvenance;
}

/** Of a run of this package, rounds and run hash are never null. */
export interface LoggedResults {
  rounds: number | null;
  final_round: number | null;
  run_hash: string | null;
  converged: boolean | null;
  /** Rounds of the cycle that the run ended in; null where it ended in none. */
  cycle_length: number | null;
  /** Why there was no further round, in words. */
  ended: string | null;
  /** Clusters that have rows. */
  n_clusters: number | null;
  /** Why they are fewer than were asked for, in words. */
  fewer_clusters: string | null;
}

const STATUS = oneOf("running", "completed", "aborted");
const NAME: Kind<string> = {
  expected: "a client's name",
  read: (value) => (isClientName(value) ? value : undefined),
};
/** A part of a file name, which leads nowhere else. */
const FILE_ID: Kind<string> = {
  expected: "a part of a file name",
  read: (value) => (typeof value === "string" && /^[^/\\\0]{1,240}$/.test(value) ? value : undefined),
};

/**
 * Reads the summary of an experiment directory. One that another program wrote need not say anything.
 *
 * @throws RunError if there is none, or, naming file and field, if it is not as it should be
 */
export function readSummary(directory: string): LoggedSummary {
  const { summary } = layoutOf(directory);
  if (existsSync(summary)) return summaryOf(directory, readJsonObject(summary));
  throw new RunError(`${directory} is no experiment directory: it has no experiment_summary.json`);
}

/** The same, for whoever can do without: where there is none, it says nothing. */
export function readSummaryIfAny(directory: string): LoggedSummary {
  const { summary } = layoutOf(directory);
  return existsSync(summary) ? summaryOf(directory, readJsonObject(summary)) : summaryOfFiles(directory);
}

/** What is known without a summary: who has files. */
export function summaryOfFiles(directory: string): LoggedSummary {
  return summaryOf(directory, { source: layoutOf(directory).summary, values: {}, isOurs: false });
}

/** A setting of the run; null where the summary does not say, or says something else. */
export function settingOf<T>({ configuration }: LoggedSummary, name: string, kind: Kind<T>): T | null {
  return optional({ source: "configuration", values: configuration, isOurs: false }, name, kind);
}

function summaryOf(directory: string, summary: JsonObject): LoggedSummary {
  const { isOurs } = summary;
  const field = isOurs ? required : optional;
  const status = field(summary, "status", STATUS) ?? "unknown";
  const results = readResults(summary);
  if (status === "completed" && isOurs && results === null) {
    throw new RunError(`${summary.source}: results: an object expected of a completed run, found nothing`);
  }
  const configuration = field(summary, "configuration", OBJECT) ?? optional(summary, "config", OBJECT);
  return {
    isOurs,
    status,
    reason: optional(summary, "reason", TEXT),
    configuration: { ...configuration?.values },
    clients: readClients(directory, summary),
    partitions: optional(summary, "partitions", listOf(OBJECT))?.map(readPartition) ?? null,
    deployment: readDeployment(summary),
    n_samples: optional(summary, "n_samples", COUNT),
    n_features: field(summary, "n_features", COUNT),
    feature_names: optional(summary, "feature_names", listOf(TEXT)),
    constant_features: optional(summary, "constant_features", listOf(COUNT)),
    dropped_clients: (optional(summary, "dropped_clients", listOf(OBJECT)) ?? []).flatMap(readDropped),
    isExport: optional(summary, "exported", FLAG) === true,
    results,
    convergence_history: (optional(summary, "convergence_history", listOf(OBJECT)) ?? []).flatMap(
      readHistoryEntry,
    ),
    manifest: optional(summary, "manifest", TEXT),
    provenance: readProvenance(summary),
  };
}

function readClients(directory: string, summary: JsonObject): LoggedClient[] {
  const { isOurs } = summary;
  const clients = (optional(summary, "clients", listOf(OBJECT)) ?? []).flatMap((client) => {
    const name = (isOurs ? required : optional)(client, "name", NAME);
    if (name === null) return [];
    return [
      {
        name,
        id: isOurs ? clientFileId(name) : optional(client, "id", FILE_ID),
        n_samples: optional(client, "n_samples", COUNT),
        n_features: optional(client, "n_features", COUNT),
        n_points: optional(client, "n_points", COUNT),
        privacy: readPrivacy(client),
      },
    ];
  });
  return isOurs ? (clients as LoggedClient[]) : clientsOfForeign(directory, clients);
}

/** @returns null of an earlier version's client, which computed from rows, and of another program's */
function readPrivacy(client: JsonObject): ClientPrivacy | null {
  const privacy = optional(client, "privacy", OBJECT);
  if (!privacy?.isOurs) return null;
  return {
    mode: required(privacy, "mode", TEXT),
    group_size: required(privacy, "group_size", COUNT),
    privacy_threshold: required(privacy, "privacy_threshold", COUNT),
    labels: optional(privacy, "labels", FLAG),
    group_scale: optional(privacy, "group_scale", TEXT),
    client_data: optional(privacy, "client_data", FLAG),
  };
}

function readPartition(partition: JsonObject): PartitionRecord {
  return {
    client: required(partition, "client", TEXT),
    file: optional(partition, "file", TEXT),
    rows: required(partition, "rows", COUNT),
    columns: required(partition, "columns", COUNT),
    size: required(partition, "size", COUNT),
    sha256: required(partition, "sha256", SHA256),
  };
}

function readResults(summary: JsonObject): LoggedResults | null {
  const { isOurs } = summary;
  const results = optional(summary, "results", OBJECT) ?? (isOurs ? null : resultsOfForeign(summary));
  if (results === null) return null;
  const field = isOurs ? required : optional;
  const rounds = field(results, "rounds", COUNT) ?? optional(results, "total_rounds", COUNT);
  const finalRound = optional(results, "final_round", COUNT) ?? rounds;
  if (rounds !== null && finalRound! > rounds) {
    throw new RunError(`${results.source}: final_round: at most ${rounds} expected, found ${finalRound}`);
  }
  return {
    rounds,
    final_round: finalRound,
    run_hash: field(results, "run_hash", SHA256),
    converged: optional(results, "converged", FLAG) ?? optional(summary, "converged", FLAG),
    cycle_length: optional(results, "cycle_length", COUNT),
    ended: optional(results, "ended", TEXT),
    n_clusters: optional(results, "n_clusters", COUNT),
    fewer_clusters: optional(results, "fewer_clusters", TEXT),
  };
}

/** Another program may say what came of a run in the summary itself. */
function resultsOfForeign(summary: JsonObject): JsonObject {
  return optional(summary, "final_results", OBJECT) ?? summary;
}

function readHistoryEntry(entry: JsonObject): HistoryEntry[] {
  const round = (entry.isOurs ? required : optional)(entry, "round", COUNT);
  if (round === null) return [];
  return [
    {
      round,
      convergence_change: optional(entry, "convergence_change", orNull(NUMBER)),
      inertia: optional(entry, "inertia", orNull(NUMBER)),
    },
  ];
}

function readDropped(entry: JsonObject): Summary["dropped_clients"] {
  const [step, client, reason] = ["step", "client", "reason"].map((name) => optional(entry, name, TEXT));
  return step === null || client === null ? [] : [{ step, client, reason: reason ?? "no reason given" }];
}

function readDeployment(summary: JsonObject): DeploymentRecord | null {
  const deployment = optional(summary, "deployment", orNull(OBJECT));
  if (deployment === null) return null;
  return {
    carrier: required(deployment, "carrier", TEXT),
    run: required(deployment, "run", TEXT),
    data_source: required(deployment, "data_source", TEXT),
    features: optional(deployment, "features", orNull(listOf(TEXT))),
  };
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.js";
import { compareNatural } from "../files/natural-order.js";
import { clientFileId } from "./client-name.js";
import {
  COUNT,
  type JsonObject,
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
import type { HistoryEntry, PartitionRecord, Summary } from "./summary.js";

/** What an experiment's summary says, as far as it is needed again; null is what it does not say. */
export interface LoggedSummary {
  /** Whether this package wrote it, so that it can be resumed. */
  isOurs: boolean;
  status: Summary["status"] | "unknown";
  reason: string | null;
  configuration: Record<string, unknown>;
  clients: LoggedClient[];
  partitions: PartitionRecord[] | null;
  n_features: number | null;
  feature_names: string[] | null;
  /** null until the run has ended, and where the summary says none of it. */
  results: { rounds: number; final_round: number; run_hash: string } | null;
  convergence_history: HistoryEntry[];
  /** The file that lists all others. */
  manifest: string | null;
}

export interface LoggedClient {
  name: string;
  n_samples: number | null;
  n_features: number | null;
}

const STATUS = oneOf("running", "completed", "aborted");
const NAME = {
  ...TEXT,
  read: (value: unknown) => (isName(value) ? value : undefined),
  expected: "a client's name",
};

/**
 * Reads the summary of an experiment directory. One that another program wrote need not say anything.
 *
 * @throws RunError if there is none, or, naming file and field, if it is not as it should be
 */
export function readSummary(directory: string): LoggedSummary {
  const layout = layoutOf(directory);
  if (!existsSync(layout.summary)) {
    throw new RunError(`${directory} is no experiment directory: it has no experiment_summary.json`);
  }
  const summary = readJsonObject(layout.summary);
  const field = summary.isOurs ? required : optional;
  const status = field(summary, "status", STATUS) ?? "unknown";
  const results = optional(summary, "results", OBJECT);
  if (status === "completed" && summary.isOurs && results === null) {
    throw new RunError(`${layout.summary}: results: an object expected of a completed run, found nothing`);
  }
  return {
    isOurs: summary.isOurs,
    status,
    reason: optional(summary, "reason", TEXT),
    configuration: { ...field(summary, "configuration", OBJECT)?.values },
    clients: readClients(directory, summary),
    partitions: optional(summary, "partitions", listOf(OBJECT))?.map(readPartition) ?? null,
    n_features: field(summary, "n_features", COUNT),
    feature_names: optional(summary, "feature_names", listOf(TEXT)),
    results: results && readResults(results),
    convergence_history: (optional(summary, "convergence_history", listOf(OBJECT)) ?? []).flatMap(
      readHistoryEntry,
    ),
    manifest: optional(summary, "manifest", TEXT),
  };
}

function readClients(directory: string, summary: JsonObject): LoggedClient[] {
  const clients = (optional(summary, "clients", listOf(OBJECT)) ?? []).flatMap((client) => {
    const name = (summary.isOurs ? required : optional)(client, "name", NAME);
    if (name === null) return [];
    return [
      {
        name,
        n_samples: optional(client, "n_samples", COUNT),
        n_features: optional(client, "n_features", COUNT),
      },
    ];
  });
  if (summary.isOurs || clients.length > 0) return clients;
  return clientsOfFolders(directory).map((name) => ({ name, n_samples: null, n_features: null }));
}

/** Whoever has a folder of local means, where the summary names nobody. */
function clientsOfFolders(directory: string): string[] {
  const folder = join(directory, "local_means");
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && entry.name.startsWith("client_")
      ? [decoded(entry.name.slice("client_".length))]
      : [],
  );
  return names.filter(isName).sort(compareNatural);
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Whether files can be named after it. */
function isName(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    clientFileId(value);
    return true;
  } catch {
    return false;
  }
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

function readResults(results: JsonObject): LoggedSummary["results"] {
  const field = results.isOurs ? required : optional;
  const rounds = field(results, "rounds", COUNT);
  const runHash = field(results, "run_hash", SHA256);
  if (rounds === null || runHash === null) return null;
  const finalRound = optional(results, "final_round", COUNT) ?? rounds;
  if (finalRound > rounds) {
    throw new RunError(`${results.source}: final_round: at most ${rounds} expected, found ${finalRound}`);
  }
  return { rounds, final_round: finalRound, run_hash: runHash };
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

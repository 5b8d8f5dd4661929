import { join } from "node:path";
import { clientFileId } from "./client-name.js";

/** Version of the experiment directory's layout, in every JSON file of it. */
export const SCHEMA_VERSION = 1;

export const MANIFEST_FILE = "manifest.json";
/** There only while a process writes the directory. */
export const LOCK_FILE = ".lock";

export const LEDGER_FOLDER = "client_ledger";
export const LEDGER_EXTENSION = ".jsonl";

/** Where everything lies in an experiment directory. */
export interface Layout {
  directory: string;
  summary: string;
  manifest: string;
  metrics: string;
  finalMeans: string;
  twin: string;
  stability: string;
  serverLog: string;
  /** What a client sent, a line each, as it logged it. */
  clientLog(client: string): string;
  /** JSON, a line each: what it was asked and what it sent, as it recorded it. */
  clientLedger(client: string): string;
  /** float64, (n, p): its rows, as clustered. */
  clientData(client: string): string;
  /** float64, (m, p): the points that stand for its rows, as clustered. */
  clientPoints(client: string): string;
  /** float64, (m,): rows behind each of them. */
  clientWeights(client: string): string;
  /** int32, (n,): the final mean that each of its rows is nearest to. */
  clientLabels(client: string): string;
  /** Folder of the budget that its answers spend, under differential privacy. */
  clientBudget(client: string): string;
  /** float64, (k, p): round 0 is the start. */
  globalMeans(round: number): string;
  /** Of a round, which exists once this file does. */
  globalMetadata(round: number): string;
  /** Everything a client sent. */
  localMeansFolder(client: string): string;
  /** float64, (m, p): what it sent, after the privacy filter. */
  localMeans(client: string, round: number): string;
  /** int64, (m,): rows behind each of these. */
  sampleCounts(client: string, round: number): string;
  /** Also what the filter saw before it. */
  localMetadata(client: string, round: number): string;
  /** float64, (d,): of each feature over the federation. */
  normalization(name: "mean" | "std"): string;
  /** float64: the components as rows of (c, d); the mean (d,); the others (c,). */
  pca(name: "mean" | "components" | "explained_variance" | "explained_variance_ratio"): string;
}

/**
 * The one place that knows the file names of an experiment directory.
 *
 * @param clients how file names write the names of those whom this package would write otherwise
 */
export function layoutOf(
  directory: string,
  clients: readonly { readonly name: string; readonly id: string }[] = [],
): Layout {
  const idOf = new Map(clients.map(({ name, id }) => [name, id]));
  const at = (...parts: string[]) => join(directory, ...parts);
  const id = (client: string) => `client_${idOf.get(client) ?? clientFileId(client)}`;
  const prefix = (round: number) => `round_${String(round).padStart(3, "0")}`;
  return {
    directory,
    summary: at("experiment_summary.json"),
    manifest: at(MANIFEST_FILE),
    metrics: at("federated_kmeans_metrics.json"),
    finalMeans: at("final_means.npy"),
    twin: at("twin.json"),
    stability: at("stability.json"),
    serverLog: at("server_logs", "server.log"),
    clientLog: (client) => at("client_logs", `${id(client)}.log`),
    clientLedger: (client) => at(LEDGER_FOLDER, `${id(client)}${LEDGER_EXTENSION}`),
    clientData: (client) => at("client_data", `${id(client)}.npy`),
    clientPoints: (client) => at("client_points", `${id(client)}.npy`),
    clientWeights: (client) => at("client_points", `${id(client)}_weights.npy`),
    clientLabels: (client) => at("client_labels", `${id(client)}.npy`),
    clientBudget: (client) => at("client_budgets", id(client)),
    globalMeans: (round) => at("global_means", `${prefix(round)}_global_means.npy`),
    globalMetadata: (round) => at("global_means", `${prefix(round)}_metadata.json`),
    localMeansFolder: (client) => at("local_means", id(client)),
    localMeans: (client, round) => at("local_means", id(client), `${prefix(round)}_local_means.npy`),
    sampleCounts: (client, round) => at("local_means", id(client), `${prefix(round)}_sample_counts.npy`),
    localMetadata: (client, round) => at("local_means", id(client), `${prefix(round)}_metadata.json`),
    normalization: (name) => at("normalization", `${name}.npy`),
    pca: (name) => at("pca", `${name}.npy`),
  };
}

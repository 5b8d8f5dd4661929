import { snakeCase } from "../../casing.js";
import type { JsonObject } from "../../directory/json-object.js";
import { MANIFEST_FILE } from "../../directory/layout.js";
import { SERVER_SETTINGS } from "../setting-groups.js";
import { type Allowed, allowedOf } from "./allowed-fields.js";

/** The settings that stay: those a server decides, which name no file and no column, and what clients held to. */
const CONFIGURATION: Allowed = Object.fromEntries(
  [...SERVER_SETTINGS, "privacy", "groupSize", "groupScale", "epsilon", "delta", "declaredRows"].map(
    (name) => [snakeCase(name), true],
  ),
);

const SUMMARY: Allowed = {
  status: true,
  reason: true,
  configuration: CONFIGURATION,
  clients: [
    {
      name: true,
      id: true,
      n_samples: true,
      n_features: true,
      n_points: true,
      // Not of labels and of rows: nothing of them is in the export.
      privacy: { mode: true, group_size: true, privacy_threshold: true, group_scale: true },
    },
  ],
  n_samples: true,
  n_features: true,
  feature_names: true,
  constant_features: true,
  pca_sweeps: { sweeps: true, converged: true, residual: true },
  results: {
    rounds: true,
    final_round: true,
    converged: true,
    cycle_length: true,
    ended: true,
    final_means_shape: true,
    n_clusters: true,
    fewer_clusters: true,
    n_samples_in_inertia: true,
    run_hash: true,
  },
  convergence_history: [{ round: true, convergence_change: true, inertia: true }],
  dropped_clients: [{ step: true, client: true }],
};

/** The fields of a summary, as its file names them. */
interface Fields {
  readonly configuration: { readonly start?: unknown };
  readonly clients: readonly object[];
  readonly results: { readonly final_means_shape: readonly unknown[] };
}

/** What a simulation knows of rows, and no server does under differential privacy. */
const UNKNOWN_TO_SERVERS = { n_samples: null, n_points: null };

/**
 * What of a run's summary is of points: no data and no column of labels or clients, no path, and no reason why a client
 * was dropped, as an error may quote a row or name a file.
 *
 * @param runHash of the arrays that are exported
 * @param isNoisy whether under differential privacy, where the run's own numbers of rows are of the experimenter alone
 */
export function exportedSummary(summary: JsonObject, runHash: string, isNoisy: boolean): object {
  const kept = allowedOf(summary.values, SUMMARY) as Fields;
  const { configuration, clients, results } = kept;
  return {
    ...kept,
    ...(isNoisy && {
      clients: clients.map((client) => ({ ...client, ...UNKNOWN_TO_SERVERS })),
      n_samples: null,
    }),
    configuration: { ...configuration, start: nameOfStart(configuration.start) },
    partitions: null,
    results: { ...results, ...(isNoisy && ofMeansAlone(results)), run_hash: runHash },
    exported: true,
    manifest: MANIFEST_FILE,
  };
}

/** Results as a server of noisy answers has them, to whom each mean is a cluster. */
function ofMeansAlone({ final_means_shape: [nMeans] }: Fields["results"]): object {
  return { n_clusters: nMeans, fewer_clusters: null, n_samples_in_inertia: null };
}

/** How the run began; null for a file, whose means are round 0. */
function nameOfStart(start: unknown): string | null {
  return typeof start === "string" && !start.endsWith(".npy") ? start : null;
}

import { snakeCase } from "../../casing.js";
import type { JsonObject } from "../../directory/json-object.js";
import { MANIFEST_FILE } from "../../directory/layout.js";
import { SERVER_SETTINGS } from "../setting-groups.js";
import { type Allowed, allowedOf } from "./allowed-fields.js";

/** The settings that stay: those a server decides, which name no file and no column, and what clients held to. */
const CONFIGURATION: Allowed = Object.fromEntries(
  [...SERVER_SETTINGS, "privacy", "groupSize", "groupScale"].map((name) => [snakeCase(name), true]),
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
  readonly results: object;
}

/**
 * What of a run's summary is of points: no data and no column of labels or clients, no path, and no reason why a client
 * was dropped, as an error may quote a row or name a file.
 *
 * @param runHash of the arrays that are exported
 */
export function exportedSummary(summary: JsonObject, runHash: string): object {
  const kept = allowedOf(summary.values, SUMMARY) as Fields;
  const { configuration, results } = kept;
  return {
    ...kept,
    configuration: { ...configuration, start: nameOfStart(configuration.start) },
    partitions: null,
    results: { ...results, run_hash: runHash },
    exported: true,
    manifest: MANIFEST_FILE,
  };
}

/** How the run began; null for a file, whose means are round 0. */
function nameOfStart(start: unknown): string | null {
  return typeof start === "string" && !start.endsWith(".npy") ? start : null;
}

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What to write into an experiment directory; the means and rows follow from it by a formula. */
export interface Shape {
  readonly nRounds?: number;
  readonly clients?: readonly string[];
  readonly k?: number;
  readonly nFeatures?: number;
  readonly nRows?: number;
  readonly status?: string;
  readonly reason?: string | null;
  readonly algorithm?: string;
  /** Clients keep their rows to themselves. */
  readonly withoutRows?: boolean;
  /** Groups of 4 to 6 rows stand for the rows, and nothing is withheld. */
  readonly withGroups?: boolean;
  /** Clients send sums with noise, and no means: of round 1 and later, standard errors are recorded. */
  readonly withNoise?: boolean;
  readonly configuration?: Record<string, unknown>;
}

/** What metadata says of an array's file. */
export interface ArrayRecord {
  readonly file: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256: string;
}

/** Writes an experiment directory as a run does, checksums and all, of clusters that settle round by round. */
export function writeExperiment(folder: string, shape: Shape = {}): string {
  const { nRounds = 3, clients = ["Biscoe", "Dream"], k = 3, nFeatures = 2, nRows = 30 } = shape;
  const centre = (cluster: number, feature: number) => Math.cos(2 * cluster + feature) * 3 + feature;
  const last = nRounds - 1;
  for (let round = 0; round < nRounds; round++) {
    const mean = (cluster: number, feature: number, client = 0) =>
      centre(cluster, feature) + (1 + client) / (1 + round) / (1 + cluster);
    for (const [c, client] of shape.withNoise ? [] : clients.entries()) {
      const file = (suffix: string) =>
        join(folder, "local_means", `client_${client}`, `${prefix(round)}_${suffix}`);
      const counts = Array.from({ length: k }, (_, cluster) => 5 + cluster + c);
      const indices = round === 0 ? counts.map(() => null) : [...counts.keys()];
      const arrays = {
        local_means: writeNpy(
          file("local_means.npy"),
          fill(k, nFeatures, (i, f) => mean(i, f, c)),
          [k, nFeatures],
        ),
        sample_counts: writeNpy(file("sample_counts.npy"), BigInt64Array.from(counts, BigInt), [k]),
      };
      writeJson(file("metadata.json"), {
        schema_version: 1,
        round_number: round,
        client,
        num_clusters: k,
        global_index: indices,
        before_privacy_filter: shape.withGroups
          ? { num_clusters: k, sample_counts: counts, global_index: indices, withheld: [] }
          : {
              num_clusters: k + 1,
              sample_counts: [...counts, 1],
              global_index: [...indices, round === 0 ? null : 0],
              withheld: [k],
            },
        inertia: 100 / (1 + round),
        arrays,
      });
    }
    const file = (suffix: string) => join(folder, "global_means", `${prefix(round)}_${suffix}`);
    writeJson(file("metadata.json"), {
      schema_version: 1,
      round_number: round,
      num_clusters: k,
      convergence_change: round === 0 ? null : 1 / round,
      participating_clients: clients,
      dropped_clients: [],
      cluster_sizes: Array.from({ length: k }, (_, cluster) => clients.length * (5 + cluster)),
      ...(shape.withNoise && noiseOf(round, k)),
      carried_over: [],
      arrays: { global_means: writeNpy(file("global_means.npy"), fill(k, nFeatures, mean), [k, nFeatures]) },
    });
  }
  if (!shape.withoutRows) {
    for (const client of clients) {
      const rows = fill(
        nRows,
        nFeatures,
        (row, f) => centre(row % k, f) + Math.sin(12.9898 * (row * nFeatures + f)),
      );
      writeNpy(join(folder, "client_data", `client_${client}.npy`), rows, [nRows, nFeatures]);
    }
  }
  const nGroups = nRows / 5;
  if (shape.withGroups) {
    for (const client of clients) {
      const file = (suffix: string) => join(folder, "client_points", `client_${client}${suffix}.npy`);
      const points = fill(nGroups, nFeatures, (group, f) => centre(group % k, f) + 0.1 * group);
      writeNpy(file(""), points, [nGroups, nFeatures]);
      writeNpy(
        file("_weights"),
        Float64Array.from({ length: nGroups }, (_, i) => 4 + (i % 3)),
        [nGroups],
      );
    }
  }
  const privacy = { mode: "groups", group_size: 4, privacy_threshold: 1 };
  const isOver = (shape.status ?? "completed") === "completed";
  writeJson(join(folder, "experiment_summary.json"), {
    schema_version: 1,
    status: shape.status ?? "completed",
    reason: shape.reason ?? null,
    configuration: {
      algorithm: shape.algorithm ?? "fkm",
      ...(shape.withNoise && { privacy: "dp", epsilon: 0.5, delta: 1e-6 }),
      tolerance: 1e-4,
      normalize: true,
      ...shape.configuration,
    },
    n_features: nFeatures,
    clients: clients.map((name) => ({
      name,
      id: name,
      n_samples: nRows,
      ...(shape.withGroups && { n_points: nGroups, privacy }),
    })),
    results: isOver ? { rounds: last, converged: true, run_hash: "0".repeat(64) } : null,
    convergence_history:
      isOver && !shape.withNoise ? [{ round: last, convergence_change: 0, inertia: 7 }] : [],
  });
  if (isOver)
    writeJson(join(folder, "federated_kmeans_metrics.json"), {
      schema_version: 1,
      inertia: 7,
      silhouette_score: 0.5,
      ...(shape.withGroups && { of_points: { inertia: 5, simplified_silhouette_score: 0.75 } }),
    });
  return folder;
}

/** What the metadata of a round say of noise. */
function noiseOf(round: number, k: number): Record<string, unknown> {
  const errors = Array.from({ length: k }, (_, cluster) => (1 + cluster) / 10);
  return { local_means_recorded: false, ...(round > 0 && { standard_errors: errors }) };
}

export function prefix(round: number): string {
  return `round_${String(round).padStart(3, "0")}`;
}

/** Writes a .npy file (format 1.0, C order) and says what metadata says of it. */
export function writeNpy(
  path: string,
  data: Float64Array | BigInt64Array,
  shape: readonly number[],
): ArrayRecord {
  const dtype = data instanceof Float64Array ? "float64" : "int64";
  const descr = dtype === "float64" ? "<f8" : "<i8";
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`, "latin1");
  const start = Buffer.from("\x93NUMPY\x01\x00\x00\x00", "latin1");
  start.writeUInt16LE(header.length, 8);
  const bytes = Buffer.concat([start, header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return { file: basename(path), dtype, shape, sha256: createHash("sha256").update(bytes).digest("hex") };
}

export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
}

function fill(rows: number, columns: number, at: (row: number, column: number) => number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns));
}

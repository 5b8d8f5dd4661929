import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFileAtomically } from "../data/atomic-write.js";
import { writeNpy } from "../data/npy.js";
import { messageOf, RunError } from "../errors.js";
import { inertiaBefore } from "../federation/round-inertia.js";
import type { Round } from "../federation/run-event.js";
import type { Matrix } from "../numerics/matrix.js";
import type { PrincipalComponents } from "../numerics/principal-components.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Normalization } from "../workflow/normalization.js";
import { type Layout, layoutOf, SCHEMA_VERSION } from "./layout.js";
import { withheldMeans } from "./round-facts.js";
import type { Summary } from "./summary.js";
import type { Twin } from "./twin.js";

/** How a file of an array is described in the metadata beside it. */
interface ArrayRecord {
  file: string;
  dtype: string;
  shape: readonly number[];
  /** Of the whole file. */
  sha256: string;
}

/**
 * Makes a new, empty experiment directory, named by the local time.
 *
 * @param logDir its parent, made if need be
 * @throws RunError if it cannot be made
 */
export function createExperimentDirectory(logDir: string): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const stem = `experiment_${date}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  try {
    mkdirSync(logDir, { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const directory = join(logDir, attempt === 1 ? stem : `${stem}_${attempt}`);
      try {
        mkdirSync(directory);
        return directory;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  } catch (error) {
    throw new RunError(`cannot make an experiment directory in ${logDir}: ${messageOf(error)}`);
  }
}

/** Writes an experiment directory as the run goes. Every file appears whole or not at all. */
export class ExperimentWriter {
  readonly layout: Layout;

  /**
   * @param directory exists
   * @param clients names of all clients, in client order
   * @param keepsLocalMeans whether to write what each client sent in each round
   */
  constructor(
    directory: string,
    clients: readonly string[],
    private readonly keepsLocalMeans: boolean,
  ) {
    this.layout = layoutOf(directory);
    const folders = [
      dirname(this.layout.globalMeans(0)),
      dirname(this.layout.serverLog),
      dirname(this.layout.clientLog("0")),
      ...(keepsLocalMeans ? clients.map(this.layout.localMeansFolder) : []),
    ];
    for (const folder of folders) mkdirSync(folder, { recursive: true });
  }

  log(...lines: string[]): void {
    const time = new Date().toISOString();
    appendFileSync(this.layout.serverLog, lines.map((line) => `${time} ${line}\n`).join(""));
  }

  writeSummary(summary: Summary): void {
    writeJson(this.layout.summary, { schema_version: SCHEMA_VERSION, ...summary });
  }

  writeNormalization({ mean, std }: Normalization): void {
    mkdirSync(dirname(this.layout.normalization("mean")), { recursive: true });
    writeArray(this.layout.normalization("mean"), mean, mean.length);
    writeArray(this.layout.normalization("std"), std, std.length);
  }

  writePca(pca: PrincipalComponents): void {
    const { mean, components, explainedVariance, explainedVarianceRatio, nComponents } = pca;
    mkdirSync(dirname(this.layout.pca("mean")), { recursive: true });
    writeArray(this.layout.pca("mean"), mean, mean.length);
    writeArray(this.layout.pca("components"), components, nComponents, mean.length);
    writeArray(this.layout.pca("explained_variance"), explainedVariance, nComponents);
    writeArray(this.layout.pca("explained_variance_ratio"), explainedVarianceRatio, nComponents);
  }

  /** Local means first, the round's own metadata last: the round exists once that file does. */
  writeRound(whole: Round): void {
    const { round, global, convergenceChange, localClusters, locals, dropped } = whole;
    if (this.keepsLocalMeans) this.#writeLocals(whole);
    const { means, sizes, carriedOver } = global;
    const arrays = {
      global_means: writeArray(this.layout.globalMeans(round), means.data, means.nRows, means.nColumns),
    };
    writeJson(this.layout.globalMetadata(round), {
      schema_version: SCHEMA_VERSION,
      round_number: round,
      num_clusters: means.nRows,
      convergence_change: convergenceChange,
      participating_clients: locals.map(({ client }) => client),
      local_means_recorded: this.keepsLocalMeans,
      local_clusters: localClusters,
      inertia_before: inertiaBefore(whole),
      num_withheld: Object.fromEntries(withheldMeans(whole)),
      dropped_clients: dropped,
      cluster_sizes: sizes && [...sizes],
      carried_over: carriedOver,
      arrays,
    });
  }

  #writeLocals({ round, locals }: Round): void {
    for (const { client, clusters } of locals) {
      const { means, counts, origins, beforeFilter } = clusters;
      const sampleCounts = BigInt64Array.from(counts, BigInt);
      const arrays = {
        local_means: writeArray(
          this.layout.localMeans(client, round),
          means.data,
          means.nRows,
          means.nColumns,
        ),
        sample_counts: writeArray(this.layout.sampleCounts(client, round), sampleCounts, counts.length),
      };
      writeJson(this.layout.localMetadata(client, round), {
        schema_version: SCHEMA_VERSION,
        round_number: round,
        client,
        num_clusters: means.nRows,
        num_samples: counts.reduce((sum, count) => sum + count, 0),
        global_index: globalIndices(origins),
        before_privacy_filter: {
          num_clusters: beforeFilter.counts.length,
          sample_counts: [...beforeFilter.counts],
          global_index: globalIndices(beforeFilter.origins),
          withheld: [...beforeFilter.sent.keys()].filter((cluster) => beforeFilter.sent[cluster] === 0),
        },
        inertia: clusters.inertia,
        arrays,
      });
    }
  }

  writeTwin(twin: Twin): void {
    writeJson(this.layout.twin, { schema_version: SCHEMA_VERSION, ...twin });
  }

  writeEvaluation(metrics: Metrics, finalMeans: Matrix): void {
    writeArray(this.layout.finalMeans, finalMeans.data, finalMeans.nRows, finalMeans.nColumns);
    writeJson(this.layout.metrics, { schema_version: SCHEMA_VERSION, ...metrics });
  }
}

/** Index of the global mean each local cluster began as; null at the start, where it began as none. */
function globalIndices(origins: Int32Array): (number | null)[] {
  return Array.from(origins, (origin) => (origin < 0 ? null : origin));
}

function writeArray(path: string, data: Float64Array | BigInt64Array, ...shape: number[]): ArrayRecord {
  const bytes = writeNpy({ data, shape });
  writeFileAtomically(path, bytes);
  return {
    file: basename(path),
    dtype: data instanceof Float64Array ? "float64" : "int64",
    shape,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

function writeJson(path: string, value: unknown): void {
  writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

import { appendFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { renameFields, snakeCase } from "../casing.js";
import { jsonText } from "../directory/json-text.js";
import { type Layout, layoutOf, MANIFEST_FILE } from "../directory/layout.js";
import { writeManifest } from "../directory/manifest.js";
import type { Stability } from "../directory/read-stability.js";
import { RecordedFiles } from "../directory/recorded-files.js";
import type { Summary } from "../directory/summary.js";
import { nameSettingsInFile } from "../errors.js";
import { inertiaBefore } from "../federation/round-inertia.js";
import type { Round, RunEvent } from "../federation/run-event.js";
import { cannotWrite, fingerprintOfParts, openFolder, writeFileAtomically } from "../files/atomic-write.js";
import type { FileFingerprint } from "../files/file-hash.js";
import type { PrincipalComponents } from "../numerics/principal-components.js";
import { printableLine } from "../printable.js";
import { wholeSizes } from "../workflow/evaluate.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Normalization } from "../workflow/transform/normalization.js";
import { withheldMeans } from "./round-facts.js";
import type { Twin } from "./twin.js";

type Evaluation = Extract<RunEvent, { type: "evaluation" }>;

/** Writes an experiment directory as the run goes. Every file appears whole or not at all. */
export class ExperimentWriter {
  readonly layout: Layout;
  readonly #files: RecordedFiles;

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
    this.#files = new RecordedFiles(directory);
    const folders = [
      dirname(this.layout.globalMeans(0)),
      dirname(this.layout.serverLog),
      ...(keepsLocalMeans ? clients.map(this.layout.localMeansFolder) : []),
    ];
    for (const folder of folders) openFolder(folder);
    // Of a run that was killed while it was about to be completed.
    rmSync(this.layout.manifest, { force: true });
  }

  log(...lines: string[]): void {
    if (lines.length === 0) return;
    const time = new Date().toISOString();
    try {
      appendFileSync(
        this.layout.serverLog,
        lines.map((line) => `${time} ${printableLine(nameSettingsInFile(line))}\n`).join(""),
      );
    } catch (error) {
      throw cannotWrite(this.layout.serverLog, error);
    }
  }

  writeSummary(summary: Summary): void {
    this.#files.writeJson(this.layout.summary, summary);
  }

  /**
   * Ends a run to which nothing more will be written: first the manifest, which covers the summary too, then the
   * summary, which says that the run is completed. Killed in between, the run is one that still goes on.
   *
   * @param written what others wrote into the directory, by path, as far as it is known
   */
  complete(summary: Summary, written: ReadonlyMap<string, FileFingerprint>): void {
    for (const [path, fingerprint] of written) this.#files.add(path, fingerprint);
    const text = jsonText({ ...summary, manifest: MANIFEST_FILE });
    this.#files.add(this.layout.summary, fingerprintOfParts(Buffer.from(text)));
    writeManifest(this.layout.directory, this.#files.written);
    writeFileAtomically(this.layout.summary, text);
  }

  writeNormalization({ mean, std }: Normalization): void {
    openFolder(dirname(this.layout.normalization("mean")));
    this.#files.writeArray(this.layout.normalization("mean"), mean, mean.length);
    this.#files.writeArray(this.layout.normalization("std"), std, std.length);
  }

  writePca(pca: PrincipalComponents): void {
    const { mean, components, explainedVariance, explainedVarianceRatio, nComponents } = pca;
    openFolder(dirname(this.layout.pca("mean")));
    this.#files.writeArray(this.layout.pca("mean"), mean, mean.length);
    this.#files.writeArray(this.layout.pca("components"), components, nComponents, mean.length);
    this.#files.writeArray(this.layout.pca("explained_variance"), explainedVariance, nComponents);
    this.#files.writeArray(this.layout.pca("explained_variance_ratio"), explainedVarianceRatio, nComponents);
  }

  /** Local means first, the round's own metadata last: the round exists once that file does. */
  writeRound(whole: Round): void {
    const { round, global, convergenceChange, localClusters, locals, dropped, standardErrors } = whole;
    if (this.keepsLocalMeans) this.#writeLocals(whole);
    const { means, sizes, carriedOver } = global;
    const arrays = {
      global_means: this.#files.writeArray(
        this.layout.globalMeans(round),
        means.data,
        means.nRows,
        means.nColumns,
      ),
    };
    this.#files.writeJson(this.layout.globalMetadata(round), {
      round_number: round,
      num_clusters: means.nRows,
      convergence_change: convergenceChange,
      participating_clients: whole.asked ?? locals.map(({ client }) => client),
      local_means_recorded: this.keepsLocalMeans && whole.asked === undefined,
      local_clusters: localClusters,
      inertia_before: inertiaBefore(whole),
      num_withheld: Object.fromEntries(withheldMeans(whole)),
      dropped_clients: dropped,
      cluster_sizes: sizes && [...(standardErrors === undefined ? sizes : wholeSizes(sizes))],
      ...(standardErrors && { standard_errors: [...standardErrors] }),
      carried_over: carriedOver,
      arrays,
    });
  }

  #writeLocals({ round, locals }: Round): void {
    for (const { client, clusters } of locals) {
      const { means, counts, origins, beforeFilter } = clusters;
      const sampleCounts = BigInt64Array.from(counts, BigInt);
      const arrays = {
        local_means: this.#files.writeArray(
          this.layout.localMeans(client, round),
          means.data,
          means.nRows,
          means.nColumns,
        ),
        sample_counts: this.#files.writeArray(
          this.layout.sampleCounts(client, round),
          sampleCounts,
          counts.length,
        ),
      };
      this.#files.writeJson(this.layout.localMetadata(client, round), {
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
    this.#writeFields(this.layout.twin, twin);
  }

  writeStability(stability: Stability): void {
    this.#writeFields(this.layout.stability, stability);
  }

  /** The metrics of rows, null where they are not known; beside them those of the points that stand for them. */
  writeEvaluation({ metrics, metricsOf, ofPoints, noisySizes, finalMeans }: Evaluation): void {
    this.#files.writeArray(this.layout.finalMeans, finalMeans.data, finalMeans.nRows, finalMeans.nColumns);
    const ofRows = metricsOf === "rows" ? metrics : unknown(metrics);
    this.#writeFields(this.layout.metrics, {
      ...ofRows,
      ...(ofPoints && { ofPoints }),
      ...(noisySizes && { noisy: noisySizes }),
    });
  }

  /** What a program reads: its fields as files name them. */
  #writeFields(path: string, fields: object): void {
    const named = renameFields(fields, snakeCase) as object;
    this.#files.writeJson(path, named);
  }
}

/** The same metrics, none of which is known. */
function unknown(metrics: Metrics): Record<keyof Metrics, null> {
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, null])) as Record<keyof Metrics, null>;
}

/** Index of the global mean each local cluster began as; null at the start, where it began as none. */
function globalIndices(origins: Int32Array): (number | null)[] {
  return Array.from(origins, (origin) => (origin < 0 ? null : origin));
}

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { camelCase, renameFields, snakeCase } from "../casing.js";
import { hashMemoryData, keyOfSource } from "../data/partitions/memory-data.js";
import { messageOf, UsageError } from "../errors.js";
import { recordedConfiguration } from "../experiment/configuration.js";
import type { Configuration } from "../experiment/settings.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { chunksInto } from "../files/file-hash.js";
import { VERSION } from "../files/package-root.js";
import { readRegularText } from "../files/regular-file.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Task, TaskResult } from "./task.js";

/**
 * The trials a study has done, a line each, so that one that was cut short goes on where it stopped and one
 * that grows does only what is new. A trial is known by all that decides it: its settings, and the bytes of
 * its data; and by the version of this package: what another version has found is not taken for its own.
 */
export class Journal {
  readonly #path: string;
  readonly #known = new Map<string, TaskResult>();
  readonly #fingerprints = new Map<string, string>();

  /**
   * @param path the file; made with the first entry
   * @throws UsageError if it is there and cannot be read
   */
  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    const lines = readLines(path);
    for (const line of lines) {
      try {
        const { key, result } = JSON.parse(line) as { key: string; result: TaskResult };
        this.#known.set(key, renameMetrics(result, camelCase));
      } catch {
        // The last line of a killed study: its task is done again.
      }
    }
    if (lines.at(-1) !== "") this.#rewrite();
  }

  get(task: Task): TaskResult | undefined {
    return this.#known.get(this.#keyOf(task));
  }

  add(task: Task, result: TaskResult): void {
    const key = this.#keyOf(task);
    this.#known.set(key, result);
    appendFileSync(this.#path, lineOf(key, result));
  }

  #rewrite(): void {
    writeFileAtomically(this.#path, [...this.#known].map(([key, result]) => lineOf(key, result)).join(""));
  }

  #keyOf({ configuration, central, scoreRounds, seeds, agreement }: Task): string {
    const settings = { ...recordedConfiguration(configuration), random_state: null };
    const data = this.#fingerprint(configuration);
    const key = JSON.stringify([VERSION, settings, central, scoreRounds, seeds, agreement, data]);
    return createHash("sha256").update(key).digest("hex");
  }

  /** SHA-256 over the names and bytes of the data's files, and of a start's. */
  #fingerprint({ data, start }: Configuration): string {
    const key = `${keyOfSource(data)}\n${start}`;
    const known = this.#fingerprints.get(key);
    if (known !== undefined) return known;
    const hash = createHash("sha256");
    if (typeof data === "string") hashPath(hash, data);
    else hash.update(hashMemoryData(data));
    if (start.endsWith(".npy")) hashPath(hash, start);
    const fingerprint = hash.digest("hex");
    this.#fingerprints.set(key, fingerprint);
    return fingerprint;
  }
}

function readLines(path: string): string[] {
  try {
    return readRegularText(path).split("\n");
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}

function hashPath(hash: ReturnType<typeof createHash>, path: string): void {
  let files: string[];
  try {
    files = statSync(path).isDirectory()
      ? readdirSync(path)
          .sort()
          .map((name) => join(path, name))
          .filter((file) => statSync(file).isFile())
      : [path];
    for (const file of files) {
      hash.update(file).update("\0");
      for (const _ of chunksInto(hash, file));
    }
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

function lineOf(key: string, result: TaskResult): string {
  return `${JSON.stringify({ key, result: renameMetrics(result, snakeCase) })}\n`;
}

/** A result whose metrics are named as code, or as files name them. */
function renameMetrics({ trials, ...others }: TaskResult, nameOf: (name: string) => string): TaskResult {
  const renamed = (metrics: Metrics | null) => renameFields(metrics, nameOf) as Metrics;
  return {
    trials: trials.map((trial) => ({
      ...trial,
      metrics: renamed(trial.metrics),
      metricsOfPoints: renamed(trial.metricsOfPoints),
      scores: trial.scores.map(renamed),
    })),
    ...others,
  };
}

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { readJsonObject } from "../../directory/json-object.js";
import { type Layout, layoutOf } from "../../directory/layout.js";
import { writeManifest } from "../../directory/manifest.js";
import { readMatrix, readVector } from "../../directory/read-array.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import { RecordedFiles } from "../../directory/recorded-files.js";
import { type Verification, verify } from "../../directory/verify.js";
import { UsageError } from "../../errors.js";
import { cannotWrite, openFolder } from "../../files/atomic-write.js";
import { sweepLeftovers, temporaryName } from "../../files/leftovers.js";
import { checkPlace, checkRowsBehind, exportableSummary } from "./exportable.js";
import { exportedMetrics } from "./exported-metrics.js";
import { exportRounds } from "./exported-rounds.js";
import { exportedStability } from "./exported-stability.js";
import { exportedSummary } from "./exported-summary.js";

/** A directory that was made of another one's points. */
export interface Exported extends Omit<Verification, "kind"> {
  /** Tells it from other results. */
  readonly kind: "export";
  experimentDir: string;
  /** Rows of the federation, and the points that stand for them; null under differential privacy, where no export says. */
  nSamples: number | null;
  nPoints: number | null;
  /** Files and folders of the run's directory of which nothing was exported. */
  leftOut: string[];
}

/**
 * Makes an experiment directory of what another one computed from points alone, or of noisy answers under differential
 * privacy, with a manifest of its own: for people who may not see traces of rows. It is made under another name and renamed
 * once it is whole and verified. Of two directories that differ in rows alone, and not in their points or noisy answers,
 * the exports have the same bytes.
 *
 * @param directory of a completed run whose clients computed from groups, or answered with noise
 * @param out where the new one is to be
 * @throws UsageError if `out` will not do; RunError if the directory will not, or if a file cannot be written
 */
export function exportDirectory(directory: string, out: string): Exported {
  const summary = exportableSummary(directory);
  checkPlace(directory, out);
  verify(directory);
  const place = resolve(out);
  openFolder(dirname(place));
  sweepLeftovers(dirname(place), `.${basename(place)}.`);
  const temporary = temporaryName(join(dirname(place), `.${basename(place)}`));
  try {
    openFolder(temporary);
    writePoints(directory, summary, temporary);
    const verified = verify(temporary);
    moveTo(temporary, place);
    return {
      ...verified,
      kind: "export",
      experimentDir: out,
      ...totalsOf(summary),
      leftOut: leftOut(directory, place),
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function writePoints(directory: string, summary: LoggedSummary, out: string): void {
  const [from, to] = [layoutOf(directory, summary.clients), layoutOf(out)];
  const files = new RecordedFiles(out);
  const hash = exportRounds(directory, summary, to, files);
  const nFeatures = summary.n_features ?? 0;
  copyMatrix(from.finalMeans, to.finalMeans, files);
  for (const name of ["mean", "std"] as const) {
    copyVector(from.normalization(name), to.normalization(name), nFeatures, files);
  }
  exportPca(from, to, nFeatures, files);
  const isNoisy = summary.clients.some(({ privacy }) => privacy?.mode === "dp");
  if (!isNoisy) for (const client of summary.clients) exportPoints(client, from, to, files);
  const stability = exportedStability(directory, from.stability);
  if (stability !== null) files.writeJson(to.stability, stability);
  files.writeJson(to.metrics, exportedMetrics(directory, from.metrics));
  files.writeJson(to.summary, exportedSummary(readJsonObject(from.summary), hash.digest(), isNoisy));
  writeManifest(out, files.written);
}

function exportPca(from: Layout, to: Layout, nFeatures: number, files: RecordedFiles): void {
  const nComponents = copyMatrix(from.pca("components"), to.pca("components"), files);
  if (nComponents === null) return;
  copyVector(from.pca("mean"), to.pca("mean"), nFeatures, files);
  for (const name of ["explained_variance", "explained_variance_ratio"] as const) {
    copyVector(from.pca(name), to.pca(name), nComponents, files);
  }
}

/** The weighted points of a client, where they are recorded. */
function exportPoints(
  { name, privacy }: LoggedSummary["clients"][number],
  from: Layout,
  to: Layout,
  files: RecordedFiles,
): void {
  const nPoints = copyMatrix(from.clientPoints(name), to.clientPoints(name), files);
  if (nPoints === null) return;
  const weights = copyVector(from.clientWeights(name), to.clientWeights(name), nPoints, files);
  checkRowsBehind(from.clientWeights(name), weights ?? new Float64Array(0), privacy?.group_size ?? null);
}

/** @returns number of rows; null where there is no such file */
function copyMatrix(from: string, to: string, files: RecordedFiles): number | null {
  if (!existsSync(from)) return null;
  const { data, nRows, nColumns } = readMatrix(from, null, "", null);
  openFolder(dirname(to));
  files.writeArray(to, data, nRows, nColumns);
  return nRows;
}

/** @returns the vector; null where there is no such file */
function copyVector(from: string, to: string, length: number, files: RecordedFiles): Float64Array | null {
  if (!existsSync(from)) return null;
  const vector = readVector(from, length);
  openFolder(dirname(to));
  files.writeArray(to, vector, length);
  return vector;
}

/** @throws UsageError if somebody has put something there meanwhile */
function moveTo(temporary: string, out: string): void {
  // An empty folder would be replaced: somebody made it.
  if (existsSync(out)) throw new UsageError(`${out} is there already: name a directory that is not`);
  try {
    renameSync(temporary, out);
  } catch (error) {
    throw cannotWrite(out, error);
  }
}

function totalsOf({ clients }: LoggedSummary): Pick<Exported, "nSamples" | "nPoints"> {
  if (clients.some(({ privacy }) => privacy?.mode === "dp")) return { nSamples: null, nPoints: null };
  const total = (name: "n_samples" | "n_points") =>
    clients.reduce((sum, client) => sum + (client[name] ?? 0), 0);
  return { nSamples: total("n_samples"), nPoints: total("n_points") };
}

function leftOut(directory: string, out: string): string[] {
  const kept = new Set(readdirSync(out));
  return readdirSync(directory)
    .filter((name) => !kept.has(name))
    .sort();
}

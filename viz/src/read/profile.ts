import {
  FLAG,
  type Layout,
  type LoggedSummary,
  layoutOf,
  readArray,
  readSummaryIfAny,
  settingOf,
  summaryOfFiles,
} from "fedkmeans/directory";
import type { Experiment } from "./experiment.js";

/** What each cluster is: the means of the last round drawn, feature by feature. */
export interface Profile {
  /** (p,) */
  readonly features: readonly string[];
  /** (k, p) row-major. Row i is the same cluster as in every round. */
  readonly means: Float64Array;
  readonly k: number;
  /** (p,) of all rows; null where the directory does not say. */
  readonly overall: Float64Array | null;
  /** (p,) indices of features, those first that tell clusters apart most; as they come where nothing tells. */
  readonly order: readonly number[];
  /** Whether that order tells something. */
  readonly isRanked: boolean;
  /** Whether values are as in the data, and not standardized or projected. */
  readonly isOriginal: boolean;
}

/** Features of some rows on one scale. */
interface Scale {
  /** (p,) */
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/**
 * Reads what the clusters of an experiment are, on the original scale if the directory leads back to it, else as clustered.
 *
 * @param experiment of that directory
 */
export function readProfile(directory: string, experiment: Experiment): Profile {
  const summary = readAbout(directory);
  const layout = layoutOf(directory, summary.clients);
  const last = experiment.rounds.at(-1)!;
  const { k } = last;
  const normalization = readNormalization(layout);
  const original =
    finalMeans(layout, experiment) ?? destandardized(last.means, normalization, experiment.nFeatures);
  const means = original ?? last.means;
  const p = means.length / k;
  // Rows are recorded as clustered, which is as in the data where nothing was done to them.
  const isPlain = settingOf(summary, "normalize", FLAG) === false && p === experiment.nFeatures;
  const scale =
    original !== null && normalization !== null
      ? experiment.noise === null
        ? normalization
        : inData(ofRows(experiment), normalization)
      : original === null || isPlain
        ? ofRows(experiment)
        : null;
  const isKnown = scale?.mean.length === p;
  const names = summary.feature_names;
  const scores = isKnown ? separation(means, k, last.sizes, scale) : null;
  const order = Array.from({ length: p }, (_, f) => f);
  return {
    features: order.map((f) => (names?.length === p ? names[f] : nameOf(experiment, original !== null, f))),
    means,
    k,
    overall: isKnown ? scale.mean : null,
    order: scores === null ? order : order.toSorted((a, b) => scores[b] - scores[a] || a - b),
    isRanked: scores !== null,
    isOriginal: original !== null,
  };
}

function nameOf({ axes, nFeatures }: Experiment, isOriginal: boolean, f: number): string {
  return !isOriginal && nFeatures <= 2 ? axes[f] : `x${f}`;
}

/** What files tell of a summary that is damaged; that it is, the experiment's note says. */
function readAbout(directory: string): LoggedSummary {
  try {
    return readSummaryIfAny(directory);
  } catch {
    return summaryOfFiles(directory);
  }
}

/** What the run itself says its means are in the data's units, where they are those of the last round drawn. */
function finalMeans(layout: Layout, { rounds, scoredRound }: Experiment): Float64Array | null {
  const { round, k } = rounds.at(-1)!;
  if (scoredRound !== round) return null;
  const array = tryRead(layout.finalMeans);
  return array !== null && array.shape.length === 2 && array.shape[0] === k ? array.data : null;
}

function destandardized(
  means: Float64Array,
  normalization: Scale | null,
  nFeatures: number,
): Float64Array | null {
  if (normalization === null || normalization.mean.length !== nFeatures) return null;
  const { mean, std } = normalization;
  return means.map((value, i) => mean[i % nFeatures] + value * std[i % nFeatures]);
}

function readNormalization(layout: Layout): Scale | null {
  const mean = tryRead(layout.normalization("mean"))?.data;
  const std = tryRead(layout.normalization("std"))?.data;
  return mean !== undefined && mean.length === std?.length ? { mean, std } : null;
}

function tryRead(path: string): { data: Float64Array; shape: readonly number[] } | null {
  try {
    const array = readArray(path, null, "");
    return array.data.every(Number.isFinite) ? array : null;
  } catch {
    return null;
  }
}

/** Of the rows that all clients recorded, or of the groups that stand for them, as many times as they have rows. */
function ofRows({ clients, nFeatures }: Experiment): Scale | null {
  if (clients.length === 0 || clients.some(({ points }) => points === null)) return null;
  const mean = new Float64Array(nFeatures);
  const square = new Float64Array(nFeatures);
  let n = 0;
  for (const { points } of clients) {
    for (let row = 0; row < points!.nPoints; row++) {
      const weight = points!.weights?.[row] ?? 1;
      n += weight;
      for (let f = 0; f < nFeatures; f++) {
        // Welford's update, of a row that counts as often as it stands for rows.
        const before = points!.features[row * nFeatures + f] - mean[f];
        mean[f] += (weight * before) / n;
        square[f] += weight * before * (points!.features[row * nFeatures + f] - mean[f]);
      }
    }
  }
  return n === 0 ? null : { mean, std: square.map((sum) => Math.sqrt(sum / n)) };
}

/** In the data's units, of rows scaled to bounds: what undoes that says nothing of the rows. */
function inData(rows: Scale | null, bounds: Scale): Scale | null {
  if (rows === null || rows.mean.length !== bounds.mean.length) return null;
  return {
    mean: rows.mean.map((value, f) => bounds.mean[f] + bounds.std[f] * value),
    std: rows.std.map((value, f) => bounds.std[f] * value),
  };
}

/** (p,) how far the clusters' means lie apart in each feature: the variance between them, in that of all rows. */
function separation(
  means: Float64Array,
  k: number,
  sizes: readonly number[] | null,
  { mean, std }: Scale,
): number[] {
  const p = mean.length;
  return Array.from(mean, (centre, f) => {
    let between = 0;
    for (let cluster = 0; cluster < k; cluster++) {
      between += (sizes?.[cluster] ?? 1) * (means[cluster * p + f] - centre) ** 2;
    }
    return std[f] > 0 ? between / std[f] ** 2 : 0;
  });
}

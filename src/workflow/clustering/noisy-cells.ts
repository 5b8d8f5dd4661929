import { squaredDistance } from "../../numerics/distances.js";
import type { Matrix } from "../../numerics/matrix.js";
import type { RandomStream } from "../../numerics/random.js";
import { pick } from "../../numerics/small-arrays.js";
import type { PrivateSums } from "../local-data.js";

/*
 * What the server of `dp-lloyd` makes of noisy totals. All of it is post-processing: it sees no row, and costs no privacy.
 */

/**
 * Adds up what clients answered. Each has added noise of its own, so variances add up too.
 *
 * @param answers at least one, to one question
 */
export function totalsOf(answers: readonly PrivateSums[]): PrivateSums {
  const { counts, sums, sumSigmas } = answers[0];
  const counted = new Float64Array(counts.length);
  const summed = new Float64Array(sums.length);
  const sumVariances = new Float64Array(sumSigmas.length);
  let [spread, countVariance, spreadVariance] = [0, 0, 0];
  for (const answer of answers) {
    for (let j = 0; j < counted.length; j++) counted[j] += answer.counts[j];
    for (let i = 0; i < summed.length; i++) summed[i] += answer.sums[i];
    for (let j = 0; j < sumVariances.length; j++)
      sumVariances[j] += answer.sumSigmas[j] * answer.sumSigmas[j];
    spread += answer.spread;
    countVariance += answer.countSigma * answer.countSigma;
    spreadVariance += answer.spreadSigma * answer.spreadSigma;
  }
  return {
    counts: counted,
    sums: summed,
    spread,
    countSigma: Math.sqrt(countVariance),
    sumSigmas: sumVariances.map(Math.sqrt),
    spreadSigma: Math.sqrt(spreadVariance),
  };
}

/** Of a squared distance in the box: below it nothing is told apart. */
const LEAST_SPREAD = 1e-6;

/**
 * Mean squared distance of the rows to their centres, as far as the radii let it be seen. It errs upwards, by half of its
 * noise: a radius that is too small cuts signal off, one that is too large only adds noise.
 *
 * @param radii (K,) of the question
 * @param rows how many there are, as declared
 * @param before what was known until then, which it is never more than; null: nothing
 */
export function spreadOf(
  { spread, spreadSigma }: PrivateSums,
  radii: Float64Array,
  rows: number,
  before: number | null,
): number {
  const radius = radii.reduce((sum, r) => sum + r, 0) / radii.length;
  const part = Math.min(1, (Math.max(spread, 0) + spreadSigma / 2) / rows);
  const found = Math.max(part * radius * radius, LEAST_SPREAD);
  return before === null ? found : Math.min(before, found);
}

/**
 * Rows to divide a cell's sum by: its noisy count, but no less than the noise of it, nor than one row.
 *
 * @param sigma of the count
 */
export function rowsBehind(count: number, sigma: number): number {
  return Math.max(count, sigma, 1);
}

/**
 * Moves each centre by the mean difference of its rows, times a gain, within the box.
 *
 * @param centres (K, d)
 * @param sums (K, d) of differences
 * @param rows (K,) to divide them by
 * @param gains (K,) from 0 to 1
 */
export function moved(
  { data, nRows, nColumns: d }: Matrix,
  sums: Float64Array,
  rows: Float64Array,
  gains: Float64Array,
): Matrix {
  const next = data.map((x, i) => {
    const j = Math.floor(i / d);
    return x + (gains[j] * sums[i]) / rows[j];
  });
  return { data: inBox(next), nRows, nColumns: d };
}

/**
 * How much of a step to believe: signal over signal and noise, both as variances of one coordinate of a mean.
 *
 * @param signals (K,) what a mean may be off by
 * @param sumSigmas (K,) noise of a coordinate of each sum
 * @param rows (K,) that the sums are divided by
 * @returns (K,) from 0 to 1
 */
export function gainsOf(signals: Float64Array, sumSigmas: Float64Array, rows: Float64Array): Float64Array {
  return signals.map((signal, j) => {
    const noise = sumSigmas[j] / rows[j];
    return signal / (signal + noise * noise);
  });
}

/** Cells that have rows. */
export interface FilledCells {
  /** (m, d) */
  readonly means: Matrix;
  /** (m,) noisy. */
  readonly counts: Float64Array;
}

/** What one question found of the cells of its centres. */
export interface Cells extends FilledCells {
  /** (m,) positive: what each is worth where means are clustered. */
  readonly weights: Float64Array;
  /** (K, d) means of all cells, with rows or without. */
  readonly all: Matrix;
}

/** A weight that is positive and weighs nothing. */
const NO_WEIGHT = 1e-9;

/**
 * The means of cells, and which of them have rows: those whose count stands out of its noise, and never fewer than
 * `least`, the heaviest. A cell weighs as many rows as it has, times the gain of its mean: of a mean that is mostly noise
 * not even the weight is to be believed.
 *
 * @param centres (K, d) that were asked about
 * @param spread mean squared distance of rows to them
 * @param heavy how many standard deviations of its noise a count has to have
 */
export function cellsOf(
  { counts, countSigma, sums, sumSigmas }: PrivateSums,
  centres: Matrix,
  spread: number,
  heavy: number,
  least: number,
): Cells {
  const d = centres.nColumns;
  const behind = counts.map((count) => rowsBehind(count, countSigma));
  const gains = gainsOf(new Float64Array(counts.length).fill(spread / d), sumSigmas, behind);
  const all = moved(centres, sums, behind, gains);
  const kept = heavyCells(counts, heavy * countSigma, least);
  return {
    all,
    means: { data: pick(all.data, kept, d), nRows: kept.length, nColumns: d },
    counts: Float64Array.from(kept, (j) => counts[j]),
    weights: Float64Array.from(kept, (j) => Math.max(counts[j] * gains[j], NO_WEIGHT)),
  };
}

/** In ascending order. */
function heavyCells(counts: Float64Array, threshold: number, least: number): number[] {
  const cells = [...counts.keys()];
  const found = cells.filter((j) => counts[j] > threshold);
  if (found.length >= least) return found;
  const byCount = cells.sort((a, b) => counts[b] - counts[a] || a - b);
  return byCount.slice(0, least).sort((a, b) => a - b);
}

/** Of the standard deviation of rows around the mean of their cell, how far the centres that share a cell are from it. */
const APART = 0.7;

/**
 * Centres where the rows are: a cell gets as many as is its share of the rows, around its mean, in random directions.
 *
 * @param cells m of them that have rows
 * @param centres K, how many there are to be; at least m
 * @param spread mean squared distance of rows to the centres they are at
 * @returns (K, d)
 */
export function whereRowsAre(
  { means: { data, nColumns: d }, counts }: FilledCells,
  centres: number,
  spread: number,
  random: RandomStream,
): Matrix {
  const placed = new Float64Array(centres * d);
  const distance = APART * Math.sqrt(spread);
  let at = 0;
  for (const [j, quota] of quotasOf(counts, centres).entries()) {
    const directions = scattered(quota, d, random);
    for (let i = 0; i < quota * d; i++) placed[at++] = data[j * d + (i % d)] + distance * directions[i];
  }
  return { data: inBox(placed), nRows: centres, nColumns: d };
}

/** At least one each, in proportion to the weights (D'Hondt's divisors where they do not come out even). */
function quotasOf(weights: Float64Array, total: number): Int32Array {
  const quotas = new Int32Array(weights.length).fill(1);
  for (let left = total - weights.length; left > 0; left--) {
    let next = 0;
    for (let j = 1; j < quotas.length; j++) {
      if (weights[j] / quotas[j] > weights[next] / quotas[next]) next = j;
    }
    quotas[next] += 1;
  }
  return quotas;
}

/** Directions of length 1 that add up to about nothing; one alone is no direction. */
function scattered(count: number, d: number, random: RandomStream): Float64Array {
  const directions = new Float64Array(count * d);
  if (count === 1) return directions;
  for (let i = 0; i < directions.length; i++) directions[i] = random.normal();
  for (let f = 0; f < d; f++) {
    let mean = 0;
    for (let c = 0; c < count; c++) mean += directions[c * d + f] / count;
    for (let c = 0; c < count; c++) directions[c * d + f] -= mean;
  }
  for (let c = 0; c < count; c++) {
    let square = 0;
    for (let f = 0; f < d; f++) square += directions[c * d + f] * directions[c * d + f];
    const length = Math.max(Math.sqrt(square), 1e-9);
    for (let f = 0; f < d; f++) directions[c * d + f] /= length;
  }
  return directions;
}

/** (K,) distance of each centre to the nearest other; Infinity of one alone. */
export function nearestDistances({ data, nRows: k, nColumns: d }: Matrix): Float64Array {
  const nearest = new Float64Array(k).fill(Infinity);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) {
      const distance = Math.sqrt(squaredDistance(data, i, data, j, d));
      nearest[i] = Math.min(nearest[i], distance);
      nearest[j] = Math.min(nearest[j], distance);
    }
  }
  return nearest;
}

/** Each number, brought to -1..1. */
export function inBox(data: Float64Array): Float64Array {
  return data.map((x) => Math.min(Math.max(x, -1), 1));
}

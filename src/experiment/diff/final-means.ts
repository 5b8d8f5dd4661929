import { existsSync } from "node:fs";
import { layoutOf } from "../../directory/layout.js";
import { readMatrix, readVector } from "../../directory/read-array.js";
import { largestDifference } from "../../numerics/largest-difference.js";
import { optimalAssignment } from "../../numerics/linear-sum-assignment.js";
import { type Matrix, selectColumns } from "../../numerics/matrix.js";
import type { DiffedRun } from "./diffed-run.js";

/** A cluster of one run and the one of the other that is paired with it. */
export interface ClusterPair {
  readonly a: number;
  readonly b: number;
  /**
   * The feature in which their means differ the most, in the first run's standard deviations where it normalized, and
   * the values on the original scale; null where they are the same.
   */
  readonly largest: {
    readonly feature: string;
    readonly a: number;
    readonly b: number;
    readonly difference: number;
  } | null;
}

/** The final means of two runs, matched. */
export interface FinalMeansDiff {
  /** By the clusters of `a`. */
  readonly pairs: readonly ClusterPair[];
  /** Clusters of the one that has more, and have no partner. */
  readonly unmatched: { readonly a: readonly number[]; readonly b: readonly number[] };
}

/**
 * Pairs the final means of two runs so that the sum of squared distances is least, in standard deviations of the first
 * run's features where it normalized them.
 *
 * @returns the reason where they cannot be compared
 * @throws RunError if a file of them cannot be read
 */
export function finalMeansDiff(a: DiffedRun, b: DiffedRun): FinalMeansDiff | string {
  const [ofA, ofB] = [a, b].map(({ directory }) => layoutOf(directory).finalMeans);
  if (!existsSync(ofA) || !existsSync(ofB)) return "a run has none";
  const first = readMatrix(ofA, null, "", null);
  const second = inOrderOf(a.summary.feature_names, b.summary.feature_names, readMatrix(ofB, null, "", null));
  if (second === null || first.nColumns !== second.nColumns) return "the runs are of other features";
  const d = first.nColumns;
  const std = layoutOf(a.directory).normalization("std");
  const scale = existsSync(std) ? readVector(std, d) : null;
  const [few, many] = first.nRows <= second.nRows ? [first, second] : [second, first];
  const partners = optimalAssignment(squaredDistances(few, many, scale), few.nRows, many.nRows);
  const isFirst = few === first;
  const pairs = Array.from(partners, (other, one) => (isFirst ? [one, other] : [other, one]))
    .sort(([one], [other]) => one - other)
    .map(([one, other]) => ({
      a: one,
      b: other,
      largest: largestOf(rowOf(first, one), rowOf(second, other), a.summary.feature_names, scale),
    }));
  const left = (means: Matrix, taken: readonly number[]) =>
    Array.from({ length: means.nRows }, (_, cluster) => cluster).filter(
      (cluster) => !taken.includes(cluster),
    );
  return {
    pairs,
    unmatched: {
      a: left(
        first,
        pairs.map((pair) => pair.a),
      ),
      b: left(
        second,
        pairs.map((pair) => pair.b),
      ),
    },
  };
}

/** Columns in another's order, by their names where both have them; null where the names are others. */
function inOrderOf(
  names: readonly string[] | null,
  own: readonly string[] | null,
  means: Matrix,
): Matrix | null {
  if (names === null || own === null) return means;
  const places = names.map((name) => own.indexOf(name));
  if (names.length !== own.length || places.includes(-1)) return null;
  return places.every((place, column) => place === column) ? means : selectColumns(means, places, false);
}

function squaredDistances(few: Matrix, many: Matrix, scale: Float64Array | null): Float64Array {
  const d = few.nColumns;
  const costs = new Float64Array(few.nRows * many.nRows);
  for (let i = 0; i < few.nRows; i++) {
    for (let j = 0; j < many.nRows; j++) {
      let sum = 0;
      for (let f = 0; f < d; f++) {
        const difference = (few.data[i * d + f] - many.data[j * d + f]) / (scale?.[f] || 1);
        sum += difference * difference;
      }
      costs[i * many.nRows + j] = sum;
    }
  }
  return costs;
}

function largestOf(
  a: Float64Array,
  b: Float64Array,
  names: readonly string[] | null,
  scale: Float64Array | null,
): ClusterPair["largest"] {
  const scaled = (means: Float64Array) => means.map((value, f) => value / (scale?.[f] || 1));
  const at = largestDifference(scaled(a), scaled(b))?.at ?? largestDifference(a, b)?.at;
  if (at === undefined) return null;
  const difference = Math.abs(a[at] - b[at]);
  return { feature: names?.[at] ?? `feature ${at}`, a: a[at], b: b[at], difference };
}

function rowOf({ data, nColumns }: Matrix, row: number): Float64Array {
  return data.subarray(row * nColumns, (row + 1) * nColumns);
}

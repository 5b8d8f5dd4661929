import { openBlocks } from "./kernels/statistics/blocks.js";
import type { Matrix } from "./matrix.js";

/** Takes each feature to mean 0 and standard deviation 1. */
export interface Standardization {
  /** (d,) in the features' units. */
  readonly mean: Float64Array;
  /** (d,) standard deviation; 0 marks a constant feature, which becomes 0. */
  readonly scale: Float64Array;
}

/** Takes rows to their coordinates along some directions. */
export interface Projection {
  /** (d,) of the standardized rows. */
  readonly mean: Float64Array;
  /** (nComponents, d) row-major. */
  readonly components: Float64Array;
}

/** How a client's rows become the rows that are clustered: standardize, then project. Either may be absent. */
export interface Transform {
  readonly normalization: Standardization | null;
  readonly projection: Projection | null;
}

/** Whether two normalizations, or two projections, hold the same numbers; or both are none. */
export function holdSameArrays(a: object | null, b: object | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const others = b as Record<string, Float64Array>;
  return Object.entries(a as Record<string, Float64Array>).every(
    ([name, array]) => array === others[name] || sameNumbers(array, others[name]),
  );
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * Applies a transform. Cost n * d, with a projection n * d * nComponents.
 *
 * @param rows (n, d); left as they are
 * @returns (n, d), or (n, nComponents) with a projection; `rows` itself where there is nothing to do
 */
export function applyTransform(transform: Transform, rows: Matrix): Matrix {
  const standardized = transform.normalization === null ? rows : standardize(transform.normalization, rows);
  return transform.projection === null ? standardized : project(transform.projection, standardized);
}

/**
 * Takes means back to the original scale. What a projection dropped is filled in by the mean. Cost
 * k * d * nComponents.
 *
 * @param means (k, d) or (k, nComponents), as clustered
 * @returns (k, d) in the features' units
 * @example
 *   const normalization = { mean: Float64Array.of(3, 7), scale: Float64Array.of(2, 0) };
 *   const means = { data: Float64Array.of(-1, 0), nRows: 1, nColumns: 2 };
 *   invertTransform({ normalization, projection: null }, means).data // => [1, 7]
 */
export function invertTransform(transform: Transform, means: Matrix): Matrix {
  const { projection, normalization } = transform;
  let { data, nColumns } = means;
  const { nRows } = means;
  if (projection !== null) {
    const d = projection.mean.length;
    const restored = new Float64Array(nRows * d);
    for (let i = 0; i < nRows; i++) {
      for (let f = 0; f < d; f++) {
        let value = projection.mean[f];
        for (let c = 0; c < nColumns; c++) value += data[i * nColumns + c] * projection.components[c * d + f];
        restored[i * d + f] = value;
      }
    }
    data = restored;
    nColumns = d;
  }
  if (normalization !== null) {
    const { mean, scale } = normalization;
    data = data.map((value, index) => value * scale[index % nColumns] + mean[index % nColumns]);
  }
  return { data, nRows, nColumns };
}

/**
 * Takes each feature to mean 0 and standard deviation 1. Cost n * d.
 *
 * @param rows (n, d)
 * @param into where to, (n * d,); the rows' own array overwrites them
 * @returns (n, d) of `into`
 * @example
 *   const rows = { data: Float64Array.of(1, 7, 5, 7), nRows: 2, nColumns: 2 };
 *   standardize({ mean: Float64Array.of(3, 7), scale: Float64Array.of(2, 0) }, rows).data // => [-1, 0, 1, 0]
 */
export function standardize(
  { mean, scale }: Standardization,
  rows: Matrix,
  into: Float64Array = new Float64Array(rows.data.length),
): Matrix {
  const { data, nRows, nColumns: d } = rows;
  const { kernels, at, view, forEach } = openBlocks(data, d, null, { mean: d * 8, scale: d * 8 }, into);
  view("mean", d).set(mean);
  view("scale", d).set(scale);
  forEach((block) => kernels.standardize(block, at.mean, at.scale));
  return { data: into, nRows, nColumns: d };
}

/**
 * Projects rows on components. Cost n * d * nComponents.
 *
 * @param rows (n, d), standardized
 * @returns (n, nComponents)
 * @example
 *   const along = { mean: Float64Array.of(1, 1), components: Float64Array.of(0, 1) };
 *   project(along, { data: Float64Array.of(4, 3), nRows: 1, nColumns: 2 }).data // => [2]
 */
export function project({ mean, components }: Projection, rows: Matrix): Matrix {
  const d = rows.nColumns;
  const nComponents = components.length / d;
  const data = new Float64Array(rows.nRows * nComponents);
  for (let i = 0; i < rows.nRows; i++) {
    for (let c = 0; c < nComponents; c++) {
      let value = 0;
      for (let f = 0; f < d; f++) value += (rows.data[i * d + f] - mean[f]) * components[c * d + f];
      data[i * nComponents + c] = value;
    }
  }
  return { data, nRows: rows.nRows, nColumns: nComponents };
}

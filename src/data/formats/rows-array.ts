import { type NpyArray, toFloat64 } from "../../directory/npy.js";
import { RunError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";

/**
 * An array as rows; one of one dimension has one feature.
 *
 * @throws RunError if it has another number of dimensions, or an integer beyond 2^53
 */
export function rowsOfArray(array: NpyArray, source: string): Matrix {
  const { shape } = array;
  checkRowsShape(shape, source);
  return { data: toFloat64(array, source), nRows: shape[0], nColumns: shape[1] ?? 1 };
}

/** @throws RunError if an array of the shape cannot be rows */
export function checkRowsShape(shape: readonly number[], source: string): void {
  if (shape.length === 1 || shape.length === 2) return;
  throw new RunError(
    `${source}: an array of shape (rows, features) expected, found shape ${shapeText(shape)}; reshape it first`,
  );
}

/** As Python writes it. */
export function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

import type { Value } from "../../markup/html.js";
import type { Matrix } from "../../numerics/matrix.js";

/*
 * Tables are arrays of plain objects, one a row, as Arquero's `aq.from`, Observable Plot's marks, nodejs-polars'
 * `pl.DataFrame` and `fk.display` take them.
 */

/** A row whose columns depend on the data: features by their names (`x0`, `x1`, ... where they have none). */
export type Row = Record<string, Value>;

/** Features' names, or `x0`, `x1`, ... */
export function columnNames(featureNames: readonly string[] | null, nFeatures: number): readonly string[] {
  return featureNames ?? Array.from({ length: nFeatures }, (_, f) => `x${f}`);
}

/** One row of a matrix, by the names of its columns. */
export function rowOf(names: readonly string[], { data, nColumns }: Matrix, row: number): Row {
  return Object.fromEntries(names.map((name, f) => [name, data[row * nColumns + f]]));
}

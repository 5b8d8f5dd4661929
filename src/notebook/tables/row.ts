import type { Matrix } from "../../numerics/matrix.js";

/*
 * Tables are arrays of plain objects, one a row, as Arquero's `aq.from`, Observable Plot's marks, nodejs-polars'
 * `pl.DataFrame` and `fk.display` take them.
 */

/**
 * A row whose columns depend on the data: features by their names (`x0`, `x1`, ... where they have none). A cell is a
 * number, a text, a boolean or null, and has the type `any`, so that a notebook calculates with it without a cast.
 *
 * @example rows.filter((row) => row.bill_length_mm > 40)
 */
// biome-ignore lint/suspicious/noExplicitAny: with a type of its own every sum of two cells would need a cast
export type Row = Record<string, any>;

/** Features' names, or `x0`, `x1`, ... */
export function columnNames(featureNames: readonly string[] | null, nFeatures: number): readonly string[] {
  return featureNames ?? Array.from({ length: nFeatures }, (_, f) => `x${f}`);
}

/** One row of a matrix, by the names of its columns. */
export function rowOf(names: readonly string[], { data, nColumns }: Matrix, row: number): Row {
  return Object.fromEntries(names.map((name, f) => [name, data[row * nColumns + f]]));
}

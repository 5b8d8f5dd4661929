import { compareClasses } from "../data/partitions/class-order.js";
import { shownJson } from "../directory/json-object.js";
import { UsageError } from "../errors.js";
import type { Value } from "../markup/html.js";
import { adjustedRandIndex as indexOfTable } from "../numerics/contingency.js";
import type { Row } from "./tables/row.js";

/**
 * How often each pair of values occurs, as pandas.crosstab: one row a value of `rowColumn`, one column a value of
 * `columnColumn` (named with it, e.g. "cluster 0"), both in natural order.
 *
 * @example await fk.display(fk.crosstab(await fk.assignments(result), "species", "cluster"));
 */
export function crosstab(table: readonly Row[], rowColumn: string, columnColumn: string): Row[] {
  checkRows(table);
  const names = valuesOf(table, columnColumn);
  return valuesOf(table, rowColumn).map((value) => {
    const group = table.filter((row) => String(row[rowColumn]) === value);
    const count = (name: string) => group.filter((row) => String(row[columnColumn]) === name).length;
    return {
      [rowColumn]: value,
      ...Object.fromEntries(names.map((name) => [`${columnColumn} ${name}`, count(name)])),
    };
  });
}

/**
 * Agreement of two labellings of the same rows, corrected for chance: 1 is the same up to names, 0 is chance. As
 * sklearn.metrics.adjusted_rand_score.
 *
 * @param a one label a row
 * @param b one label for each of the same rows
 * @throws UsageError if there are no labels, or not as many in `b` as in `a`
 * @see Hubert & Arabie, Comparing partitions, Journal of Classification 2 (1985)
 */
export function adjustedRandIndex(a: readonly Value[], b: readonly Value[]): number {
  if (![a, b].every((labels) => Array.isArray(labels) || ArrayBuffer.isView(labels))) {
    throw new UsageError(`two lists of labels expected, found ${shownJson(a)} and ${shownJson(b)}`);
  }
  if (a.length !== b.length || a.length === 0) {
    throw new UsageError(`two labels for each row expected, found ${a.length} and ${b.length} labels`);
  }
  const [rows, columns] = [[...new Set(a)], [...new Set(b)]];
  const rowOf = new Map(rows.map((value, i) => [value, i]));
  const columnOf = new Map(columns.map((value, i) => [value, i]));
  const counts = new Float64Array(rows.length * columns.length);
  for (let i = 0; i < a.length; i++) counts[rowOf.get(a[i])! * columns.length + columnOf.get(b[i])!] += 1;
  return indexOfTable({ counts, nClasses: rows.length, nClusters: columns.length });
}

function valuesOf(table: readonly Row[], column: string): string[] {
  const values = [...new Set(table.map((row) => String(row[column])))];
  if (table.length > 0 && !(column in table[0])) {
    throw new UsageError(`no column ${column}: the table has ${Object.keys(table[0]).join(", ")}`);
  }
  return values.sort(compareClasses);
}

function checkRows(table: readonly Row[]): void {
  const areRows = Array.isArray(table) && table.every((row) => typeof row === "object" && row !== null);
  if (!areRows)
    throw new UsageError(`a table expected, a list of one object a row, found ${shownJson(table)}`);
}

import { printableLine } from "../printable.js";

/** A table's parts as plain text. */
export interface Table {
  readonly header: readonly string[];
  /** As many cells in each as the header has. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * A table for a terminal: the first columns to the left, the others, numbers, to the right.
 *
 * @param nTexts columns of texts
 */
export function textTable(table: Table, nTexts = 1): string {
  const header = table.header.map(printableLine);
  const rows = table.rows.map((row) => row.map(printableLine));
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column < nTexts ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}

/** Five digits, as a person reads them. */
export function significant(value: number): string {
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e7)
    ? value.toExponential(3)
    : Number(value.toPrecision(5)).toString();
}

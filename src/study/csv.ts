import { snakeCase } from "../casing.js";
import type { CellKey } from "./grid.js";

/**
 * Comma-separated values: null is empty, text with a comma, quote or line break is quoted, and what would be a formula
 * begins with an apostrophe.
 *
 * @param columns names of the columns, as code writes them; the header has them in snake_case
 */
export function csv(columns: readonly string[], rows: readonly Record<string, CellKey>[]): string {
  return csvText(
    columns.map(snakeCase),
    rows.map((row) => columns.map((column) => row[column])),
  );
}

/**
 * The same of any names.
 *
 * @param rows as many cells in each as the header has
 */
export function csvText(
  header: readonly string[],
  rows: readonly (readonly (CellKey | bigint | undefined)[])[],
): string {
  return `${[header, ...rows].map((line) => line.map(csvCell).join(",")).join("\n")}\n`;
}

/** One cell of it. */
export function csvCell(value: CellKey | bigint | undefined): string {
  if (value === null || value === undefined) return "";
  // A spreadsheet takes text that begins so for a formula, and runs it.
  const isFormula = typeof value === "string" && /^[=+\-@\t\r]/.test(value);
  const text = `${isFormula ? "'" : ""}${value}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

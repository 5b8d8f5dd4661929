import { snakeCase } from "../casing.js";
import type { CellKey } from "./grid.js";

/**
 * Comma-separated values: null is empty, text with a comma, quote or line break is quoted, and what would be a formula
 * begins with an apostrophe.
 *
 * @param columns names of the columns, as code writes them; the header has them in snake_case
 */
export function csv(columns: readonly string[], rows: readonly Record<string, CellKey>[]): string {
  const cell = (value: CellKey | undefined) => {
    if (value === null || value === undefined) return "";
    // A spreadsheet takes text that begins so for a formula, and runs it.
    const isFormula = typeof value === "string" && /^[=+\-@\t\r]/.test(value);
    const text = `${isFormula ? "'" : ""}${value}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(snakeCase), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return `${lines.map((line) => line.join(",")).join("\n")}\n`;
}

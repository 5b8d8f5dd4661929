import { csvText } from "../../study/csv.js";
import type { Table } from "../picture/columns.js";

/** The columns of a table: all that one of its rows has, in the order in which they come. */
export function columnsOf(table: Table): string[] {
  const names = new Set<string>();
  for (const row of table) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

/** A table as CSV: dates as ISO 8601 has them, NaN and what is missing empty, lists and objects as JSON. */
export function tableCsv(table: Table): string {
  const names = columnsOf(table);
  return csvText(
    names,
    table.map((row) => names.map((name) => cellOf(row[name]))),
  );
}

function cellOf(value: unknown): string | number | boolean | bigint | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return value;
  const json: unknown = JSON.parse(jsonText(value));
  return typeof json === "string" ? json : JSON.stringify(json);
}

/** A table as JSON: a list of objects, one a line. */
export function tableJson(table: Table): string {
  return `[\n${table.map(jsonText).join(",\n")}\n]\n`;
}

/** Plain data as JSON, with typed arrays as lists and integers of any size as numbers where these can hold them. */
export function jsonText(value: unknown, space?: number): string {
  const plain = (_: string, one: unknown) => {
    if (typeof one === "bigint") return Number.isSafeInteger(Number(one)) ? Number(one) : String(one);
    return ArrayBuffer.isView(one) && !(one instanceof DataView) ? Array.from(one as Float64Array) : one;
  };
  return JSON.stringify(value, plain, space) ?? "null";
}

import { inspect } from "node:util";
import { htmlTable, paragraph } from "../../markup/html.js";
import { numberColumn } from "../../markup/number-column.js";
import { significant, textTable } from "../../markup/text-table.js";
import type { Row } from "../tables/row.js";
import type { Content } from "./frontend.js";

/** The most rows of a table that a page is given: one of a hundred thousand freezes it for half a minute. */
const MOST_ROWS = 5000;

/** How much of a table is shown, and what is said of it. */
export interface TableLook {
  readonly caption: string;
  /** Rows shown at most. */
  readonly maxRows: number;
  /** Rows that there are, where only the first of them are given; default: as many as are given. */
  readonly nRows?: number;
}

/** How many rows of a table are shown, whatever a cell asks for. */
export function shownRows(maxRows: number): number {
  return Math.min(maxRows, MOST_ROWS);
}

/** A table of plain objects, with every column that one of those shown has. */
export function tableContent(objects: readonly Row[], { caption, maxRows, nRows }: TableLook): Content {
  const shown = objects.slice(0, shownRows(maxRows));
  const header = [...new Set(shown.flatMap((object) => Object.keys(object)))];
  const columns = header.map((name) => cellsOf(shown.map((object) => object[name])));
  const table = { header, rows: shown.map((_, i) => columns.map((cells) => cells[i])) };
  const left = (nRows ?? objects.length) - shown.length;
  const more = left > 0 ? [moreRows(left, maxRows)] : [];
  if (header.length === 0) {
    const none = [caption, "no rows", ...more].filter((line) => line !== "");
    return { html: paragraph(none), text: none.join("\n") };
  }
  return {
    html: htmlTable(table, caption) + (more.length === 0 ? "" : paragraph(more)),
    text: `${[...(caption === "" ? [] : [caption, ""]), textTable(table) + more.join("")].join("\n")}`,
  };
}

function moreRows(count: number, maxRows: number): string {
  const rows = `and ${count.toLocaleString("en-US")} more row${count === 1 ? "" : "s"}`;
  return maxRows > MOST_ROWS ? `${rows}: fk.save(rows, "rows.csv") writes all of them` : rows;
}

function cellsOf(values: readonly unknown[]): string[] {
  const areNumbers = values.every(
    (value) => value === null || value === undefined || typeof value === "number",
  );
  return areNumbers ? numberColumn(values as (number | null | undefined)[]) : values.map(show);
}

function show(value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "-" : value.toISOString();
  if (typeof value === "object") return inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
  return typeof value === "number" ? significant(value) : String(value);
}

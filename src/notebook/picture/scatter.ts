import { shownJson } from "../../directory/json-object.js";
import { UsageError } from "../../errors.js";
import type { ExperimentLike } from "../../experiment/open.js";
import { type FederatedData, isLoaded } from "../data.js";
import { inCell } from "../output/in-cell.js";
import { rows } from "../tables/rows.js";
import type { VectorPicture } from "../viz.js";
import { type Table, tableOf } from "./columns.js";
import { type MapOptions, scatterOfRun } from "./scatter-of-run.js";
import { scatterOfTable, type TableScatterOptions } from "./scatter-of-table.js";

/** Options of `scatter`, some of a table and some of a run. */
export type ScatterOptions = TableScatterOptions & MapOptions;

const OF_TABLE = ["x", "y", "features", "color", "facet", "title", "columns", "width"];
const OF_RUN = ["by", "facet", "data", "title", "columns", "width"];

/**
 * Draws rows as points: of a table or of data that were loaded, one column against another, or each of `features`
 * against each; of a run the rows that it recorded, on the map of its pictures, with its final global means. Where
 * there are more than 5,000 points they are counted in hexagons.
 *
 * @param what a table (an array of plain objects, Arquero's, or nodejs-polars'), data, or a run's result or its directory
 * @throws UsageError if a column is not there or has no numbers, or an option is none; RunError if the run recorded no
 *   rows
 * @example await fk.scatter(penguins, { x: "bill_length_mm", y: "flipper_length_mm", color: "species" });
 * @example await fk.scatter(result, { by: "cluster", facet: "client" });
 */
export function scatter(
  what: readonly object[] | { objects(): unknown } | { toRecords(): unknown } | FederatedData,
  options: TableScatterOptions,
): Promise<VectorPicture>;
export function scatter(what: ExperimentLike, options?: MapOptions): Promise<VectorPicture>;
export function scatter(what: unknown, options: ScatterOptions = {}): Promise<VectorPicture> {
  return inCell(async () => {
    const table: Table | null = isData(what) ? await rows(what) : tableOf(what);
    checkNames(options, table === null ? OF_RUN : OF_TABLE, table === null ? "a run" : "a table");
    checkWhole(options);
    const svg = table === null ? await scatterOfRun(runOf(what), options) : scatterOfTable(table, options);
    return { kind: "picture", svg };
  });
}

function isData(what: unknown): what is FederatedData {
  return typeof what === "object" && what !== null && isLoaded(what as FederatedData);
}

function runOf(what: unknown): ExperimentLike {
  if (typeof what === "string") return what;
  if (typeof what === "object" && what !== null && "experimentDir" in what) return what as ExperimentLike;
  throw new UsageError(`a table, data, or a run's result or directory expected, found ${shownJson(what)}`);
}

/** @throws UsageError for a number of columns, or a width, in which nothing can be drawn */
function checkWhole(options: ScatterOptions): void {
  for (const [name, least] of [
    ["columns", 1],
    ["width", 100],
  ] as const) {
    const value: unknown = options[name];
    if (value === undefined || (Number.isInteger(value) && (value as number) >= least)) continue;
    throw new UsageError(`${name} must be an integer of at least ${least}, found ${shownJson(value)}`);
  }
}

/** Cells of Deno are not type-checked. */
function checkNames(options: object, known: readonly string[], what: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    const meant = name === "colour" ? "color" : name === "color" || name === "colour" ? "by" : null;
    const hint = meant !== null && known.includes(meant) ? `; did you mean ${meant}?` : "";
    throw new UsageError(`no option ${name} of ${what}: ${known.join(", ")} expected${hint}`);
  }
}

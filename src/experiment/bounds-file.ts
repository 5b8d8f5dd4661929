import { splitCells } from "../data/formats/csv/records.js";
import { messageOf, theSetting, UsageError } from "../errors.js";
import { readRegularFile } from "../files/regular-file.js";
import type { Bounds } from "../privacy/bounds.js";

const HEADER = ["feature", "low", "high"];

/**
 * Reads public bounds of features.
 *
 * @param path of a CSV file with the header `feature,low,high` and a line a feature
 * @param columns the features wanted, in their order; null: all of the file that are nothing else, in its order
 * @param others columns that are no features: left out, of labels, of clients
 * @throws UsageError naming the file and the line, where a bound is missing, no finite number, or not below the other;
 *   where a feature comes twice, or one that is wanted does not
 */
export function readBounds(
  path: string,
  columns: readonly string[] | null = null,
  others: readonly (string | null)[] = [],
): Bounds {
  const where = `${theSetting("bounds")} ${path}`;
  const lines = textOf(path, where).split(/\r?\n/);
  const header = splitCells(lines[0].replace(/^\uFEFF/, ""), ",").map((cell) => cell.trim());
  if (header.join() !== HEADER.join()) {
    throw new UsageError(`${where}, line 1: the header feature,low,high expected, found ${quoted(lines[0])}`);
  }
  const bounds = new Map<string, readonly [low: number, high: number]>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === "") continue;
    const at = `${where}, line ${index + 1}`;
    const cells = splitCells(line, ",");
    if (cells.length !== HEADER.length) {
      throw new UsageError(`${at}: ${HEADER.length} cells expected, found ${cells.length}`);
    }
    const [feature, low, high] = cells.map((cell) => cell.trim());
    if (feature === "") throw new UsageError(`${at}: the name of a feature expected, found none`);
    if (bounds.has(feature)) throw new UsageError(`${at}: ${quoted(feature)} has bounds already`);
    const [least, most] = [numberIn(low, "low", at), numberIn(high, "high", at)];
    if (!(least < most)) {
      throw new UsageError(`${at}: low of ${quoted(feature)} must be below high, found ${least} and ${most}`);
    }
    bounds.set(feature, [least, most]);
  }
  if (bounds.size === 0) throw new UsageError(`${where}: a line a feature expected, found none`);
  const features = columns ?? [...bounds.keys()].filter((feature) => !others.includes(feature));
  if (features.length === 0) {
    throw new UsageError(
      `${where}: bounds of a feature expected, found those of ${[...bounds.keys()].join(", ")} only`,
    );
  }
  const stranger = features.find((feature) => !bounds.has(feature));
  if (stranger !== undefined) {
    throw new UsageError(
      `${where} has no bounds of ${quoted(stranger)}, which is one of ${theSetting("columns")}`,
    );
  }
  return {
    features,
    low: Float64Array.from(features, (feature) => bounds.get(feature)![0]),
    high: Float64Array.from(features, (feature) => bounds.get(feature)![1]),
  };
}

/** The settings that say which bounds a run goes by. */
export interface BoundsSettings {
  readonly bounds: string | null;
  readonly columns: readonly string[] | null;
  readonly dropColumns: readonly string[];
  readonly labelColumn: string | null;
  readonly clientColumn?: string | null;
}

/**
 * The bounds of a run's features.
 *
 * @returns null where the settings name none
 * @throws as `readBounds`
 */
export function boundsOf(settings: BoundsSettings): Bounds | null {
  const { bounds, columns, dropColumns, labelColumn, clientColumn = null } = settings;
  return bounds === null ? null : readBounds(bounds, columns, [...dropColumns, labelColumn, clientColumn]);
}

function textOf(path: string, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readRegularFile(path));
  } catch (error) {
    throw new UsageError(`${where}: cannot be read: ${messageOf(error)}`);
  }
}

/** Magnitudes beyond which differences of bounds would not be finite. */
const LARGEST = 1e100;

function numberIn(text: string, name: string, at: string): number {
  const value = text === "" ? NaN : Number(text);
  if (Math.abs(value) <= LARGEST) return value;
  throw new UsageError(
    `${at}: ${name} must be a finite number, found ${text === "" ? "none" : quoted(text)}`,
  );
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

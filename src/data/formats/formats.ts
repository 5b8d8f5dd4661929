import { csvFormat } from "./csv/table.js";
import type { Format } from "./format.js";
import { npyFormat } from "./npy-table.js";
import { npzFormat } from "./npz-table.js";
import { parquetFormat } from "./parquet-table.js";

/** Every kind of file that rows are read from, in the order in which messages list them. */
export const FORMATS: readonly Format[] = [npzFormat, npyFormat, csvFormat, parquetFormat];

/** What the name of a file that can be read ends with, as the source of a pattern for any case of its letters. */
export const READ_EXTENSION: string = `(?:${FORMATS.map(extensionOf).join("|")})`;

const PATTERNS = FORMATS.map((format) => new RegExp(`${extensionOf(format)}$`, "i"));

/** The format of a file, by its name; null if it is of none that is read. */
export function formatOf(path: string): Format | null {
  return FORMATS[PATTERNS.findIndex((pattern) => pattern.test(path))] ?? null;
}

function extensionOf({ extensions, mayBeGzip }: Format): string {
  return `(?:${extensions.join("|").replaceAll(".", "\\.")})${mayBeGzip ? "(?:\\.gz)?" : ""}`;
}

/** The extensions of formats; with "gzip" those of compressed files, too. */
export function extensionsOf(formats: readonly Format[], compressed: "gzip" | "plain"): string[] {
  return formats.flatMap(({ extensions, mayBeGzip }) =>
    mayBeGzip && compressed === "gzip"
      ? [...extensions, ...extensions.map((extension) => `${extension}.gz`)]
      : extensions,
  );
}

/** As "a, b or c". */
export function anyOf(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((text) => text !== "").join(" or ");
}

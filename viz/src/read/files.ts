import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { RunError } from "fedkmeans/directory";
import { type NpyArray, readNpy } from "./npy.js";

/** A JSON object that another program wrote: nothing in it is sure. */
export type Json = Readonly<Record<string, unknown>>;

/** Summaries and metadata are small; rows are what Node reads at once. */
const MAX_JSON_BYTES = 2 ** 26;
const MAX_NPY_BYTES = 2 ** 31 - 1;

/**
 * @returns null if there is no such file
 * @throws RunError if it is no JSON object
 */
export function readJson(path: string): Json | null {
  if (!existsSync(path)) return null;
  const text = readBounded(path, MAX_JSON_BYTES).toString("utf8");
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RunError(`${path}: a JSON object expected`);
  }
  return value as Json;
}

/** JSON as Python writes it: NaN and infinities, which JSON has not, are unknown. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(
        text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
          found.startsWith('"') ? found : "null",
        ),
      );
    } catch {
      return null;
    }
  }
}

/**
 * Reads an array and checks it against what the metadata beside it says of it, if it does.
 *
 * @param metadata whose `arrays[name]` has `shape` and `sha256`
 * @throws RunError if the file is missing, no array of real numbers, or not as it was written
 */
export function readArray(path: string, metadata: Json | null = null, name = ""): NpyArray {
  if (!existsSync(path)) throw new RunError(`${path} is missing`);
  const bytes = readBounded(path, MAX_NPY_BYTES);
  const record = objectOf(objectOf(metadata?.arrays)?.[name]);
  const expected = record?.sha256;
  if (typeof expected === "string") {
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== expected.toLowerCase()) {
      throw new RunError(
        `${basename(path)}: SHA-256 ${expected.slice(0, 12)}... expected, found ${found.slice(0, 12)}...`,
      );
    }
  }
  const array = readNpy(bytes, basename(path));
  const shape = record?.shape;
  if (Array.isArray(shape) && String(shape) !== String(array.shape)) {
    throw new RunError(`${basename(path)}: shape (${shape}) expected, found (${array.shape})`);
  }
  return array;
}

/** The value as an object; null if it is none. */
export function objectOf(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** The value as a finite number; null if it is none. */
export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The value as an array; empty if it is none. */
export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function readBounded(path: string, maxBytes: number): Buffer {
  const stats = statSync(path);
  // A pipe would be waited for without end.
  if (!stats.isFile()) throw new RunError(`${path}: no regular file`);
  const { size } = stats;
  if (size > maxBytes) throw new RunError(`${path}: at most ${maxBytes} bytes expected, found ${size}`);
  return readFileSync(path);
}

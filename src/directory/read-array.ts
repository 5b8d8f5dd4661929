import { createHash } from "node:crypto";
import { basename } from "node:path";
import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import {
  COUNT,
  type JsonObject,
  listOf,
  OBJECT,
  optional,
  readPlainFile,
  required,
  SHA256,
  shownJson,
  TEXT,
} from "./json-object.js";
import { readNpy, toFloat64 } from "./npy.js";

/** What Node reads at once. */
const MAX_NPY_BYTES = 2 ** 31 - 1;

/**
 * Reads an array of an experiment directory and checks it against what the metadata beside it says of it.
 *
 * @param path where the layout says it is: what the metadata call it must agree, and is not followed
 * @param metadata whose `arrays` describe it under `name`; those of another program need not. null for an array that
 *   has none
 * @throws RunError naming the file, if it is missing, no plain file, no real numbers, or not as it was written
 */
export function readArray(
  path: string,
  metadata: JsonObject | null,
  name: string,
): { data: Float64Array; shape: readonly number[] } {
  const bytes = readPlainFile(path, MAX_NPY_BYTES);
  const field = metadata?.isOurs ? required : optional;
  const arrays = metadata && field(metadata, "arrays", OBJECT);
  const record = arrays && field(arrays, name, OBJECT);
  const expected = record && field(record, "sha256", SHA256);
  const file = record && field(record, "file", TEXT);
  if (file !== null && file !== basename(path)) {
    throw new RunError(`${record!.source}.file: "${basename(path)}" expected, found ${shownJson(file)}`);
  }
  if (expected !== null) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (sha256 !== expected) {
      throw new RunError(
        `${path}: SHA-256 ${expected.slice(0, 12)}... expected, found ${sha256.slice(0, 12)}...`,
      );
    }
  }
  const array = readNpy(bytes, path);
  const shape = record && optional(record, "shape", listOf(COUNT));
  if (shape !== null && String(shape) !== String(array.shape)) {
    throw new RunError(`${path}: shape (${shape}) expected, found (${array.shape})`);
  }
  return { data: toFloat64(array, path), shape: array.shape };
}

/**
 * @param nColumns how many it must have; null for any
 * @throws as `readArray`, and if it is no matrix of finite numbers
 */
export function readMatrix(
  path: string,
  metadata: JsonObject | null,
  name: string,
  nColumns: number | null,
): Matrix {
  const { data, shape } = readArray(path, metadata, name);
  if (shape.length !== 2 || shape[1] === 0 || (nColumns !== null && shape[1] !== nColumns)) {
    throw new RunError(`${path}: shape (rows, ${nColumns ?? "features"}) expected, found (${shape})`);
  }
  return { data: finite(data, path), nRows: shape[0], nColumns: shape[1] };
}

/**
 * @param length how many numbers it must have; null for any
 * @throws as `readArray`, and if it is no vector of as many finite numbers
 */
export function readVector(path: string, length: number | null): Float64Array {
  const { data, shape } = readArray(path, null, "");
  if (shape.length !== 1 || (length !== null && shape[0] !== length)) {
    throw new RunError(`${path}: shape (${length ?? "n"},) expected, found (${shape})`);
  }
  return finite(data, path);
}

function finite(data: Float64Array, path: string): Float64Array {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RunError(`${path}: finite numbers expected, found ${data[at]}`);
  return data;
}

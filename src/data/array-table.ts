import { messageOf, RunError, UsageError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { type NpyArray, readNpy, toFloat64 } from "./npy.js";
import { readNpz } from "./npz.js";
import { readWhole } from "./read-whole.js";
import { NO_LABELS, type RawPartition } from "./table.js";

const ROWS = "X";
const LABELS = "y";
const NO_NAMES = { featureNames: null, notices: [] };

/**
 * Reads one client's rows from a .npy file, or rows and labels from a .npz file: rows are its array X, or its
 * only two-dimensional one; labels the array `labelName`, or y.
 *
 * @param path the file
 * @param labelName name of the array of labels; ignored where the file has no such array
 * @param source what to call the client in errors
 * @throws UsageError if there is no such file; RunError if it does not hold such arrays
 */
export async function readArrayTable(
  path: string,
  labelName: string | null,
  source: string,
): Promise<RawPartition> {
  if (/\.npy$/i.test(path)) {
    let bytes: Uint8Array;
    try {
      bytes = readWhole(path);
    } catch (error) {
      throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
    }
    return { ...NO_NAMES, rows: toRows(readNpy(bytes, path), source), labelColumn: null, labels: null };
  }
  const labelArray = labelName ?? LABELS;
  let arrays = await readNpz(path, [ROWS, labelArray]);
  if (!arrays.has(ROWS)) arrays = await readNpz(path);
  const rows = toRows(arrays.get(ROWS) ?? onlyTable(arrays, labelArray, source), source);
  const labels = labelName === NO_LABELS ? undefined : arrays.get(labelArray);
  const texts = labels === undefined ? null : toLabels(labels, `${source}, array ${labelArray}`);
  if (texts !== null && texts.length !== rows.nRows) {
    throw new RunError(
      `${source}: as many labels as rows expected, found ${texts.length} labels and ${rows.nRows} rows`,
    );
  }
  return { ...NO_NAMES, rows, labelColumn: texts === null ? null : labelArray, labels: texts };
}

function onlyTable(arrays: Map<string, NpyArray>, labelArray: string, source: string): NpyArray {
  const tables = [...arrays].filter(([name, { shape }]) => name !== labelArray && shape.length === 2);
  if (tables.length === 1) return tables[0][1];
  const found = Array.from(arrays, ([name, { shape }]) => `${name} ${shapeText(shape)}`).join(", ");
  throw new RunError(`${source}: an array X of rows expected, found ${found || "no arrays"}`);
}

function toRows(array: NpyArray, source: string): Matrix {
  const { shape } = array;
  if (shape.length !== 1 && shape.length !== 2) {
    throw new RunError(
      `${source}: an array of shape (rows, features) expected, found shape ${shapeText(shape)}; reshape it first`,
    );
  }
  return { data: toFloat64(array, source), nRows: shape[0], nColumns: shape[1] ?? 1 };
}

/** Whole numbers as decimal integers, so that 3 and 3.0 are one class. */
function toLabels({ shape, data }: NpyArray, source: string): string[] {
  if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new RunError(`${source}: labels of shape (rows,) expected, found shape ${shapeText(shape)}`);
  }
  const unknown = data.findIndex(
    (value: number | bigint) => typeof value === "number" && !Number.isFinite(value),
  );
  if (unknown >= 0) {
    throw new RunError(
      `${source}: row ${unknown} (counted from 0): a label expected, found ${data[unknown]}; leave such rows out first`,
    );
  }
  return Array.from(data as ArrayLike<number | bigint>, String);
}

function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

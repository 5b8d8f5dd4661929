import { RunError } from "../errors.js";
import { parseLabel } from "./csv-table.js";
import type { TypedArray } from "./npy.js";

/**
 * Labels of an array of texts, by the rules of a text file's cells.
 *
 * @throws RunError with the first row that has none
 */
export function textLabels(texts: readonly string[], source: string): string[] {
  return texts.map((text, i) => parseLabel(text.trim(), () => `${source}: row ${i} (counted from 0)`));
}

/**
 * Labels of an array of numbers: whole ones as decimal integers, so that 3 and 3.0 are one class.
 *
 * @throws RunError with the first row whose label is not finite
 */
export function numberLabels(data: TypedArray, source: string): string[] {
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

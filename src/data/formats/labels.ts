import type { TypedArray } from "../../directory/npy.js";
import { RunError } from "../../errors.js";

/**
 * A label as text, or a client's name: 3 and 3.0 are one, whichever way software writes whole numbers. Only an empty
 * one is missing: "NA" may be Namibia.
 *
 * @returns null for a missing one
 */
export function textLabel(text: string): string | null {
  return text.replace(/^([+-]?\d+)\.0*$/, "$1") || null;
}

/**
 * Labels of an array of numbers: whole ones as decimal integers, so that 3 and 3.0 are one class; null for NaN.
 *
 * @throws RunError with the first row whose label is infinite
 */
export function numberLabels(data: TypedArray, source: string): (string | null)[] {
  const unknown = data.findIndex(
    (value: number | bigint) => Math.abs(Number(value)) === Number.POSITIVE_INFINITY,
  );
  if (unknown >= 0) {
    throw new RunError(
      `${source}: row ${unknown} (counted from 0): a label expected, found ${data[unknown]}; leave such rows out first`,
    );
  }
  return Array.from(data as ArrayLike<number | bigint>, (value) =>
    Number.isNaN(value) ? null : String(value),
  );
}

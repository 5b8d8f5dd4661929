import { randomStream } from "#src/numerics/random.js";
import type { AttackedClient } from "./data.js";
import type { Functional } from "./span.js";

/*
 * Rows that say in every sum which of them are in it: beside features each has a column of its own that is 1 for it and
 * 0 for all others. So what left is read as the linear functional of rows that it is, without a word of the product's.
 */

/** Features beside the tags. */
const FEATURES = 2;

/** @param nRows how many; as many columns are added */
export function taggedClient(name: string, nRows: number): AttackedClient {
  const random = randomStream(4, name);
  const rows = Array.from({ length: nRows }, (_, i) => [
    10 * (i % 3) + random.normal(),
    5 * (i % 2) + random.normal(),
    ...Array.from({ length: nRows }, (_, j) => Number(i === j)),
  ]);
  return { name, rows, labels: rows.map((_, i) => (i % 2 === 0 ? "even" : "odd")), heldOut: [] };
}

/**
 * @param sum of rows, of all columns in their units, with whatever a transform's rounding did
 * @throws Error if it is no sum of rows a whole number of times each
 */
export function functionalOf(sum: readonly number[]): Functional {
  const functional = new Map<number, number>();
  sum.slice(FEATURES).forEach((x, row) => {
    const times = Math.round(x);
    if (Math.abs(x - times) > 1e-6) throw new Error(`row ${row} is ${x} times in a sum`);
    if (times !== 0) functional.set(row, times);
  });
  return functional;
}

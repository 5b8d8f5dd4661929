import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lexicographicOrder, PositionSort } from "#src/privacy/row-order.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

/** Values that differ in many bits, in the lowest only, and not at all. */
const NUMBERS = fc.oneof(
  fc.constantFrom(0, -0, 1, 1 + Number.EPSILON, -1, -1 - Number.EPSILON, 5e-324, -5e-324, 1e300, -1e300),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** As the order of numbers has it, where -0 is 0. */
function compareRows(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((x, j) => x !== b[j]);
  return at < 0 ? 0 : a[at] - b[at] < 0 || a[at] < b[at] ? -1 : 1;
}

test("rows come in lexicographic order, equal ones by weight, whatever their order was", () => {
  const rows = fc.array(fc.tuple(NUMBERS, NUMBERS, fc.integer({ min: 1, max: 3 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(rows, (given) => {
      const data = Float64Array.from(given.flatMap((row) => row.slice(0, 2)));
      const weights = Float64Array.from(given.map(([, , weight]) => weight));
      const order = lexicographicOrder({ data, nRows: given.length, nColumns: 2 }, weights);
      const zeroed = (row: readonly number[]) => row.map((x) => x + 0);
      assert.deepEqual(
        Array.from(order, (row) => zeroed(given[row])),
        given.map(zeroed).sort(compareRows),
      );
      assert.equal(new Set(order).size, given.length);
    }),
    { numRuns: fuzzCases(300), seed: FUZZ_SEED },
  );
});

/** Without the lower half of its bits. */
function higherHalf(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

test("numbers are sorted by the higher halves of their bits, ties in the order they had, one set after the other", () => {
  const sorting = new PositionSort(300);
  fc.assert(
    fc.property(fc.array(NUMBERS, { minLength: 1, maxLength: 300 }), (numbers) => {
      sorting.keys.set(numbers);
      const halves = numbers.map(higherHalf);
      const expected = [...numbers.keys()].sort(
        (a, b) =>
          halves[a] - halves[b] ||
          Number(Object.is(halves[b], -0)) - Number(Object.is(halves[a], -0)) ||
          a - b,
      );
      assert.deepEqual([...sorting.sort(numbers.length).subarray(0, numbers.length)], expected);
      for (let i = 1; i < numbers.length; i++) {
        assert.equal(sorting.isTie(i), Object.is(halves[expected[i]], halves[expected[i - 1]]));
      }
    }),
    { numRuns: fuzzCases(300), seed: FUZZ_SEED },
  );
});

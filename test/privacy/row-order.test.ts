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

test("numbers are sorted but for their lowest bits, few and many of them, one set after the other", () => {
  const sorting = new PositionSort(200);
  fc.assert(
    fc.property(fc.array(NUMBERS, { minLength: 1, maxLength: 200 }), (numbers) => {
      sorting.keys.set(numbers);
      const positions = sorting.sort(numbers.length).slice(0, numbers.length);
      assert.equal(new Set(positions).size, numbers.length);
      for (let i = 1; i < positions.length; i++) {
        const [before, after] = [numbers[positions[i - 1]], numbers[positions[i]]];
        // Eight bits at most hold positions below 200.
        const slack = 2 ** 8 * Math.max(Number.EPSILON * Math.abs(before), Number.MIN_VALUE);
        assert.ok(before <= after + slack, `${before} before ${after}`);
      }
    }),
    { numRuns: fuzzCases(300), seed: FUZZ_SEED },
  );
});

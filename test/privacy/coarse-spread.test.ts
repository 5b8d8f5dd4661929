import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { coarse, coarseSpread } from "#src/privacy/coarse-spread.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

const POSITIVE = fc.double({ min: 1e-300, max: 1e300, noNaN: true });

test("a coarse number is a power of 1.1 within 5 % of its own, and is its own coarse number", () => {
  fc.assert(
    fc.property(POSITIVE, (std) => {
      const rounded = coarse(std);
      const power = Math.log(rounded) / Math.log(1.1);
      assert.ok(Math.abs(power - Math.round(power)) < 1e-6, `1.1 ** ${power}`);
      assert.ok(rounded / std < Math.sqrt(1.1) + 1e-9 && std / rounded < Math.sqrt(1.1) + 1e-9);
      assert.equal(coarse(rounded), rounded);
    }),
    { numRuns: fuzzCases(300), seed: FUZZ_SEED },
  );
  assert.equal(coarse(0), 0);
});

/** One column of values. */
function column(values: readonly number[]) {
  return { data: Float64Array.from(values), nRows: values.length, nColumns: 1 };
}

test("a spread is the standard deviation of the definition within 5 %, whatever the order of the rows", () => {
  const values = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(values, (rows) => {
      const [found] = coarseSpread(column(rows), 5);
      assert.deepEqual(coarseSpread(column(rows.toReversed()), 5), Float64Array.of(found));
      const mean = rows.reduce((sum, x) => sum + x, 0) / rows.length;
      const std = Math.sqrt(rows.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows.length);
      assert.ok(Math.abs(Math.log(found / std)) <= Math.log(1.1) / 2 + 1e-9, `${found} of ${std}`);
    }),
    { numRuns: fuzzCases(200), seed: FUZZ_SEED },
  );
});

test("no spread is stated of few rows, of few values, or where one value is frequent", () => {
  const many = Array.from({ length: 40 }, (_, i) => i * i);
  const [stated] = coarseSpread(column(many), 5);
  assert.ok(stated > 0);
  const isStated = (values: readonly number[], size: number) =>
    !Number.isNaN(coarseSpread(column(values), size)[0]);
  assert.deepEqual([isStated(many, 10), isStated(many, 11)], [true, false], "rows of four groups");
  const ofValues = (count: number) => many.map((_, i) => i % count);
  assert.deepEqual([isStated(ofValues(20), 5), isStated(ofValues(19), 5)], [true, false], "twenty values");
  const frequent = (count: number) => many.map((x, i) => (i < count ? 7.5 : x));
  assert.deepEqual([isStated(frequent(10), 5), isStated(frequent(11), 5)], [true, false], "a quarter");
  assert.ok(
    !isStated(
      Array.from({ length: 100 }, () => 3),
      5,
    ),
    "constant",
  );
});

test("huge numbers have a finite spread", () => {
  const huge = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1e308 + i * 1e300));
  const [spread] = coarseSpread(column(huge), 5);
  assert.ok(spread > 9e307 && Number.isFinite(spread), String(spread));
});

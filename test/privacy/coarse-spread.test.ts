import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { coarse, coarseSpread, standardDeviations } from "#src/privacy/coarse-spread.js";
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

test("standard deviations are those of the definition, whatever the order of the rows", () => {
  const values = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.tuple(values, values), { minLength: 1, maxLength: 30 }), (rows) => {
      const matrix = (of: readonly (readonly number[])[]) => ({
        data: Float64Array.from(of.flat()),
        nRows: of.length,
        nColumns: 2,
      });
      const found = standardDeviations(matrix(rows));
      assert.deepEqual(standardDeviations(matrix(rows.toReversed())), found);
      for (const j of [0, 1]) {
        const mean = rows.reduce((sum, row) => sum + row[j], 0) / rows.length;
        const variance = rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / rows.length;
        assert.ok(Math.abs(found[j] - Math.sqrt(variance)) <= 1e-9 * (1 + Math.abs(mean)));
      }
    }),
    { numRuns: fuzzCases(200), seed: FUZZ_SEED },
  );
});

test("a feature of one value has a spread of exactly 0, and huge numbers have a finite one", () => {
  const data = Float64Array.of(0.1, 1e308, 0.1, -1e308, 0.1, 1e308);
  const [constant, huge] = coarseSpread({ data, nRows: 3, nColumns: 2 });
  assert.equal(constant, 0);
  assert.ok(huge > 9e307 && Number.isFinite(huge), String(huge));
});

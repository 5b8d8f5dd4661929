import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nameSettings } from "#src/errors.js";
import { fewRowsForGroups } from "#src/workflow/few-rows.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

const notice = (rows: readonly number[], k: number, size: number) => {
  const text = fewRowsForGroups(rows, k, size);
  return text && nameSettings(text, (name) => `<${name}>`);
};

test("rows in plenty, and rows themselves, are no matter", () => {
  assert.equal(notice([51, 124, 167], 3, 5), null);
  assert.equal(notice([75, 75], 3, 5), null);
  assert.equal(notice([4, 4], 3, 1), null);
  assert.equal(notice([0, 0], 3, 5), null);
  assert.equal(notice([], 3, 5), null);
});

test("a line says of whom there are few, what to expect, and which size would do", () => {
  assert.equal(
    notice([60, 59, 59], 3, 5),
    "half of the rows are at clients of at most 59, which make 3.9 groups of 5 for each of 3 clusters: fewer than 5, " +
      "and means may lie some way from those of the rows; <groupSize> 3 would do",
  );
  assert.equal(
    notice([180, 180], 10, 10),
    "half of the rows are at clients of at most 180, which make 1.8 groups of 10 for each of 10 clusters: fewer than 2, " +
      "and clusters may be others than those of the rows; <groupSize> 3 would do",
  );
});

test("where no size would do, the number of clusters for which one would is named, if there is any", () => {
  assert.match(
    notice([46, 46], 16, 5)!,
    /; no size of groups would do for 16 clusters, <groupSize> 2 for up to 4 \(<kGlobal>\)$/,
  );
  assert.match(notice([19, 19], 3, 5)!, /; no size of groups would do for 3 clusters$/);
});

test("a few small clients beside large ones are no matter, half of the rows are", () => {
  assert.equal(notice([1000, ...new Array(30).fill(10)], 3, 5), null);
  assert.match(
    notice([1000, ...new Array(101).fill(10)], 3, 5)!,
    /^half of the rows are at clients of at most 10,/,
  );
});

test("it warns where the median row's client has fewer than 5 k T rows, and what it names would do", () => {
  const cases = fc.record({
    rows: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 }),
    k: fc.integer({ min: 1, max: 20 }),
    size: fc.integer({ min: 2, max: 30 }),
  });
  fc.assert(
    fc.property(cases, ({ rows, k, size }) => {
      // Each row with the rows of its client, from the smallest.
      const perRow = rows.flatMap((count) => new Array<number>(count).fill(count)).sort((a, b) => a - b);
      const median = perRow[Math.ceil(perRow.length / 2) - 1] ?? Infinity;
      const text = notice(rows, k, size);
      assert.equal(text !== null, median < 5 * k * size);
      const would = /<groupSize> (\d+) would do$/.exec(text ?? "");
      if (would !== null) {
        assert.equal(notice(rows, k, Number(would[1])), null);
        assert.notEqual(notice(rows, k, Number(would[1]) + 1), null);
      }
      const fewer = /<groupSize> 2 for up to (\d+) /.exec(text ?? "");
      if (fewer !== null) {
        assert.equal(notice(rows, Number(fewer[1]), 2), null);
        assert.notEqual(notice(rows, Number(fewer[1]) + 1, 2), null);
      }
    }),
    { numRuns: fuzzCases(500), seed: FUZZ_SEED },
  );
});

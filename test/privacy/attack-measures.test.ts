import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hitsOf, signTest } from "../support/attacks/claims.js";
import { leastCounts } from "../support/attacks/column-proof.js";
import { proveRows } from "../support/attacks/row-proof.js";
import { type Functional, leastSum, solvedRows, sumOf } from "../support/attacks/span.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

/* What attacks are measured by is itself compared: with all possibilities tried, where there are few. */

/** Whether a vector is a combination of others over the rationals, by elimination without fractions. */
function isInSpan(vectors: readonly (readonly bigint[])[], wanted: readonly bigint[]): boolean {
  const rows = vectors.map((vector) => [...vector]);
  let left = [...wanted];
  let top = 0;
  for (let column = 0; column < wanted.length; column++) {
    const at = rows.findIndex((row, i) => i >= top && row[column] !== 0n);
    if (at < 0) continue;
    [rows[top], rows[at]] = [rows[at], rows[top]];
    const pivot = rows[top];
    const without = (row: bigint[]) => row.map((x, j) => x * pivot[column] - pivot[j] * row[column]);
    for (let i = top + 1; i < rows.length; i++) rows[i] = without(rows[i]);
    left = without(left);
    top += 1;
  }
  return left.every((x) => x === 0n);
}

/** Rows of the least sum, with every set of rows tried. */
function leastOfAll(functionals: readonly Functional[], nRows: number, limit: number): number | null {
  const vectors = functionals.map((f) => Array.from({ length: nRows }, (_, i) => BigInt(f.get(i) ?? 0)));
  let least: number | null = null;
  for (let set = 1; set < 2 ** nRows; set++) {
    const wanted = Array.from({ length: nRows }, (_, i) => BigInt((set >> i) % 2));
    const size = wanted.filter((x) => x === 1n).length;
    if (size < (least ?? limit) && isInSpan(vectors, wanted)) least = size;
  }
  return least;
}

const SUMS = fc
  .array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((sums) => sums.map(sumOf));

test("the least sum that follows from others is that of all sets of rows tried", () => {
  fc.assert(
    fc.property(SUMS, fc.integer({ min: 2, max: 6 }), (sums, limit) => {
      const found = leastSum(sums, limit);
      assert.equal(found?.length ?? null, leastOfAll(sums, 7, limit));
      if (found !== null) {
        const vectors = sums.map((f) => Array.from({ length: 7 }, (_, i) => BigInt(f.get(i) ?? 0)));
        assert.ok(
          isInSpan(
            vectors,
            Array.from({ length: 7 }, (_, i) => BigInt(Number(found.includes(i)))),
          ),
        );
      }
      const solved = Array.from({ length: 7 }, (_, i) => i).filter((i) =>
        isInSpan(
          sums.map((f) => Array.from({ length: 7 }, (_, j) => BigInt(f.get(j) ?? 0))),
          Array.from({ length: 7 }, (_, j) => BigInt(Number(i === j))),
        ),
      );
      assert.deepEqual(solvedRows(sums), solved);
    }),
    { numRuns: fuzzCases(150), seed: FUZZ_SEED },
  );
});

test("groups and what is made of whole ones give no sum of fewer rows; two partitions do", () => {
  const groups = [sumOf([0, 1, 2]), sumOf([3, 4, 5, 6]), sumOf([7, 8, 9])];
  const all = sumOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(leastSum([...groups, all, sumOf([0, 1, 2, 7, 8, 9])], 3), null);
  assert.deepEqual(leastSum(groups, 4)?.length, 3);
  // A row more, and the groups of all of them made anew.
  const after = [sumOf([0, 1, 2, 3]), sumOf([4, 5, 6, 10]), sumOf([7, 8, 9])];
  assert.equal(leastSum([...groups, ...after], 3)?.length, 1);
  assert.deepEqual(solvedRows([...groups, ...after]), [3, 10]);
  // No two differ by one row, but three together do.
  assert.deepEqual(leastSum([sumOf([0, 1]), sumOf([1, 2]), sumOf([0, 2])], 2)?.length, 1);
});

/** Every way to give values 0 to `highest` to rows, with what each group's sum and all squares are. */
function* assignments(sizes: readonly number[], highest: number) {
  const n = sizes.reduce((sum, size) => sum + size, 0);
  for (let code = 0; code < (highest + 1) ** n; code++) {
    let left = code;
    const groups = sizes.map((size) =>
      Array.from({ length: size }, () => {
        const value = left % (highest + 1);
        left = Math.floor(left / (highest + 1));
        return value;
      }),
    );
    yield groups;
  }
}

const squaresOf = (groups: readonly number[][]) => groups.flat().reduce((sum, x) => sum + x * x, 0);
const sumOfAll = (group: readonly number[]) => group.reduce((sum, x) => sum + x, 0);

test("values of a column are proven where every assignment that agrees has them, with and without squares", () => {
  const proven = [0, 0];
  fc.assert(
    fc.property(
      fc.constantFrom<[readonly number[], number]>([[3], 3], [[4], 2], [[2, 3], 2], [[2, 2], 3], [[5], 1]),
      fc.nat(),
      fc.integer({ min: 0, max: 3 }),
      ([sizes, highest], pick, slack) => {
        const all = [...assignments(sizes, highest)];
        const truth = all[pick % all.length];
        const squares = { least: squaresOf(truth) - slack, most: squaresOf(truth) + slack / 2 };
        const groups = truth.map((group) => ({ rows: group.length, sum: sumOfAll(group) }));
        for (const told of [null, squares]) {
          const agreeing = all.filter(
            (other) =>
              other.every((group, g) => sumOfAll(group) === groups[g].sum) &&
              (told === null || (squaresOf(other) >= told.least && squaresOf(other) <= told.most)),
          );
          const counts = leastCounts(groups, highest, told);
          for (let g = 0; g < groups.length; g++) {
            for (let value = 0; value <= highest; value++) {
              const least = Math.min(...agreeing.map((other) => other[g].filter((x) => x === value).length));
              assert.equal(counts[g].get(value) ?? 0, least, `value ${value} of group ${g}`);
              proven[told === null ? 0 : 1] += least;
            }
          }
        }
      },
    ),
    { numRuns: fuzzCases(120), seed: FUZZ_SEED },
  );
  assert.ok(proven[1] > proven[0], "squares prove more");
});

test("rows are proven where every table with a group's sums has them", () => {
  const YES_NO = { low: 0, step: 1, high: 1 };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 4 }), (codes) => {
      const row = (code: number) => [code % 2, (code >> 1) % 2, code >> 2];
      const tables = [...assignments([codes.length], 7)].map(([table]) => table);
      const sums = (table: readonly number[]) =>
        [0, 1, 2].map((j) => sumOfAll(table.map((code) => row(code)[j])));
      const agreeing = tables.filter((table) => sums(table).join() === sums(codes).join());
      const points = {
        points: {
          data: Float64Array.from(sums(codes), (sum) => sum / codes.length),
          nRows: 1,
          nColumns: 3,
        },
        weights: Float64Array.of(codes.length),
      };
      const { rows } = proveRows(points, [YES_NO, YES_NO, YES_NO], [null, null, null]);
      for (let code = 0; code < 8; code++) {
        const least = Math.min(...agreeing.map((table) => table.filter((x) => x === code).length));
        const found = rows.find((proven) => proven.row.join() === row(code).join())?.count ?? 0;
        assert.equal(found, least);
      }
    }),
    { numRuns: fuzzCases(60), seed: FUZZ_SEED },
  );
});

test("claims are compared with rows that were held out, and what many rows are like is left out", () => {
  const hits = hitsOf(
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [9, 9],
    ],
    [
      [1, 1 + 1e-9],
      [1, 1],
      [2, 2],
      [3, 3],
    ],
    [
      [3, 3],
      [4, 4],
    ],
    { scale: [1, 1], tolerance: 1e-6, common: 2 },
  );
  assert.deepEqual({ ...hits, p: 0 }, { claims: 4, inside: 1, outside: 1, both: 1, p: 0 });
  assert.equal(hits.p, 0.75);
});

test("the sign test is the binomial's tail", () => {
  // scipy.stats.binom.sf(more - 1, more + less, 0.5)
  assert.equal(signTest(0, 0), 1);
  assert.ok(Math.abs(signTest(8, 2) - 0.0546875) < 1e-15);
  assert.ok(Math.abs(signTest(10, 0) - 2 ** -10) < 1e-18);
  assert.ok(Math.abs(signTest(30, 15) - 0.017848901777597348) < 1e-12);
  // Of more throws than 2^-n is a number of.
  assert.ok(Math.abs(signTest(660, 540) - 0.0002932088367446954) < 1e-12);
});

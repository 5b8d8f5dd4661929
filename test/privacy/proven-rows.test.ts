import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import { coarseSpread } from "#src/privacy/coarse-spread.js";
import { columnsToLeaveOut } from "#src/privacy/columns-to-leave-out.js";
import { groupRows, pointsOf } from "#src/privacy/groups.js";
import { provenRows } from "#src/privacy/proven-rows.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { askPython, skipWithoutPython } from "../support/python.js";

/** Every row that columns of so many values, 0 to one less, can hold. */
function possibleRows(levels: readonly number[]): number[][] {
  return levels.reduce<number[][]>(
    (rows, count) => rows.flatMap((row) => Array.from({ length: count }, (_, value) => [...row, value])),
    [[]],
  );
}

/** Every way to have `n` things of so many kinds: how many of each. */
function* multisets(kinds: number, n: number): Generator<number[]> {
  if (kinds === 1) yield [n];
  else
    for (let count = 0; count <= n; count++)
      for (const rest of multisets(kinds - 1, n - count)) yield [count, ...rest];
}

function tableOf(possible: readonly number[][], counts: readonly number[]): Matrix {
  const rows = counts.flatMap((count, kind) => Array.from({ length: count }, () => possible[kind]));
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: possible[0].length };
}

/** Which kinds of rows are in every table that a client may have, of those that look the same from outside. */
class InAll {
  readonly #kinds = new Map<string, boolean[]>();

  add(seen: string, counts: readonly number[]): void {
    const before = this.#kinds.get(seen);
    this.#kinds.set(
      seen,
      counts.map((count, kind) => count > 0 && (before?.[kind] ?? true)),
    );
  }

  of(seen: string): readonly boolean[] {
    return this.#kinds.get(seen)!;
  }
}

interface Solved {
  /** Kinds of rows, rare at their table, that are in all tables of the same points and coarse scale. */
  rare: number;
  /** Kinds of rows that are, rare or not, and were not found. */
  missed: number;
  /** Kinds of rare rows that were found and are not in all these tables. */
  beyond: number;
}

/**
 * Counts what can be proven by trying every table: there is no more to know than points, weights, the coarse scale, what
 * values there can be, and how groups are made.
 */
function solve(levels: readonly number[], n: number, size: number): Solved {
  const possible = possibleRows(levels);
  const inAll = new InAll();
  const tables = Array.from(multisets(possible.length, n), (counts) => {
    const rows = tableOf(possible, counts);
    const groups = groupRows(rows, null, size);
    const { points, weights } = pointsOf(rows, null, groups);
    const seen = `${points.data} ${weights} ${coarseSpread(rows, size)}`;
    inAll.add(seen, counts);
    const found = provenRows(rows, groups, size);
    const kindsOf = (numbers: readonly number[]) => new Set(numbers.map((row) => kindOf(counts, row)));
    return { counts, seen, proven: kindsOf(found.proven), rare: kindsOf(found.rare) };
  });
  const solved: Solved = { rare: 0, missed: 0, beyond: 0 };
  for (const { counts, seen, proven, rare } of tables) {
    for (const [kind, isInAll] of inAll.of(seen).entries()) {
      const isRare = counts[kind] > 0 && counts[kind] < size;
      if (isInAll && isRare) solved.rare += 1;
      if (isInAll && !(isRare ? rare : proven).has(kind)) solved.missed += 1;
      if (!isInAll && rare.has(kind)) solved.beyond += 1;
    }
  }
  return solved;
}

/** The kind of a row of `tableOf`. */
function kindOf(counts: readonly number[], row: number): number {
  let left = row;
  return counts.findIndex((count) => {
    left -= count;
    return left < 0;
  });
}

/** Columns by how many values each takes, rows, least rows of a group. */
const SMALL: readonly (readonly [levels: readonly number[], n: number, size: number])[] = [
  [[2], 12, 3],
  [[2, 2], 10, 2],
  [[2, 2], 20, 5],
  [[2, 2, 2], 8, 2],
  [[2, 2, 2], 9, 4],
  [[3], 20, 5],
  [[3, 2], 12, 3],
  [[4, 2], 9, 4],
  [[10], 7, 3],
];

/** Those that take longer. */
const LARGER: typeof SMALL = [
  [[2, 2, 2], 15, 5],
  [[3, 2], 20, 5],
  [[3, 3], 10, 5],
  [[5, 2], 10, 3],
  [[10], 10, 5],
];

for (const [levels, n, size] of fuzzCases(1) === 1 ? SMALL : [...SMALL, ...LARGER]) {
  test(`no row that is in every table of the same points goes uncounted: ${n} rows of columns of ${levels} values, ${size} a group`, (context) => {
    const solved = solve(levels, n, size);
    context.diagnostic(JSON.stringify(solved));
    assert.equal(solved.missed, 0);
    assert.ok(solved.rare > 0);
  });
}

/** Rows whose cells are drawn one by one. */
function drawn(nRows: number, nColumns: number, cell: () => number): Matrix {
  return { data: Float64Array.from({ length: nRows * nColumns }, cell), nRows, nColumns };
}

function count(rows: Matrix, size: number): { proven: number; rare: number } {
  const { proven, rare } = provenRows(rows, groupRows(rows, null, size), size);
  return { proven: proven.length, rare: rare.length };
}

test("none of measured rows is found, all of constant ones, none of which is rare", () => {
  const random = randomStream(1, "rows");
  for (const size of [2, 3, 5, 10]) {
    assert.deepEqual(
      count(
        drawn(200, 3, () => random.normal()),
        size,
      ),
      { proven: 0, rare: 0 },
    );
    if (size > 2)
      assert.deepEqual(
        count(
          drawn(200, 1, () => random.normal()),
          size,
        ),
        { proven: 0, rare: 0 },
      );
    assert.deepEqual(
      count(
        drawn(200, 3, () => 0.1),
        size,
      ),
      { proven: 200, rare: 0 },
    );
  }
});

test("one row that differs in one of six columns is rare, and found", () => {
  const rows = drawn(40, 6, () => 0);
  rows.data[17] = 1;
  assert.deepEqual(count(rows, 5), { proven: 40, rare: 1 });
});

test("a value that most rows of a group lack is found however large it is, unless a second column varies with it", () => {
  const rows = drawn(10, 2, () => 0);
  rows.data[0] = 1234.5678912345;
  assert.equal(count(rows, 10).rare, 10);
  const measured = drawn(10, 2, () => 0);
  for (let i = 0; i < 10; i++) measured.data[2 * i + 1] = Math.sqrt(i + 2);
  measured.data[0] = 1234.5678912345;
  assert.equal(count(measured, 10).rare, 0);
});

test("nearly all rare rows of six yes/no columns are found", () => {
  const random = randomStream(2, "rows");
  for (const share of [0.1, 0.3]) {
    const rows = drawn(300, 6, () => (random.uniform() < share ? 1 : 0));
    const { proven, rare } = provenRows(rows, groupRows(rows, null, 5), 5);
    const kinds = new Map<string, number>();
    const kindOf = (i: number) => String(rows.data.subarray(6 * i, 6 * i + 6));
    for (let i = 0; i < 300; i++) kinds.set(kindOf(i), (kinds.get(kindOf(i)) ?? 0) + 1);
    const rareInAll = [...kinds.values()].filter((n) => n < 5).reduce((sum, n) => sum + n, 0);
    assert.deepEqual(new Set(rare), new Set(proven.filter((row) => kinds.get(kindOf(row))! < 5)));
    assert.ok(rare.length > 0 && rare.length <= rareInAll, `${rare.length} of ${rareInAll}`);
  }
});

test("what is found depends on which values a column has, not on their unit", () => {
  const UNITS = fc.constantFrom<(x: number) => number>(
    (x) => x,
    (x) => x / 10,
    (x) => 25 * x + 3000,
    (x) => -x,
    (x) => 0.001 * x - 5,
  );
  const CASES = fc.record({
    cells: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 40, maxLength: 120 }),
    nColumns: fc.constantFrom(1, 2, 3),
    unit: UNITS,
    size: fc.constantFrom(2, 5),
  });
  fc.assert(
    fc.property(CASES, ({ cells, nColumns, unit, size }) => {
      const nRows = Math.floor(cells.length / nColumns);
      const data = Float64Array.from(cells.slice(0, nRows * nColumns));
      const rows = { data, nRows, nColumns };
      const groups = groupRows(rows, null, size);
      // Decimals as a file has them.
      const other = { ...rows, data: data.map((x) => Number(unit(x).toFixed(6))) };
      assert.deepEqual(provenRows(other, groups, size), provenRows(rows, groups, size));
    }),
    { numRuns: fuzzCases(200), seed: FUZZ_SEED },
  );
});

test("yes and no may be any two numbers", () => {
  const random = randomStream(3, "rows");
  const rows = drawn(60, 3, () => (random.uniform() < 0.2 ? 1 : 0));
  const groups = groupRows(rows, null, 5);
  const standardized = { ...rows, data: rows.data.map((x) => (x - 0.2123456789) / Math.sqrt(0.3)) };
  assert.deepEqual(provenRows(standardized, groups, 5), provenRows(rows, groups, 5));
  assert.ok(provenRows(rows, groups, 5).rare.length > 0);
});

test("against means and numbers of rows alone, an integer solver proves what is found and no more, in yes/no columns", {
  skip: skipWithoutPython,
}, () => {
  const random = randomStream(4, "rows");
  // Each of five columns varies, so that the rows between a group's least and greatest values are many.
  const groups = Array.from({ length: fuzzCases(40) }, (_, i) => {
    const rows = drawn(5 + (i % 4), 5, () => 0);
    for (let yes = 0; yes < 5 + random.integer(3); yes++) {
      rows.data[5 * random.integer(rows.nRows) + (yes % 5)] = 1;
    }
    return rows;
  });
  const proven = askPython<string[][]>(
    `
from scipy.optimize import milp, LinearConstraint, Bounds
from itertools import product
kinds = np.array(list(product([0, 1], repeat=5)))
def least(rows, kind):
    "How many rows of a kind are there at least, of the same sums?"
    cost = np.array([1.0 if tuple(k) == kind else 0.0 for k in kinds])
    lhs = np.vstack([kinds.T, np.ones(len(kinds))])
    sums = np.append(rows.sum(0), len(rows))
    found = milp(cost, constraints=LinearConstraint(lhs, sums, sums), integrality=np.ones(len(kinds)), bounds=Bounds(0, np.inf))
    assert found.status == 0
    return round(found.fun)
tables = [np.array(case).reshape(-1, 5).astype(int) for case in cases]
answer([sorted({"".join(map(str, row)) for row in rows if least(rows, tuple(row)) > 0}) for rows in tables])
`,
    groups.map(({ data }) => data),
  );
  for (const [i, rows] of groups.entries()) {
    const found = provenRows(rows, groupRows(rows, null, rows.nRows), rows.nRows);
    const texts = new Set(found.proven.map((row) => rows.data.subarray(5 * row, 5 * row + 5).join("")));
    assert.deepEqual([...texts].sort(), proven[i]);
  }
  assert.ok(proven.some((kinds) => kinds.length > 0) && proven.some((kinds) => kinds.length === 0));
});

test("without the columns that are named no rare row is found, and with one of them less some are", () => {
  const random = randomStream(5, "rows");
  const rows = drawn(300, 5, () => (random.uniform() < 0.3 ? 1 : 0));
  const out = columnsToLeaveOut(rows, 5, "std")!;
  assert.ok(out.length > 0 && out.length < 5);
  const without = (columns: readonly number[]) => {
    const data = rows.data.filter((_, at) => !columns.includes(at % 5));
    return count({ data, nRows: 300, nColumns: 5 - columns.length }, 5).rare;
  };
  assert.equal(without(out), 0);
  assert.ok(without(out.slice(1)) > 0);
  const ages = drawn(60, 1, () => 20 + random.integer(40));
  assert.ok(count(ages, 5).rare > 0);
  assert.equal(columnsToLeaveOut(ages, 5, "std"), null);
});

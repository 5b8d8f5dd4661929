import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import { type GroupScale, type Groups, groupRows, pointsOf } from "#src/privacy/groups.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";

const SIZES = fc.constantFrom(1, 2, 3, 5, 10);
/** Of numbers below 2.2e-308, which have fewer bits. */
const TINY = 1e-320;

const SCALES = fc.constantFrom<GroupScale>("std", "range");

/** Values as files have them: few, so that there are ties, duplicates and constant features; or of any size. */
const VALUES = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(0, -0, 1),
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.constantFrom(1e300, -1e300, 1e-300, 0.1),
);

/** At least `least` rows of one to four features. */
function matrices(least: number): fc.Arbitrary<Matrix> {
  return fc
    .record({ nRows: fc.integer({ min: least, max: least + 80 }), nColumns: fc.integer({ min: 1, max: 4 }) })
    .chain(({ nRows, nColumns }) =>
      fc
        .array(VALUES, { minLength: nRows * nColumns, maxLength: nRows * nColumns })
        .map((values) => ({ data: Float64Array.from(values), nRows, nColumns })),
    );
}

const CASES = SIZES.chain((size) =>
  fc.record({ size: fc.constant(size), rows: matrices(size), scale: SCALES }),
);

function sizesOf({ starts }: Groups): number[] {
  return Array.from(starts.subarray(1), (end, group) => end - starts[group]);
}

function shuffled(rows: Matrix, seed: number): Matrix {
  const random = randomStream(seed, "shuffle");
  const order = Array.from({ length: rows.nRows }, (_, i) => ({ i, key: random.uniform() }));
  order.sort((a, b) => a.key - b.key);
  const d = rows.nColumns;
  const data = new Float64Array(rows.data.length);
  order.forEach(({ i }, to) => {
    data.set(rows.data.subarray(i * d, (i + 1) * d), to * d);
  });
  return { ...rows, data };
}

test("each row is in one group, and groups have size to 2 size - 1 rows", () => {
  fc.assert(
    fc.property(CASES, ({ size, rows, scale }) => {
      const groups = groupRows(rows, null, size, scale);
      assert.deepEqual(
        [...groups.rows].sort((a, b) => a - b),
        Array.from({ length: rows.nRows }, (_, i) => i),
      );
      for (const count of sizesOf(groups)) assert.ok(count >= size && count < 2 * size, `${count} rows`);
    }),
    { numRuns: fuzzCases(300), seed: FUZZ_SEED },
  );
});

test("fewer rows than twice the size are one group", () => {
  fc.assert(
    fc.property(CASES, ({ size, rows }) => {
      if (rows.nRows < 2 * size) assert.deepEqual(sizesOf(groupRows(rows, null, size)), [rows.nRows]);
    }),
    { numRuns: fuzzCases(100), seed: FUZZ_SEED },
  );
});

test("equal rows are halved until there are fewer than twice the size", () => {
  const rows = { data: new Float64Array(3 * 96).fill(0.1), nRows: 96, nColumns: 3 };
  assert.deepEqual(sizesOf(groupRows(rows, null, 5)), new Array(16).fill(6));
  assert.deepEqual(sizesOf(groupRows(rows, new Float64Array(96).fill(2), 10)), new Array(16).fill(6));
  const weights = Float64Array.of(9, 1, 1, 1, 1, 1);
  assert.deepEqual(
    sizesOf(groupRows({ ...rows, data: rows.data.slice(0, 18), nRows: 6 }, weights, 5)),
    [5, 1],
  );
});

test("fewer rows than the size make no group", () => {
  const rows = { data: Float64Array.of(1, 2, 3), nRows: 3, nColumns: 1 };
  assert.throws(() => groupRows(rows, null, 4), /rows that weigh 3 make no group of 4/);
});

test("the weighted mean of the points is the mean of the rows, and each point lies within its rows", () => {
  fc.assert(
    fc.property(CASES, ({ size, rows, scale }) => {
      const groups = groupRows(rows, null, size, scale);
      const { points, weights } = pointsOf(rows, null, groups);
      assert.equal(
        weights.reduce((sum, weight) => sum + weight),
        rows.nRows,
      );
      for (let j = 0; j < rows.nColumns; j++) {
        const column = Array.from({ length: rows.nRows }, (_, i) => rows.data[i * rows.nColumns + j]);
        const most = Math.max(...column.map(Math.abs));
        const mean = column.reduce((sum, x) => sum + x / rows.nRows, 0);
        let ofPoints = 0;
        for (let g = 0; g < points.nRows; g++) {
          const point = points.data[g * rows.nColumns + j];
          ofPoints += (weights[g] / rows.nRows) * point;
          const members = Array.from(
            groups.rows.subarray(groups.starts[g], groups.starts[g + 1]),
            (i) => column[i],
          );
          const slack = 1e-9 * most + TINY;
          assert.ok(point >= Math.min(...members) - slack && point <= Math.max(...members) + slack);
        }
        assert.ok(Math.abs(ofPoints - mean) <= 1e-9 * most + TINY, `${ofPoints} is not ${mean}`);
      }
    }),
    { numRuns: fuzzCases(200), seed: FUZZ_SEED },
  );
});

test("the same rows in any order make the same points, to the bit", () => {
  fc.assert(
    fc.property(CASES, fc.nat(), ({ size, rows, scale }, seed) => {
      const other = shuffled(rows, seed);
      assert.deepEqual(
        pointsOf(other, null, groupRows(other, null, size, scale)),
        pointsOf(rows, null, groupRows(rows, null, size, scale)),
      );
    }),
    { numRuns: fuzzCases(200), seed: FUZZ_SEED },
  );
});

test("thousands of rows, of which some are looked at for a direction, make the same points in any order", () => {
  const random = randomStream(11, "thousands");
  const [nRows, nColumns] = [5000, 3];
  // Rounded, so that there are ties and rows that are equal.
  const data = Float64Array.from({ length: nRows * nColumns }, (_, i) =>
    i % nColumns === 0 ? Math.round(3 * random.normal()) : random.normal(),
  );
  const rows = { data, nRows, nColumns };
  const groups = groupRows(rows, null, 5);
  for (const count of sizesOf(groups)) assert.ok(count >= 5 && count < 10, `${count} rows`);
  const other = shuffled(rows, 1);
  assert.deepEqual(pointsOf(other, null, groupRows(other, null, 5)), pointsOf(rows, null, groups));
});

test("groups of one row are the rows themselves", () => {
  fc.assert(
    fc.property(matrices(1), (rows) => {
      const groups = groupRows(rows, null, 1);
      const { points, weights } = pointsOf(rows, null, groups);
      assert.ok(weights.every((weight) => weight === 1));
      const d = rows.nColumns;
      groups.rows.forEach((row, g) => {
        for (let j = 0; j < d; j++) assert.ok(points.data[g * d + j] === rows.data[row * d + j]);
      });
    }),
    { numRuns: fuzzCases(100), seed: FUZZ_SEED },
  );
});

/** Values with a few decimals, as files have them, and what of each row is moved to the next in a group of all. */
const MOVES = fc.array(
  fc.record({ value: fc.integer({ min: -5000, max: 5000 }), moved: fc.integer({ min: -3000, max: 3000 }) }),
  { minLength: 2, maxLength: 19 },
);

test("a point tells of its rows' sum and of nothing else: other rows of the same sum give the same bits", () => {
  fc.assert(
    fc.property(MOVES, fc.constantFrom(1, 10, 100), (moves, parts) => {
      const ofOne = (values: number[]) => {
        const rows = { data: Float64Array.from(values, (x) => x / parts), nRows: values.length, nColumns: 1 };
        return pointsOf(rows, null, groupRows(rows, null, values.length)).points.data;
      };
      const values = moves.map(({ value }) => value);
      const others = moves.map(({ value, moved }, i) => value + moved - moves.at(i - 1)!.moved);
      // Of the only point of a client, and where values cancel out all but a thousandth, rounding may be seen.
      fc.pre(Math.abs(values.reduce((sum, x) => sum + x)) >= 5 * values.length);
      const [point] = ofOne(values);
      assert.deepEqual(ofOne(others), Float64Array.of(point));
      const exact = values.reduce((sum, x) => sum + x) / values.length / parts;
      assert.ok(Math.abs(point - exact) <= 1e-9 * Math.abs(exact), `${point} is not ${exact}`);
    }),
    { numRuns: fuzzCases(1000), seed: FUZZ_SEED },
  );
});

test("points are rounded at all magnitudes, and decimals stay what they are", () => {
  for (const unit of [1e-300, 1e-30, 1e-9, 1, 1e9, 1e30, 1e300]) {
    const data = Float64Array.of(0.1, 0.1, 0.2, 0.4).map((x) => x * unit);
    const rows = { data, nRows: 4, nColumns: 1 };
    const { points } = pointsOf(rows, null, {
      rows: Uint32Array.of(0, 1, 2, 3),
      starts: Uint32Array.of(0, 2, 4),
    });
    assert.deepEqual(
      Array.from(points.data, (x) => x.toPrecision(11)),
      [0.1 * unit, 0.3 * unit].map((x) => x.toPrecision(11)),
    );
    assert.deepEqual(
      points.data,
      points.data.map((x) => Number(x.toPrecision(11))),
    );
  }
});

test("a feature of one value keeps it to the bit", () => {
  const rows = { data: new Float64Array(60).fill(0.1), nRows: 30, nColumns: 2 };
  for (let i = 0; i < 30; i++) rows.data[2 * i] = i;
  const { points } = pointsOf(rows, null, groupRows(rows, null, 7));
  assert.ok(points.data.every((x, i) => i % 2 === 0 || x === 0.1));
});

test("under a larger size groups merge as wholes, into groups of at least that size", () => {
  fc.assert(
    fc.property(CASES, fc.integer({ min: 1, max: 20 }), ({ size, rows }, more) => {
      const few = pointsOf(rows, null, groupRows(rows, null, size));
      const larger = Math.min(size + more, rows.nRows);
      const merged = groupRows(few.points, few.weights, larger);
      const { weights } = pointsOf(few.points, few.weights, merged);
      for (const weight of weights) assert.ok(weight >= larger, `${weight} rows`);
      assert.equal(
        weights.reduce((sum, weight) => sum + weight),
        rows.nRows,
      );
    }),
    { numRuns: fuzzCases(200), seed: FUZZ_SEED },
  );
});

test("rows that lie apart come into groups of their own", () => {
  const random = randomStream(3, "apart");
  const nRows = 120;
  // Four places, each with 30 rows; groups of at least 10 need never mix two.
  const data = Float64Array.from({ length: 2 * nRows }, (_, i) => {
    const place = Math.floor(i / 2) % 4;
    return 100 * (i % 2 === 0 ? place % 2 : Math.floor(place / 2)) + random.normal();
  });
  const { rows, starts } = groupRows({ data, nRows, nColumns: 2 }, null, 10);
  for (let g = 0; g < starts.length - 1; g++) {
    const places = new Set(Array.from(rows.subarray(starts[g], starts[g + 1]), (row) => row % 4));
    assert.equal(places.size, 1);
  }
});

test("many features, more than rows, are split like few", () => {
  const random = randomStream(5, "wide");
  const [nRows, nColumns] = [40, 300];
  const data = Float64Array.from(
    { length: nRows * nColumns },
    (_, i) => (Math.floor(i / nColumns) % 2) * 3 + random.normal(),
  );
  const { rows, starts } = groupRows({ data, nRows, nColumns }, null, 10);
  assert.equal(starts.length, 5);
  for (let g = 0; g < 4; g++) {
    assert.equal(new Set(Array.from(rows.subarray(starts[g], starts[g + 1]), (row) => row % 2)).size, 1);
  }
});

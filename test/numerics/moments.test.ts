import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { columnMeans, combineMoments, meanRow, moments } from "#src/numerics/moments.js";
import { randomStream } from "#src/numerics/random.js";
import { combineScatters, type Scatter, scatter } from "#src/numerics/scatter.js";
import { repeatRows } from "../support/clusterings.js";
import { assertClose } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

/** What each column of the comparison with exact arithmetic holds. */
const COLUMNS: Record<string, (normal: number) => number> = {
  ordinary: (normal) => 3 + 2 * normal,
  "offset 1e9, spread 1": (normal) => 1e9 + normal,
  "offset -1e9, spread 1e-3": (normal) => -1e9 + 1e-3 * normal,
  "spread 1e-150": (normal) => 1e-150 * normal,
  "spread 1e150": (normal) => 1e150 * normal,
  "constant 0.1": () => 0.1,
  "constant 0": () => 0,
};
const D = Object.keys(COLUMNS).length;

/** Row counts of the clients: one row, one block, more than a block. */
const SIZES = [1, 300, 37, 1024, 1100];

function clientRows(n: number): Float64Array {
  const random = randomStream(0, `moments ${n}`);
  return Float64Array.from({ length: n * D }, (_, i) => Object.values(COLUMNS)[i % D](random.normal()));
}

test("pooled moments and scatters are those of all rows, in exact arithmetic", {
  skip: skipWithoutPython,
}, () => {
  const parts = SIZES.map(clientRows);
  const exact = askPython<{ mean: number[]; squares: number[]; products: number[]; scale: number[] }>(
    `
from fractions import Fraction
columns = [[Fraction(x) for part in cases["parts"] for x in part[f::cases["d"]]] for f in range(cases["d"])]
means = [sum(c) / len(c) for c in columns]
centred = [[x - m for x in c] for c, m in zip(columns, means)]
pairs = [(a, b) for a in range(len(columns)) for b in range(a, len(columns))]
products = [float(sum(x * y for x, y in zip(centred[a], centred[b]))) for a, b in pairs]
squares = [products[i] for i, (a, b) in enumerate(pairs) if a == b]
answer({"mean": [float(m) for m in means], "squares": squares, "products": products,
        "scale": [squares[a] ** 0.5 * squares[b] ** 0.5 for a, b in pairs]})
`,
    { parts, d: D },
  );
  const total = combineMoments(parts.map((rows) => moments(rows, D, null)));
  const nSamples = SIZES.reduce((a, b) => a + b);
  assert.equal(total.nSamples, nSamples);
  const pooled = combineScatters(parts.map((rows) => scatter(rows, D, null)));
  assert.equal(pooled.nSamples, nSamples);
  for (const [f, name] of Object.keys(COLUMNS).entries()) {
    const near = (actual: number, expected: number, tolerance: number) =>
      assert.ok(Math.abs(actual - expected) <= tolerance, `${name}: expected ${expected}, found ${actual}`);
    const spread = Math.sqrt(exact.squares[f] / nSamples);
    near(
      total.sums[f] / nSamples,
      exact.mean[f],
      4 * Number.EPSILON * Math.abs(exact.mean[f]) + 1e-14 * spread,
    );
    near(pooled.mean[f], exact.mean[f], 4 * Number.EPSILON * Math.abs(exact.mean[f]) + 1e-14 * spread);
    // Floats near 1e9, a client's mean among them, are 1.2e-7 apart.
    const tolerance = name.includes("1e-3") ? 1e-5 : name.includes("1e9") ? 1e-8 : 1e-13;
    near(total.centeredSquaredSums[f], exact.squares[f], tolerance * exact.squares[f]);
  }
  for (const [t, product] of exact.products.entries()) {
    const difference = Math.abs(pooled.upper[t] - product);
    assert.ok(
      difference <= 1e-5 * exact.scale[t],
      `product ${t}: expected ${product}, found ${pooled.upper[t]}`,
    );
  }
});

test("one client's moments are those of its rows alone, without rounding for a constant feature", () => {
  const { nSamples, sums, centeredSquaredSums } = moments(Float64Array.of(1, 0.1, 2, 0.1, 6, 0.1), 2, null);
  assert.equal(nSamples, 3);
  assertClose(sums, [9, 0.3], 1e-15, "sums");
  assert.deepEqual(centeredSquaredSums, Float64Array.of(14, 0));
});

test("column means are relative to their origin", () => {
  assert.deepEqual(
    columnMeans(Float64Array.of(1e15 + 1, 5, 1e15 + 3, 6), Float64Array.of(1e15, 5), null),
    Float64Array.of(2, 0.5),
  );
});

/** Rows cut into clients anywhere. */
const cutRows = fc
  .record({
    d: fc.integer({ min: 1, max: 4 }),
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
  })
  .chain(({ d, sizes }) => {
    const length = d * sizes.reduce((a, b) => a + b);
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
      minLength: length,
      maxLength: length,
    });
    return fc.record({ d: fc.constant(d), sizes: fc.constant(sizes), values });
  });

test("however rows are cut into clients, they pool to the moments and the scatter of the whole", () => {
  fc.assert(
    fc.property(cutRows, ({ d, sizes, values }) => {
      const rows = Float64Array.from(values);
      let start = 0;
      const parts = sizes.map((size) => rows.slice(start, (start += size * d)));
      const whole = moments(rows, d, null);
      const total = combineMoments(parts.map((part) => moments(part, d, null)));
      assert.equal(total.nSamples, whole.nSamples);
      const wholeScatter = scatter(rows, d, null);
      const pooled: Scatter = combineScatters(parts.map((part) => scatter(part, d, null)));
      assert.equal(pooled.nSamples, whole.nSamples);
      // Of values up to 1e3, and of their squares; what cancels out does not make rounding smaller.
      const near = (actual: Float64Array, expected: Float64Array, unit: number) => {
        const limit = 16 * whole.nSamples * Number.EPSILON * unit;
        assert.ok(expected.every((value, i) => Math.abs(value - actual[i]) <= limit));
      };
      near(total.sums, whole.sums, 1e3 * whole.nSamples);
      near(total.centeredSquaredSums, whole.centeredSquaredSums, 1e6);
      near(pooled.mean, wholeScatter.mean, 1e3);
      near(pooled.upper, wholeScatter.upper, 1e6);
    }),
  );
});

test("a feature constant over ten thousand uneven clients pools to no spread beyond rounding", () => {
  const parts = Array.from({ length: 10_000 }, (_, i) => new Float64Array(1 + ((i * 7919) % 97)).fill(0.1));
  const { sums, centeredSquaredSums, nSamples } = combineMoments(parts.map((rows) => moments(rows, 1, null)));
  assertClose([sums[0] / nSamples], [0.1], Number.EPSILON, "mean");
  assert.ok(Math.sqrt(centeredSquaredSums[0] / nSamples) <= 2 * Number.EPSILON * 0.1);
});

test("equal rows pool to a scatter of exactly zero, whatever the sizes of the clients", () => {
  const parts = [1, 2, 3, 5, 7, 11].map((n) => new Float64Array(2 * n).map((_, i) => [0.1, 1e9 / 3][i % 2]));
  const { mean, upper } = combineScatters(parts.map((rows) => scatter(rows, 2, null)));
  assert.deepEqual(mean, Float64Array.of(0.1, 1e9 / 3));
  assert.deepEqual(upper, new Float64Array(3));
});

/** Rows with an offset and weights, some of them 0: more than a block. */
function weightedRows(n: number, d: number, weightOf: (uniform: number) => number) {
  const random = randomStream(3, `weighted ${n} ${d}`);
  const rows = Float64Array.from({ length: n * d }, (_, i) => 1e4 * (i % d) + random.normal());
  return { rows, weights: Float64Array.from({ length: n }, () => weightOf(random.uniform())) };
}

const SHAPES = [
  [1, 1],
  [5, 2],
  [1024, 3],
  [2500, 4],
] as const;

test("weights are those of NumPy's cov, as frequencies and as any numbers", {
  skip: skipWithoutPython,
}, () => {
  const cases = SHAPES.flatMap(([n, d]) =>
    [(u: number) => Math.floor(4 * u) + (n === 1 ? 2 : 0), (u: number) => 0.01 + u].map((weightOf) => ({
      d,
      ...weightedRows(n, d, weightOf),
    })),
  );
  const expected = askPython<{ mean: number[]; scatter: number[][] }[]>(
    `
def cov(case):
    X, w = np.array(case["rows"]).reshape(-1, case["d"]), np.array(case["weights"])
    whole = (w == np.round(w)).all()
    weights = {"fweights": w.astype(int)} if whole else {"aweights": w}
    return {"mean": np.average(X, axis=0, weights=w),
            "scatter": np.atleast_2d(np.cov(X, rowvar=False, ddof=0, **weights)) * w.sum()}
answer([cov(case) for case in cases])
`,
    cases,
  );
  for (const [i, { rows, d, weights }] of cases.entries()) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const { mean, scatter: products } = expected[i];
    const what = `${weights.length} x ${d}, case ${i}`;
    const found = moments(rows, d, weights);
    assertClose([found.nSamples], [total], 1e-13, what);
    assertClose(
      found.sums.map((sum) => sum / total),
      mean,
      1e-13,
      what,
    );
    assertClose(
      found.centeredSquaredSums,
      products.map((row, f) => row[f]),
      1e-10,
      what,
    );
    const ofRows = scatter(rows, d, weights);
    assertClose(ofRows.mean, mean, 1e-13, what);
    assertClose(
      ofRows.upper,
      products.flatMap((row, a) => row.slice(a)),
      1e-10,
      what,
    );
  }
});

test("a whole weight counts as so many rows, and weights of one as none, to the bit", () => {
  for (const [n, d] of SHAPES) {
    const { rows, weights } = weightedRows(n, d, (uniform) => Math.floor(4 * uniform) + (n === 1 ? 1 : 0));
    const labels = new Int32Array(n);
    const repeated = repeatRows({ rows, labels, weights }, d).rows;
    const [found, plain] = [moments(rows, d, weights), moments(repeated, d, null)];
    assert.equal(found.nSamples, plain.nSamples);
    assertClose(found.sums, plain.sums, 1e-12, `${n} x ${d}: sums`);
    assertClose(found.centeredSquaredSums, plain.centeredSquaredSums, 1e-11, `${n} x ${d}: squares`);
    assertClose(meanRow(rows, d, weights), meanRow(repeated, d, null), 1e-13, `${n} x ${d}: mean`);
    const ones = new Float64Array(n).fill(1);
    assert.deepEqual(moments(rows, d, ones), moments(rows, d, null));
    assert.deepEqual(scatter(rows, d, ones), scatter(rows, d, null));
    const pooled = combineMoments([moments(rows, d, weights), moments(rows, d, ones)]);
    assert.equal(pooled.nSamples, found.nSamples + n);
  }
});

test("a row of weight 0 leaves no trace, not even of rounding where the others are equal", () => {
  const rows = Float64Array.of(1e9, 0.1, 0.1, -1e9, 0.1);
  const { nSamples, sums, centeredSquaredSums } = moments(rows, 1, Float64Array.of(0, 2, 0.5, 0, 3));
  assert.equal(nSamples, 5.5);
  assert.equal(sums[0], 5.5 * 0.1);
  assert.equal(centeredSquaredSums[0], 0);
});

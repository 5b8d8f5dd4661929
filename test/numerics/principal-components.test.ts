import assert from "node:assert/strict";
import { test } from "node:test";
import { moments } from "#src/numerics/moments.js";
import { principalComponents } from "#src/numerics/principal-components.js";
import { randomStream } from "#src/numerics/random.js";
import { scatter } from "#src/numerics/scatter.js";
import { applyTransform, invertTransform, type Transform } from "#src/numerics/transform.js";
import { assertClose, flat, gaussianClusters, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

/** Correlated columns of different scales. */
function skewedRows(n: number, d: number): Float64Array {
  const plain = gaussianClusters(`pca ${n} ${d}`, n, d, 3, 2);
  const rows = plain.slice();
  for (let i = 0; i < n; i++) {
    for (let f = 1; f < d; f++)
      rows[i * d + f] = (f + 1) * (plain[i * d + f] + 0.5 * plain[i * d + f - 1]) + 10 * f;
  }
  return rows;
}

interface PooledPca {
  mean: number[];
  components: number[][];
  variance: number[];
  ratio: number[];
  transformed: number[][];
  restored: number[][];
}

const SCIKIT_LEARN = `
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from sklearn.utils.extmath import svd_flip
def pca(case):
    scaler = StandardScaler(with_mean=case["standardize"], with_std=case["standardize"])
    X = scaler.fit_transform(np.array(case["rows"]))
    found = PCA(case["nComponents"], svd_solver="full").fit(X)
    # Newer versions take each sign from the component itself, older ones from the projected rows.
    found.components_ = svd_flip(found.components_.T.copy(), found.components_.copy(), u_based_decision=False)[1]
    transformed = found.transform(X)
    return {"mean": found.mean_, "components": found.components_, "variance": found.explained_variance_,
            "ratio": found.explained_variance_ratio_, "transformed": transformed,
            "restored": scaler.inverse_transform(found.inverse_transform(transformed))}
answer([pca(case) for case in cases])
`;

test("components, variances, signs, projections and their inverse are scikit-learn's", {
  skip: skipWithoutPython,
}, () => {
  const problems = [
    [200, 1, 1],
    [200, 2, 2],
    [300, 3, 1],
    [300, 5, 5],
    [12, 20, 6],
  ].flatMap(([n, d, nComponents]) =>
    // Two standardized columns have components (1, 1) and (1, -1), whose signs only rounding decides.
    [false, ...(d === 2 ? [] : [true])].map((standardize) => ({
      n,
      d,
      nComponents,
      standardize,
      rows: skewedRows(n, d),
    })),
  );
  const expected = askPython<PooledPca[]>(
    SCIKIT_LEARN,
    problems.map((problem) => ({ ...problem, rows: rowsOf(problem.rows, problem.d) })),
  );
  for (const [i, { n, d, nComponents, standardize, rows }] of problems.entries()) {
    const theirs = expected[i];
    const what = `${n} x ${d}, ${nComponents} components, ${standardize ? "" : "not "}standardized`;
    const matrix = { data: rows, nRows: n, nColumns: d };
    const { sums, centeredSquaredSums } = moments(rows, d, null);
    const normalization = standardize
      ? { mean: sums.map((sum) => sum / n), scale: centeredSquaredSums.map((sum) => Math.sqrt(sum / n)) }
      : null;
    const standardized = applyTransform({ normalization, projection: null }, matrix);
    const pca = principalComponents(scatter(standardized.data, d, null), nComponents);
    assert.equal(pca.nComponents, nComponents);
    assertClose(pca.mean, theirs.mean, 1e-12, `${what}: mean`);
    assertClose(pca.components, theirs.components.flat(), 1e-8, `${what}: components`);
    assertClose(pca.explainedVariance, theirs.variance, 1e-10, `${what}: variance`);
    assertClose(pca.explainedVarianceRatio, theirs.ratio, 1e-10, `${what}: ratio`);

    const transform: Transform = { normalization, projection: pca };
    const projected = applyTransform(transform, matrix);
    assert.deepEqual([projected.nRows, projected.nColumns], [n, nComponents]);
    assertClose(projected.data, theirs.transformed.flat(), 1e-8, `${what}: projected rows`);
    const restored = invertTransform(transform, projected);
    assert.deepEqual([restored.nRows, restored.nColumns], [n, d]);
    assertClose(restored.data, theirs.restored.flat(), 1e-8, `${what}: restored rows`);
  }
});

test("signs of equal loadings do not depend on the order of the rows", () => {
  const n = 60;
  const order = randomStream(0, "order");
  for (const [d, slope] of [
    [2, 0.7],
    [2, -0.7],
    [3, 0.9],
  ]) {
    const normal = randomStream(1, "equal loadings");
    const rows = Array.from({ length: n }, () => {
      const shared = normal.normal();
      return Array.from({ length: d }, (_, f) => (f === 0 ? shared : slope * shared) + 0.3 * normal.normal());
    });
    const found = new Set<string>();
    for (let shuffle = 0; shuffle < 40; shuffle++) {
      for (let i = n - 1; i > 0; i--) {
        const j = order.integer(i + 1);
        [rows[i], rows[j]] = [rows[j], rows[i]];
      }
      const data = flat(rows);
      const { sums, centeredSquaredSums } = moments(data, d, null);
      const normalization = {
        mean: sums.map((sum) => sum / n),
        scale: centeredSquaredSums.map((sum) => Math.sqrt(sum / n)),
      };
      const matrix = { data, nRows: n, nColumns: d };
      const standardized = applyTransform({ normalization, projection: null }, matrix).data;
      const { components } = principalComponents(scatter(standardized, d, null), 2);
      found.add(Array.from(components, (value) => value.toFixed(3)).join());
    }
    assert.equal(found.size, 1, [...found].join(" or "));
    if (d === 2) {
      const [first] = found;
      const up = "0.707,0.707";
      const down = "0.707,-0.707";
      assert.equal(first, slope > 0 ? `${up},${down}` : `${down},${up}`);
    }
  }
});

test("a direction without variance has variance 0, never less, and comes last", () => {
  const rows = flat(Array.from({ length: 50 }, (_, i) => [Math.sin(i), 7, 2 * Math.sin(i)]));
  const pca = principalComponents(scatter(rows, 3, null), 3);
  assertClose(
    pca.components.subarray(0, 3),
    [1 / Math.sqrt(5), 0, 2 / Math.sqrt(5)],
    1e-12,
    "first component",
  );
  assertClose(pca.explainedVarianceRatio, [1, 0, 0], 1e-12, "ratios");
  assert.ok(pca.explainedVariance.every((variance) => variance >= 0));
});

test("components are orthonormal, and the largest coefficient of each is positive", () => {
  const d = 8;
  const { components } = principalComponents(scatter(skewedRows(100, d), d, null), d);
  const rows = rowsOf(components, d);
  const products = rows.flatMap((a) => rows.map((b) => a.reduce((sum, value, f) => sum + value * b[f], 0)));
  const identity = rows.flatMap((_, i) => rows.map((_, j) => (i === j ? 1 : 0)));
  assertClose(products, identity, 1e-12, "products");
  for (const row of rows) assert.ok(Math.max(...row) >= -Math.min(...row));
});

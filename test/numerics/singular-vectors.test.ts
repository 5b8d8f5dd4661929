import assert from "node:assert/strict";
import { test } from "node:test";
import { dot } from "#src/numerics/orthonormal.js";
import { leadingSingularVectors } from "#src/numerics/singular-vectors.js";
import { repeatRows } from "../support/clusterings.js";
import { assertClose, gaussianClusters, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

test("leading right singular vectors span what NumPy's do, and are no more than the rank", {
  skip: skipWithoutPython,
}, () => {
  const k = 4;
  const problems = [
    [20, 6],
    [6, 20],
    [430, 410],
    [410, 430],
  ].map(([n, d]) => ({ d, rows: gaussianClusters(`singular ${n} ${d}`, n, d, k, 2) }));
  const expected = askPython<number[][][]>(
    `
def projector(case):
    v = np.linalg.svd(np.array(case["rows"]), full_matrices=False)[2][:${k}]
    return v[:, :3].T @ v
answer([projector(case) for case in cases])
`,
    problems.map(({ rows, d }) => ({ rows: rowsOf(rows, d) })),
  );
  for (const [i, { rows, d }] of problems.entries()) {
    const found = rowsOf(leadingSingularVectors(rows, d, null, k), d);
    assert.equal(found.length, k);
    // Of the projector, which knows no signs, the first three rows.
    const projector = [0, 1, 2].map((a) =>
      Array.from({ length: d }, (_, b) => found.reduce((sum, v) => sum + v[a] * v[b], 0)),
    );
    assertClose(projector.flat(), expected[i].flat(), 1e-9, `${rows.length / d} x ${d}`);
    const flat = gaussianClusters("two", 2, d, 2);
    const ofRankTwo = Float64Array.from(rows, (_, at) => {
      const row = Math.floor(at / d);
      return flat[at % d] + (row % 7) * flat[d + (at % d)];
    });
    assert.equal(
      leadingSingularVectors(ofRankTwo, d, null, k).length,
      2 * d,
      `rank 2 of ${rows.length / d} x ${d}`,
    );
  }
});

test("a row of whole weight leads as so many rows do", () => {
  const k = 3;
  for (const [n, d] of [
    [40, 6],
    [8, 30],
    [430, 410],
  ]) {
    const rows = gaussianClusters(`weighted singular ${n} ${d}`, n, d, k, 2);
    const weights = Float64Array.from({ length: n }, (_, i) => i % 3);
    const repeated = repeatRows({ rows, labels: new Int32Array(n), weights }, d).rows;
    const [found, expected] = [
      leadingSingularVectors(rows, d, weights, k),
      leadingSingularVectors(repeated, d, null, k),
    ];
    for (let v = 0; v < k * d; v += d) {
      const [a, b] = [found.subarray(v, v + d), expected.subarray(v, v + d)];
      assertClose([Math.abs(dot(a, b))], [1], 1e-9, `${n} x ${d}, vector ${v / d}`);
    }
  }
});

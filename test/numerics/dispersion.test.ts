import assert from "node:assert/strict";
import { test } from "node:test";
import { calinskiHarabaszScore, daviesBouldinScore, dispersionAbout } from "#src/numerics/dispersion.js";
import { CLUSTERINGS, meansOf, repeatRows } from "../support/clusterings.js";
import { assertClose, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { SCIKIT_LEARN_TOLERANCE, SCORES } from "../support/scores.js";

function dispersionOf(rows: Float64Array, d: number, labels: Int32Array, k: number) {
  return dispersionAbout({ rows, labels, weights: null }, meansOf(rows, d, labels, k), d);
}

test("Davies-Bouldin and Calinski-Harabasz are their formulas', degenerate clusterings too", {
  skip: skipWithoutPython,
}, () => {
  type Scores = Record<"daviesBouldin" | "calinskiHarabasz", number>;
  const expected = askPython<{ formulas: Scores; scikitLearn: Scores }[]>(
    `${SCORES}
from sklearn import metrics
def scores(case):
    X, labels = np.array(case["rows"]), np.array(case["labels"])
    return {"formulas": {"daviesBouldin": davies_bouldin(X, labels),
                         "calinskiHarabasz": calinski_harabasz(X, labels)},
            "scikitLearn": {"daviesBouldin": metrics.davies_bouldin_score(X, labels),
                            "calinskiHarabasz": metrics.calinski_harabasz_score(X, labels)}}
answer([scores(case) for case in cases])
`,
    CLUSTERINGS.map(({ rows, labels, d }) => ({ rows: rowsOf(rows, d), labels })),
  );
  for (const [i, { name, rows, d, k, labels }] of CLUSTERINGS.entries()) {
    const { formulas, scikitLearn } = expected[i];
    const dispersion = dispersionOf(rows, d, labels, k);
    const ours: Scores = {
      daviesBouldin: daviesBouldinScore(dispersion)!,
      calinskiHarabasz: calinskiHarabaszScore(dispersion)!,
    };
    for (const score of ["daviesBouldin", "calinskiHarabasz"] as const) {
      assertClose([ours[score]], [formulas[score]], 1e-12, `${score}, ${name}`);
      assertClose(
        [ours[score]],
        [scikitLearn[score]],
        SCIKIT_LEARN_TOLERANCE,
        `${score} of sklearn, ${name}`,
      );
    }
  }
});

test("a point of some weight lies as far from its mean as so many rows", () => {
  for (const { name, rows, labels, means, d } of CLUSTERINGS) {
    const points = { rows, labels, weights: Float64Array.from(labels, (_, i) => (i * i + 1) % 4) };
    const [found, expected] = [points, repeatRows(points, d)].map((all) => dispersionAbout(all, means, d));
    assert.deepEqual(found.counts, expected.counts);
    assertClose(found.distanceSums, expected.distanceSums, 1e-12, name);
    assertClose(found.squaredDistanceSums, expected.squaredDistanceSums, 1e-12, name);
    const ones = { ...points, weights: new Float64Array(labels.length).fill(1) };
    assert.deepEqual(
      dispersionAbout(ones, means, d),
      dispersionAbout({ ...points, weights: null }, means, d),
    );
  }
});

test("scores that are not defined are null", () => {
  const one = dispersionOf(Float64Array.of(1, 2, 3), 1, new Int32Array(3).fill(1), 3);
  assert.equal(daviesBouldinScore(one), null);
  assert.equal(calinskiHarabaszScore(one), null);
  const each = dispersionOf(Float64Array.of(1, 2, 4), 1, Int32Array.of(0, 1, 2), 3);
  assert.equal(daviesBouldinScore(each), 0);
  assert.equal(calinskiHarabaszScore(each), null);
});

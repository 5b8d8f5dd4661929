import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFeature } from "#src/numerics/describe-feature.js";
import { assertClose, gaussianClusters } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

test("a description has the mean and standard deviation of exact arithmetic, minimum and maximum", {
  skip: skipWithoutPython,
}, () => {
  const samples = [[5], [2, 2, 2], [-1, 4], Array.from(gaussianClusters("summary", 500, 1, 3, 30))];
  const expected = askPython<number[][]>(
    "import statistics\nanswer([[statistics.mean(x), statistics.pstdev(x), min(x), max(x)] for x in cases])",
    samples,
  );
  for (const [i, sample] of samples.entries()) {
    const { mean, std, min, max } = describeFeature(sample);
    assertClose([mean, std, min, max], expected[i], 1e-14, `sample ${i}`);
  }
  assert.equal(describeFeature([2, 2, 2]).std, 0);
});

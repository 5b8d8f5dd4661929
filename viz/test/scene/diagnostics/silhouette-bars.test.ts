import assert from "node:assert/strict";
import { test } from "node:test";
import { silhouettesOf } from "#src/read/silhouette.js";
import { barsOf, inColumns, outlineOf } from "#src/scene/diagnostics/silhouette-bars.js";
import { sampleExperiment } from "../../support/sample.js";

test("bars hold every coefficient once, sorted in its cluster, as high as its rows", () => {
  const silhouettes = silhouettesOf(sampleExperiment({ groups: "drawn" }), 3)!;
  const bars = barsOf(silhouettes);
  assert.deepEqual(
    bars.flatMap(({ values }) => values).toSorted((a, b) => a - b),
    [...silhouettes.coefficients].sort((a, b) => a - b),
  );
  for (const { cluster, values, ends, nRows } of bars) {
    assert.ok(values.every((value, i) => i === 0 || value <= values[i - 1]));
    assert.equal(ends.at(-1), nRows);
    assert.equal(nRows, silhouettes.clusters[cluster].nRows);
  }
});

test("an outline goes along the ends of the bars and back along zero", () => {
  const bars = { cluster: 0, nRows: 3, mean: 0, values: [0.5, -0.25], ends: [2, 3] };
  const x = (value: number) => 100 + 100 * value;
  assert.deepEqual(outlineOf(bars, x, 10, 4), [100, 10, 150, 10, 150, 18, 75, 18, 75, 22, 100, 22]);
  const many = {
    ...bars,
    values: Array<number>(9000).fill(0.5),
    ends: Array.from({ length: 9000 }, (_, i) => i + 1),
  };
  const outline = outlineOf(many, x, 0, 0.01);
  assert.ok(outline.length < 1000);
  assert.ok(Math.abs(outline.at(-1)! - 90) < 1e-9);
});

test("blocks keep their order in columns, of which the fullest holds as little as may be", () => {
  assert.deepEqual(inColumns([4, 1, 1, 1, 1], 2), [[0], [1, 2, 3, 4]]);
  assert.deepEqual(inColumns([1, 1, 1, 1, 4], 2), [[0, 1, 2, 3], [4]]);
  assert.deepEqual(inColumns([3, 3], 1), [[0, 1]]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PointsMark } from "#src/scene/marks/marks.js";
import { fullestOf } from "#src/scene/stage/fullest.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { marksOf, sceneOf } from "../../support/scene.js";

const PLOT = { x: 10, y: 10, width: 100, height: 100 };
/** So many rows in each square of two units. */
const filled = (perSquare: number): Float32Array =>
  Float32Array.from({ length: 2 * 2500 * perSquare }, (_, i) => {
    const square = Math.floor(i / 2 / perSquare);
    return 11 + 2 * (i % 2 === 0 ? square % 50 : Math.floor(square / 50));
  });

test("the fullest place of a density is that of the fullest panel, in rows a square unit", () => {
  const panel = (points: Float32Array, weights: Float32Array | null = null) => ({
    points,
    weights,
    plot: PLOT,
  });
  assert.equal(fullestOf([panel(filled(4)), panel(filled(12))], null), 3);
  assert.equal(fullestOf([panel(filled(8))], null), 2);
  assert.equal(fullestOf([panel(Float32Array.of(50, 50))], null), null);
});

test("all densities of a picture have one scale of darkness, symbols have none", () => {
  const scaleOf = (rowsPerClient: number) =>
    marksOf(sceneOf(sampleExperiment({ rowsPerClient }), still(2, "global")))
      .filter((mark): mark is PointsMark => mark.kind === "points")
      .map(({ fullest }) => fullest);
  assert.deepEqual(scaleOf(50), [null, null, null]);
  const scales = scaleOf(60_000);
  assert.ok(scales[0]! > 0);
  assert.equal(new Set(scales).size, 1);
});

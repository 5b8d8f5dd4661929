import assert from "node:assert/strict";
import { test } from "node:test";
import { countRows } from "#src/draw/density.js";
import type { PointsMark } from "#src/scene/marks.js";
import { draws } from "../support/sample.js";

const SIDE = 60;

/** How dark the middle of a panel of rows is, spread evenly, on a scale of darkness. */
function middleOf(nRows: number, fullest: number | null, pixelsPerUnit = 1): number {
  const draw = draws(3);
  const side = SIDE * pixelsPerUnit;
  const bytes = new Uint8ClampedArray(4 * side * side);
  const mark: PointsMark = {
    kind: "points",
    x: 0,
    y: 0,
    width: SIDE,
    height: SIDE,
    positions: Float32Array.from({ length: 2 * nRows }, () => SIDE * draw()),
    weights: null,
    labels: null,
    styles: [{ color: "#0072b2", shape: "circle" }],
    as: "density",
    radius: 0.5,
    opacity: 1,
    fullest,
  };
  countRows({ bytes, width: side, height: side }, mark, pixelsPerUnit, 0, 0);
  let sum = 0;
  for (let y = side / 4; y < (3 * side) / 4; y++) {
    for (let x = side / 4; x < (3 * side) / 4; x++) sum += bytes[4 * (y * side + x) + 3];
  }
  return sum / (side / 2) ** 2;
}

test("on the scale of a panel of ten times the rows a panel is lighter than on its own", () => {
  const fullest = 40_000 / SIDE ** 2;
  assert.ok(middleOf(40_000, fullest) > 220);
  assert.ok(middleOf(4_000, fullest) < middleOf(4_000, null) - 30);
});

test("rows as close as each other are as dark in a panel whose cells are larger", () => {
  // Few rows are counted in cells of two pixels, many in cells of one.
  const fullest = 20_000 / SIDE ** 2;
  const [few, many] = [3_000, 6_000].map((n) => middleOf(n, fullest));
  const expected = Math.log1p((4 * 3_000) / SIDE ** 2) / Math.log1p((4 * 6_000) / SIDE ** 2);
  assert.ok(Math.abs((few - 25) / (many - 25) - expected) < 0.08, `${few}, ${many}`);
  assert.ok(Math.abs(middleOf(20_000, fullest, 2) - middleOf(20_000, fullest)) < 25);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { countRows } from "#src/draw/density.js";
import type { PointsMark } from "#src/scene/marks/marks.js";

const SIDE = 60;

function alphaOf(
  positions: number[],
  scale = 1,
  fullest: number | null = 50,
): (x: number, y: number) => number {
  const bytes = new Uint8ClampedArray(4 * (SIDE * scale) ** 2);
  const mark: PointsMark = {
    kind: "points",
    x: 0,
    y: 0,
    width: SIDE,
    height: SIDE,
    positions: Float32Array.from(positions),
    weights: null,
    labels: null,
    styles: [{ color: "#0072b2", shape: "circle" }],
    as: "density",
    radius: 1,
    opacity: 1,
    fullest,
  };
  countRows({ width: SIDE * scale, height: SIDE * scale, bytes }, mark, scale, 0, 0);
  return (x, y) => bytes[4 * (y * SIDE * scale + x) + 3];
}

/** Rows a square unit, evenly, in the middle. */
function evenly(perUnit: number): number[] {
  const side = Math.sqrt(perUnit);
  const n = Math.round(40 * side);
  return Array.from({ length: n * n }, (_, i) => [
    10 + ((i % n) + 0.5) / side,
    10 + (Math.floor(i / n) + 0.5) / side,
  ]).flat();
}

test("a row that lies alone is a small dot, paler at its corners than at its edges", () => {
  const alpha = alphaOf([30.5, 30.5]);
  assert.ok(alpha(30, 30) > alpha(31, 30) && alpha(31, 30) > 1.5 * alpha(31, 31));
  assert.equal(alpha(32, 30), 0);
  assert.equal(alpha(30, 28), 0);
});

test("as many rows in an area are as dark in a picture of any size", () => {
  const [one, two, three] = [1, 2, 3].map((scale) => alphaOf(evenly(9), scale)(30 * scale, 30 * scale));
  assert.ok(Math.abs(one - two) <= 2 && Math.abs(one - three) <= 2, `${one}, ${two}, ${three}`);
  assert.ok(alphaOf(evenly(4))(30, 30) < one && alphaOf(evenly(16))(30, 30) > one);
});

test("where rows lie closest is darkest, and on a common scale of more rows it is paler", () => {
  const own = alphaOf(evenly(9), 1, null)(30, 30);
  assert.ok(own > 0.85 * 255);
  assert.ok(alphaOf(evenly(9), 1, 9)(30, 30) > alphaOf(evenly(9), 1, 90)(30, 30));
});

test("a row at the edge of the block leaves nothing at the other edge", () => {
  const alpha = alphaOf([59.5, 30.5, 59.5, 30.5, 59.5, 30.5]);
  assert.ok(alpha(59, 30) > 0);
  for (let y = 29; y <= 32; y++) for (let x = 0; x < 4; x++) assert.equal(alpha(x, y), 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { countRows } from "#src/draw/density.js";
import { NODE_HOST } from "#src/draw/node-host.js";
import { stampSymbols } from "#src/draw/symbols.js";
import type { PointsMark, Shape } from "#src/scene/marks/marks.js";

const SIDE = 200;
const blank = () => ({ width: SIDE, height: SIDE, bytes: new Uint8ClampedArray(4 * SIDE * SIDE) });

function markOf(positions: number[], weights: number[] | null, shape: Shape = "circle"): PointsMark {
  return {
    kind: "points",
    x: 0,
    y: 0,
    width: SIDE,
    height: SIDE,
    positions: Float32Array.from(positions),
    weights: weights && Float32Array.from(weights),
    labels: null,
    styles: [{ color: "#0072b2", shape }],
    as: "symbols",
    radius: 4,
    opacity: 1,
    fullest: null,
  };
}

/** Pixels that a picture covers, by their alpha. */
function ink(mark: PointsMark, scale = 1): number {
  const pixels = blank();
  stampSymbols(NODE_HOST, pixels, mark, scale, 0, 0);
  return pixels.bytes.reduce((sum, byte, i) => (i % 4 === 3 ? sum + byte / 255 : sum), 0);
}

test("a group of n rows covers n times the area of one, whatever its shape", () => {
  for (const shape of [
    "circle",
    "square",
    "triangle",
    "diamond",
    "triangle-down",
    "star",
    "cross",
  ] as const) {
    const one = ink(markOf([100, 100], [1], shape));
    for (const rows of [4, 5, 9, 40]) {
      const share = ink(markOf([100, 100], [rows], shape)) / (rows * one);
      assert.ok(Math.abs(share - 1) < 0.05, `${shape} of ${rows}: ${share}`);
    }
  }
});

test("the largest symbol of the largest picture is whole", () => {
  const radius = 11 * 6;
  const found = ink({ ...markOf([100, 100], [1]), radius });
  assert.ok(Math.abs(found / (Math.PI * radius ** 2) - 1) < 0.01);
});

test("in a density a group counts as its rows, at its place", () => {
  const grouped = blank();
  countRows(grouped, { ...markOf([60, 70, 120, 90], [3, 2]), as: "density" }, 1, 0, 0);
  const rows = blank();
  countRows(rows, { ...markOf([60, 70, 60, 70, 60, 70, 120, 90, 120, 90], null), as: "density" }, 1, 0, 0);
  const alpha = (bytes: Uint8ClampedArray, x: number, y: number) => bytes[4 * (y * SIDE + x) + 3];
  for (const [x, y] of [
    [60, 70],
    [120, 90],
  ]) {
    assert.ok(alpha(grouped.bytes, x, y) > 0);
    assert.equal(alpha(grouped.bytes, x, y), alpha(rows.bytes, x, y));
  }
});

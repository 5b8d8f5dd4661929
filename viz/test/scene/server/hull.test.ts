import assert from "node:assert/strict";
import { test } from "node:test";
import { heapsOf, hullOf } from "#src/scene/server/hull.js";
import { draws } from "../../support/sample.js";

/** Distance of a point from each side of a convex outline, positive inside. */
function depths(outline: readonly number[], { x, y }: { x: number; y: number }): number[] {
  const n = outline.length / 2;
  return Array.from({ length: n }, (_, i) => {
    const [ax, ay] = [outline[2 * i], outline[2 * i + 1]];
    const j = (i + 1) % n;
    const [dx, dy] = [outline[2 * j] - ax, outline[2 * j + 1] - ay];
    return (dx * (y - ay) - dy * (x - ax)) / Math.hypot(dx, dy);
  });
}

test("a hull holds each of its points with the whole border around it, and touches the outermost", () => {
  const draw = draws(3);
  for (const n of [1, 2, 3, 8, 200]) {
    const points = Array.from({ length: n }, () => ({ x: 100 * draw(), y: 40 * draw() }));
    const nearest = points.map((point) => Math.min(...depths(hullOf(points, 6), point)));
    assert.ok(Math.min(...nearest) > 6 - 1e-9, `${n} points: ${Math.min(...nearest)}`);
    assert.ok(Math.min(...nearest) < 6.2);
  }
});

test("a hull of points in a line, or on each other, is whole", () => {
  const line = Array.from({ length: 5 }, (_, i) => ({ x: 10 * i, y: 20 }));
  assert.ok(line.every((point) => Math.min(...depths(hullOf(line, 4), point)) > 4 - 1e-9));
  const same = Array.from({ length: 4 }, () => ({ x: 1, y: 2 }));
  assert.ok(Math.min(...depths(hullOf(same, 4), same[0])) > 4 - 1e-9);
  assert.deepEqual(hullOf([], 4), []);
});

test("points that lie together make a heap, in whatever order they come", () => {
  const left = Array.from({ length: 6 }, (_, i) => ({ x: 8 * i, y: 0 }));
  const right = Array.from({ length: 4 }, (_, i) => ({ x: 200, y: 8 * i }));
  const points = [left[5], ...right, ...left.slice(0, 5)];
  assert.deepEqual(heapsOf(points, 10), [
    [0, 5, 6, 7, 8, 9],
    [1, 2, 3, 4],
  ]);
  assert.deepEqual(
    heapsOf(
      [
        { x: -1e6, y: 0 },
        { x: 0, y: -1e6 },
        { x: -1e6, y: 1 },
      ],
      10,
    ),
    [[0, 2], [1]],
  );
  assert.deepEqual(heapsOf([], 10), []);
});

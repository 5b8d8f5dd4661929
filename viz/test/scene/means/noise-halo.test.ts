import assert from "node:assert/strict";
import { test } from "node:test";
import type { AreaMark, LineMark, Mark } from "#src/scene/marks/marks.js";
import { haloMarks } from "#src/scene/means/noise-halo.js";
import { type Domain, scaleOf } from "#src/scene/stage/scale.js";

const PLOT = { x: 100, y: 50, width: 400, height: 200 };
const PLANE = { axes: ["x", "y"] } as const;
/** 40 units of length a unit of x, 20 of y: no one unit for both. */
const DOMAIN: Domain = { x: [-5, 5], y: [-5, 5] };
const AREA = { plot: PLOT, scale: { ...scaleOf(DOMAIN, PLOT, null), ...units(40, 20) } };
const MIDDLE = { x: 300, y: 150 };

function units(perX: number, perY: number) {
  return { x: (value: number) => 300 + perX * value, y: (value: number) => 150 - perY * value };
}

const halo = (error: number, at = MIDDLE, opacity = 1) =>
  haloMarks(PLANE, AREA, { cluster: 2, at, error, radius: 8 }, opacity);

function spanOf(marks: readonly Mark[], axis: 0 | 1): [number, number] {
  const { points } = marks.find((mark): mark is AreaMark => mark.kind === "area")!;
  const values = points.filter((_, i) => i % 2 === axis);
  return [Math.min(...values), Math.max(...values)];
}

const near = (found: readonly number[], expected: readonly number[]) =>
  found.every((value, i) => Math.abs(value - expected[i]) < 0.2);

test("a halo reaches one standard error in each direction, in the units of each axis", () => {
  const marks = halo(2);
  assert.ok(near(spanOf(marks, 0), [220, 380]) && near(spanOf(marks, 1), [110, 190]));
  const ring = marks.filter((mark): mark is LineMark => mark.kind === "line");
  assert.equal(ring.length, 1);
  const { points } = ring[0];
  assert.deepEqual(points.slice(-2), points.slice(0, 2), "the ring is closed");
  for (let i = 0; i < points.length; i += 2) {
    const r = Math.hypot((points[i] - 300) / 80, (points[i + 1] - 150) / 40);
    assert.ok(Math.abs(r - 1) < 1e-9);
  }
  assert.ok(marks.every((mark) => mark.cluster === 2));
});

test("there is no halo without noise, or where the mean hides it, and none of what has faded", () => {
  assert.deepEqual(halo(0), []);
  assert.deepEqual(halo(8 / 40), []);
  assert.notDeepEqual(halo(12 / 40), []);
  assert.deepEqual(halo(2, MIDDLE, 0), []);
});

test("what lies beyond the plot is cut off, and the ring is open there", () => {
  const marks = halo(3, { x: 480, y: 60 });
  assert.ok(near(spanOf(marks, 0), [360, 500]) && near(spanOf(marks, 1), [50, 120]));
  for (const mark of marks) {
    if (mark.kind !== "area" && mark.kind !== "line") continue;
    for (let i = 0; i < mark.points.length; i += 2) {
      const [x, y] = [mark.points[i], mark.points[i + 1]];
      assert.ok(x >= 100 - 1e-9 && x <= 500 + 1e-9 && y >= 50 - 1e-9 && y <= 250 + 1e-9);
    }
    // The edge of the plot is none of the halo's.
    if (mark.kind === "line") assert.notDeepEqual(mark.points.slice(-2), mark.points.slice(0, 2));
  }
});

test("a halo that holds the whole plot fills it", () => {
  const marks = halo(1e6);
  assert.deepEqual(spanOf(marks, 0), [100, 500]);
  assert.deepEqual(spanOf(marks, 1), [50, 250]);
  assert.equal(marks.filter(({ kind }) => kind === "line").length, 0);
});

test("of one coordinate a halo is a bar along its axis", () => {
  const marks = haloMarks({ axes: ["x", ""] }, AREA, { cluster: 0, at: MIDDLE, error: 1, radius: 8 });
  assert.deepEqual(spanOf(marks, 0), [260, 340]);
  const [top, bottom] = spanOf(marks, 1);
  assert.ok(top > 140 && bottom < 160);
});

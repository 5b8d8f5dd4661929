import assert from "node:assert/strict";
import { test } from "node:test";
import { hexagonPath, hexagonsOf } from "#src/markup/hexagons.js";
import { randomStream } from "#src/numerics/random.js";

test("a point is counted in the hexagon whose middle is nearest, in the category of most", () => {
  const random = randomStream(1, "hexagons");
  const n = 2000;
  const [x, y] = [0, 1].map(() => Float64Array.from({ length: n }, () => 100 * random.uniform() - 30));
  const categories = Int32Array.from({ length: n }, (_, i) => (i % 5) - 1);
  const radius = 7;
  const hexagons = hexagonsOf(x, y, categories, radius);
  const found = hexagons.map(() => new Map<number, number>());
  for (let i = 0; i < n; i++) {
    const far = hexagons.map((one) => Math.hypot(one.x - x[i], one.y - y[i]));
    const nearest = far.indexOf(Math.min(...far));
    // Within a hexagon no point is farther from its middle than a corner.
    assert.ok(far[nearest] <= radius + 1e-9);
    found[nearest].set(categories[i], (found[nearest].get(categories[i]) ?? 0) + 1);
  }
  hexagons.forEach(({ count, majority }, h) => {
    const counts = [...found[h].values()];
    assert.equal(
      count,
      counts.reduce((sum, one) => sum + one, 0),
    );
    assert.equal(found[h].get(majority), Math.max(...counts));
  });
});

test("points without a place are in no hexagon, those without a category have none", () => {
  const x = Float64Array.of(Number.NaN, 0, 0);
  const y = Float64Array.of(0, Number.POSITIVE_INFINITY, 0);
  assert.deepEqual(hexagonsOf(x, y, null, 5), [{ x: 0, y: 0, count: 1, majority: -1 }]);
});

test("a hexagon has its corners at its radius", () => {
  const steps = [...hexagonPath(0, 0, 10).matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
  assert.deepEqual(steps, [0, -10, 8.7, 5, 10, -8.7, 5, -8.7, -5, -10]);
});

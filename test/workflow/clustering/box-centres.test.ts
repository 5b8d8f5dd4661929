import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";
import { boxStart } from "#src/workflow/clustering/box-centres.js";
import { nearestDistances } from "#src/workflow/clustering/noisy-cells.js";

const start = (k: number, d: number, scale: number, seed: number) =>
  boxStart(k, d, scale, randomStream(seed, "start"));

test("centres of the box lie within it, as many as wanted, and the same for the same seed", () => {
  for (const [k, d] of [
    [1, 1],
    [5, 2],
    [48, 2],
    [20, 8],
    [3, 40],
  ]) {
    const { data, nRows, nColumns } = start(k, d, 0.6, 3);
    assert.deepEqual([nRows, nColumns, data.length], [k, d, k * d]);
    assert.ok(data.every((x) => Math.abs(x) <= 0.6));
    assert.deepEqual(start(k, d, 0.6, 3).data, data);
  }
});

test("no two centres are near each other, and the scale draws all of them to the middle", () => {
  const whole = start(16, 2, 1, 0);
  // 16 discs in a square of side 2, were they packed as well as can be, have their centres 2/3 apart.
  assert.ok(nearestDistances(whole).every((distance) => distance > 0.3));
  const half = start(16, 2, 0.5, 0);
  whole.data.forEach((x, i) => {
    assert.equal(half.data[i], x / 2);
  });
});

test("runs of other seeds have the same centres, mirrored and with their axes in another order", () => {
  const magnitudes = (seed: number) => {
    const { data, nColumns: d } = start(12, 3, 1, seed);
    return Array.from({ length: d }, (_, f) =>
      [...data].flatMap((x, i) => (i % d === f ? Math.abs(x) : [])).join(" "),
    );
  };
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => magnitudes(seed).join("; ")));
  assert.ok(orders.size > 3, "axes change places");
  const sorted = new Set(Array.from({ length: 20 }, (_, seed) => magnitudes(seed).sort().join("; ")));
  assert.equal(sorted.size, 1);
  const signs = new Set(
    Array.from({ length: 20 }, (_, seed) => [...start(1, 3, 1, seed).data].map(Math.sign).join(" ")),
  );
  assert.ok(signs.size > 3, "axes are mirrored");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { assignRows } from "#src/read/assignment.js";
import { inferOrigins } from "#src/read/origins.js";
import { draws } from "../support/sample.js";

test("where a client took one step, what its means began as is found, whatever their order and however few they are", () => {
  const draw = draws(3);
  for (const nFeatures of [1, 2, 5]) {
    const k = 6;
    const means = Float64Array.from({ length: k * nFeatures }, draw);
    const rows = Float64Array.from({ length: 40 * nFeatures }, draw);
    const labels = assignRows(rows, nFeatures, means);
    const expected = [...new Set(labels)].reverse().slice(0, 4);
    const local = expected.map((cluster) => {
      const own = [...labels.keys()].filter((row) => labels[row] === cluster);
      return Float64Array.from({ length: nFeatures }, (_, f) => {
        return own.reduce((sum, row) => sum + rows[row * nFeatures + f], 0) / own.length;
      });
    });
    const sent = { means, k, nFeatures };
    assert.deepEqual(inferOrigins(local, [...local.keys()], local.length, sent), expected);
  }
});

test("where several are nearest to one, as many as were sent are in order, and of fewer nothing is known", () => {
  const sent = { means: Float64Array.of(0, 10, 20), k: 3, nFeatures: 1 };
  const local = [9, 11, 20].map((value) => Float64Array.of(value));
  assert.deepEqual(inferOrigins(local, [0, 1, 2], 3, sent), [0, 1, 2]);
  // Each has one of its own, in another order: where it lies tells more than that.
  const moved = [19, 1, 10].map((value) => Float64Array.of(value));
  assert.deepEqual(inferOrigins(moved, [0, 1, 2], 3, sent), [2, 0, 1]);
  const [first, second] = local;
  assert.deepEqual(inferOrigins([first, second], [0, 1], 2, sent), [null, null]);
  // One of three has no rows: the others keep their places.
  assert.deepEqual(inferOrigins([first, second], [0, 2], 3, sent), [0, 2]);
});

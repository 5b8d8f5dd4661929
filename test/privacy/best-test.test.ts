import assert from "node:assert/strict";
import { test } from "node:test";
import { detectionRate } from "#src/privacy/best-test.js";

/*
 * Phi(Phi^-1(a) + mu), by Python's statistics.NormalDist.
 */
const BY_PYTHON = [
  [0.05, 0.25, 0.08152999],
  [0.05, 1, 0.25951102],
  [0.05, 3, 0.91231454],
  [0.05, 5, 0.99960338],
  [0.01, 0.1, 0.01299544],
  [0.01, 2, 0.37208059],
  [0.5, 0.5, 0.69146246],
] as const;

test("the best test finds as many rows as the trade-off of two Gaussians says, and no fewer than by guessing", () => {
  for (const [falseAlarms, mu, expected] of BY_PYTHON) {
    const found = detectionRate(mu, falseAlarms);
    assert.ok(found >= expected - 1e-8 && found <= expected + 1e-6, `${falseAlarms}, ${mu}: ${found}`);
  }
  assert.ok(Math.abs(detectionRate(1e-6, 0.05) - 0.05) < 1e-6);
  assert.ok(detectionRate(30, 0.05) <= 1);
});

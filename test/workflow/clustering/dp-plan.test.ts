import assert from "node:assert/strict";
import { test } from "node:test";
import { type PublicFigures, planOf, publicRadius, signalOf } from "#src/workflow/clustering/dp-plan.js";

const FIGURES: PublicFigures = { rows: 2000, features: 5, clusters: 5, mu: 0.25, clients: 10 };

/** Figures whose signal is this. */
function ofSignal(signal: number, features: number): PublicFigures {
  const figures = { ...FIGURES, features };
  return { ...figures, mu: (figures.mu * signal) / signalOf(figures) };
}

test("the signal is the rows of a cluster over the noise of their count in all clients, by the root of d", () => {
  assert.equal(signalOf({ rows: 400, features: 4, clusters: 2, mu: 0.5, clients: 25 }), 10);
  assert.equal(signalOf({ rows: 400, features: 4, clusters: 2, mu: 0.5, clients: 1 }), 50);
});

test("whatever the figures, shares are positive and add up to 1, and never to more", () => {
  for (const features of [1, 2, 3, 4, 30]) {
    for (const signal of [1e-6, 0.1, 1, 1.49, 1.5, 2, 3, 7, 12, 29, 30, 1e3, 1e9]) {
      const { shares, startQuestions, rounds } = planOf(ofSignal(signal, features));
      assert.equal(shares.length, startQuestions + rounds);
      assert.ok(shares.every((share) => share > 0));
      const sum = shares.reduce((total, share) => total + share, 0);
      assert.ok(sum <= 1 && sum > 1 - 1e-10, `signal ${signal}: ${sum}`);
      const last = shares.at(-1)!;
      assert.ok(Math.abs(last - 2 * shares.at(-2)!) < 1e-15, "the last round weighs double");
    }
  }
});

test("the more there is to learn, the more centres a start has", () => {
  let before = 0;
  for (const signal of [0.5, 1.5, 3, 12, 30]) {
    const { startCentres, signal: found } = planOf(ofSignal(signal * (1 + 1e-9), 5));
    assert.ok(Math.abs(found / signal - 1) < 1e-6);
    assert.ok(startCentres >= before && startCentres % FIGURES.clusters === 0);
    before = startCentres;
  }
  assert.equal(before, 4 * FIGURES.clusters);
});

test("a declared number of rows that is a factor of two off changes a plan by a line at most", () => {
  const lines = [0.5, 2, 6, 20, 60].map((signal) => planOf(ofSignal(signal, 5)).startCentres);
  for (const [i, signal] of [0.5, 2, 6, 20, 60].entries()) {
    const figures = ofSignal(signal, 5);
    for (const factor of [0.5, 2]) {
      const found = planOf({ ...figures, rows: factor * figures.rows }).startCentres;
      assert.ok(lines.slice(Math.max(0, i - 1), i + 2).includes(found), `${signal} x ${factor}`);
    }
  }
});

test("the first radius shrinks as the cells of the box do, and is below the half-diagonal", () => {
  const plan = planOf(FIGURES);
  assert.ok(Math.abs(publicRadius(plan, 2, 16) - (Math.sqrt(2) * plan.radius) / 4) < 1e-15);
  assert.ok(Math.abs(publicRadius(plan, 3, 27) - (Math.sqrt(3) * plan.radius) / 3) < 1e-15);
  assert.equal(publicRadius(plan, 9, 1), 3 * plan.radius);
  assert.ok(plan.radius < 1);
});

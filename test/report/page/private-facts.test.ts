import assert from "node:assert/strict";
import { test } from "node:test";
import { readFacts } from "#src/report/page/facts.js";
import { privatePenguinRun } from "../../support/private-penguins.js";
import { penguinRun } from "../../support/report.js";

test("what a run was held to follows from its record: mu, questions, and how far off sizes are", async (context) => {
  const { privately, last, metrics } = readFacts(await privatePenguinRun(context));
  const { mu, muSpent, epsilon, delta, declaredRows, questions } = privately!;
  assert.deepEqual([epsilon, delta, declaredRows, muSpent], [4, 1e-6, 340, mu]);
  // Phi(mu / 2 - 4 / mu) - exp(4) Phi(-mu / 2 - 4 / mu) is 1e-6 there, by Python's statistics.NormalDist.
  assert.ok(Math.abs(mu - 0.8379) < 1e-4);
  const { sizeError } = metrics!.noisy!;
  // Counts have 0.05 of the rounds' 0.4 of mu^2, and three clients add their noise.
  assert.ok(Math.abs(sizeError - Math.sqrt(3 / (0.05 * 0.4)) / mu) < 1e-3, `${sizeError}`);
  assert.equal(questions.at(-1)!.round, last.round);
});

test("a run of another mode was held to no epsilon", async (context) => {
  assert.equal(readFacts(await penguinRun(context)).privately, null);
});

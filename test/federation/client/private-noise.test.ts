import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { PrivateClient } from "#src/federation/client/private-client.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import type { NoisySums, Question } from "#src/privacy/noisy-sums.js";
import { type PrivatePolicy, privatePolicy } from "#src/privacy/policy.js";
import { readPrivateSums } from "#src/workflow/clustering/private-sums.js";
import { floats } from "#src/workflow/message.js";
import { auditNoise, type Mechanism } from "../../support/noise-audit.js";

const LOW = Float64Array.of(0, -10);
const HIGH = Float64Array.of(10, 30);
const TERMS = { epsilon: 8, delta: 1e-6, declaredRows: 1000 };
const POLICY: PrivatePolicy = {
  ...TERMS,
  epsilonLimit: 8,
  bounds: { features: ["x", "y"], low: LOW, high: HIGH },
};

/** Rows of the box as their owner has them. */
function raw(...rows: readonly (readonly number[])[]): Matrix {
  const data = rows.flatMap((row) => row.map((x, f) => LOW[f] + ((x + 1) / 2) * (HIGH[f] - LOW[f])));
  return { data: Float64Array.from(data), nRows: rows.length, nColumns: 2 };
}

const QUESTION: Question = {
  centres: { data: Float64Array.of(-0.5, -0.5, 0.5, 0, 0, 0.9), nRows: 3, nColumns: 2 },
  radii: Float64Array.of(0.3, 0.5, 0.15),
  mu2: 1,
  shareCount: 0.3,
  shareSpread: 0.2,
};

/** A run of two questions that spend as much, with each of which a client of its own is asked by messages. */
function* runs(): Generator<(rows: Matrix) => NoisySums, never> {
  const share = 1 / muOf(TERMS.epsilon, TERMS.delta) ** 2;
  const { centres, radii, shareCount, shareSpread } = QUESTION;
  for (;;) {
    let client: PrivateClient | null = null;
    for (const question of [0, 1]) {
      yield (rows) => {
        client ??= new PrivateClient(
          "a",
          { rows, featureNames: ["x", "y"], labels: null, classes: [] },
          privatePolicy(POLICY),
          { budget: new MemoryBudget(POLICY), run: "the same" },
        );
        const reply = client.answer({
          kind: "clustering/private_sums",
          scalars: {
            epsilon: TERMS.epsilon,
            delta: TERMS.delta,
            declared_rows: TERMS.declaredRows,
            question,
            share_count: shareCount,
            share_spread: shareSpread,
          },
          arrays: {
            centres: floats(centres.data, 3, 2),
            radii: floats(radii, 3),
            shares: floats(Float64Array.of(share, share), 2),
          },
        });
        return { ...readPrivateSums(reply, 2, 3), mu2: QUESTION.mu2 };
      };
    }
  }
}

test("runs of the same name tell no more of a row than they spend, and have noise of their own in each question", () => {
  const some = [
    [-0.4, -0.6],
    [-0.5, -0.3],
    [0.4, 0.1],
    [0.5, -0.9],
  ];
  const neighbours = {
    without: raw(...some),
    with: raw(...some, [0.3, 1]),
    moved: [0, 0, 1, 0, 0, 0, 0, 0.15 * Math.sqrt(0.9), 0.15 * Math.sqrt(0.1), 1],
  };
  const asked = runs();
  const mechanism: Mechanism = (rows) => asked.next().value(rows);
  assert.deepEqual(auditNoise(mechanism, QUESTION, neighbours, 4000), []);
});

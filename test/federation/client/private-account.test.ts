import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { PrivateClient } from "#src/federation/client/private-client.js";
import { randomStream } from "#src/numerics/random.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { type PrivatePolicy, privatePolicy } from "#src/privacy/policy.js";
import { floats, type Message } from "#src/workflow/message.js";

const FEATURES = ["x", "y", "z"];
const POLICY: PrivatePolicy = {
  epsilon: 1,
  epsilonLimit: 2,
  delta: 1e-6,
  declaredRows: 100,
  bounds: { features: FEATURES, low: Float64Array.of(0, 0, 0), high: Float64Array.of(10, 10, 10) },
};
const LIMIT = muOf(POLICY.epsilonLimit, POLICY.delta) ** 2;
const OF_RUN = muOf(POLICY.epsilon, POLICY.delta) ** 2;
const GRID = 2 ** 20;

/** How a row moves what is answered, in steps of the grid: computed by what is documented, and by nothing of the client. */
function movesOf(
  row: readonly number[],
  centres: readonly (readonly number[])[],
  radii: readonly number[],
): { cell: number; ofSum: number; ofSpread: number } {
  const squares = centres.map((centre) => centre.reduce((sum, c, f) => sum + (row[f] - c) ** 2, 0));
  const cell = squares.indexOf(Math.min(...squares));
  const difference = centres[cell].map((c, f) => (row[f] - c) / radii[cell]);
  const square = difference.reduce((sum, x) => sum + x * x, 0);
  const length = Math.max(1, Math.sqrt(square));
  const steps = difference.map((x) => Math.round((x / length) * GRID));
  return { cell, ofSum: Math.hypot(...steps), ofSpread: Math.round(Math.min(1, square) * GRID) };
}

/** What the answer has told of a row, as mu^2: what it moves over the noise that was added. */
function lossOf(reply: Message, moves: ReturnType<typeof movesOf>, radii: readonly number[]): number {
  const { count_sigma, spread_sigma } = reply.scalars as Record<string, number>;
  const { cell, ofSum, ofSpread } = moves;
  const ofSums = (reply.arrays.sum_sigmas.data[cell] / radii[cell]) * GRID;
  const share = (moved: number, sigma: number) => moved ** 2 / (Math.round(sigma) ** 2 - 4);
  return share(GRID, count_sigma * GRID) + share(ofSum, ofSums) + share(ofSpread, spread_sigma * GRID);
}

/**
 * Parts of so many of 1,024, which add up to it exactly: another division of the same run.
 *
 * @param most which of them is to be the greatest
 */
function sharesOf(random: () => number, questions: number, of: number, most: number): Float64Array {
  const cuts = new Set<number>();
  while (cuts.size < questions - 1) cuts.add(1 + Math.floor(random() * (of - 1)));
  const ends = [0, ...[...cuts].sort((a, b) => a - b), of];
  const parts = Float64Array.from({ length: questions }, (_, i) => (ends[i + 1] - ends[i]) / 1024);
  const greatest = parts.indexOf(Math.max(...parts));
  [parts[most], parts[greatest]] = [parts[greatest], parts[most]];
  return parts;
}

test("a server that asks as it likes, until nothing is left, learns of a row what its budget allows, and no more", () => {
  const { uniform: random } = randomStream(5, "server");
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
  // In a corner of the box, and twice, as equal rows spend together.
  const rows = Float64Array.of(10, 10, 10, 10, 10, 10, 1, 2, 3);
  const partition = {
    rows: { data: rows, nRows: 3, nColumns: 3 },
    featureNames: FEATURES,
    labels: null,
    classes: [],
  };
  const budget = new MemoryBudget(POLICY);
  const seen = new Set<unknown>();
  let loss = 0;
  const ofRuns = new Map<number, number>();
  for (let run = 0; run < 150; run++) {
    // Each in a process of its own, as it were.
    const client = () =>
      new PrivateClient("a", partition, privatePolicy(POLICY), { budget, run: `${run % 120}` });
    const questions = 1 + Math.floor(random() * 5);
    const of = pick([1024, 300, 40, 10]);
    const terms = { epsilon: pick([1, 1, 0.3, 0.1]), delta: pick([1e-6, 1e-9]), declared_rows: 100 };
    for (let at = 0; at < 2 * questions; at++) {
      const features = FEATURES.filter(() => random() < 0.7);
      const d = features.length;
      if (d === 0) continue;
      const centres = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        Array.from({ length: d }, () => pick([-1, 0, 0.5, -random()])),
      );
      const radii = centres.map(() => pick([2 ** -30, 0.01, 0.3]));
      const shareCount = pick([0.01, 0.3, 0.6]);
      const request: Message = {
        kind: "clustering/private_sums",
        scalars: {
          ...terms,
          question: at % questions,
          share_count: shareCount,
          share_spread: 0.3,
          feature_names: features,
        },
        arrays: {
          centres: floats(Float64Array.from(centres.flat()), centres.length, d),
          radii: floats(Float64Array.from(radii), radii.length),
          shares: floats(sharesOf(random, questions, of, at % questions), questions),
        },
      };
      let reply: Message;
      try {
        reply = client().answer(request);
      } catch (error) {
        assert.match(
          (error as Error).message,
          /answered|does not cover|has spent|comes next|began with|has not begun/,
        );
        continue;
      }
      if (seen.has(reply.scalars.spread)) continue;
      seen.add(reply.scalars.spread);
      const row = features.map(() => 1);
      const more = lossOf(reply, movesOf(row, centres, radii), radii);
      loss += more;
      ofRuns.set(run % 120, (ofRuns.get(run % 120) ?? 0) + more);
    }
  }
  assert.ok(seen.size > 30, String(seen.size));
  assert.ok(loss <= LIMIT * (1 + 1e-9), `${loss} of ${LIMIT}`);
  for (const ofRun of ofRuns.values()) assert.ok(ofRun <= OF_RUN * (1 + 1e-9), `${ofRun} of ${OF_RUN}`);
  // All of it can be had: the bound is no idle one.
  assert.ok(loss > 0.95 * LIMIT, `${loss} of ${LIMIT}`);
});

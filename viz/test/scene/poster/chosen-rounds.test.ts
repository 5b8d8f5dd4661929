import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoundFacts } from "#src/read/experiment.js";
import { chosenRounds } from "#src/scene/poster/chosen-rounds.js";
import { sampleExperiment } from "../../support/sample.js";

const [round] = sampleExperiment().rounds;
const moving = (changes: readonly (number | null)[]): { rounds: RoundFacts[] } => ({
  rounds: changes.map((change, index) => ({ ...round, round: index, change })),
});

test("few rounds are all chosen", () => {
  assert.deepEqual(chosenRounds(moving([null])), [0]);
  assert.deepEqual(chosenRounds(moving([null, 1])), [0, 1]);
  assert.deepEqual(chosenRounds(moving([null, 1, 0.5, 0.2, 0.1, 0])), [0, 1, 2, 3, 4, 5]);
});

test("of many rounds, those are that part the way of the means evenly", () => {
  const even = [null, ...new Array(100).fill(1)];
  assert.deepEqual(chosenRounds(moving(even)), [0, 20, 40, 60, 80, 100]);
  const slower = even.map((_, index) => (index === 0 ? null : 0.95 ** index));
  const chosen = chosenRounds(moving(slower));
  assert.equal(chosen.length, 6);
  const between = chosen
    .slice(1)
    .map((index, i) =>
      slower.slice(chosen[i] + 1, index + 1).reduce<number>((sum, change) => sum + change!, 0),
    );
  assert.ok(Math.max(...between) < 1.5 * Math.min(...between), String(between));
});

test("where one step is most of the way, the next largest steps are chosen, too", () => {
  const changes = [null, 100, 0.1, 0.2, 5, 0.1, 4, 0.1, 2, 0.1, 0];
  assert.deepEqual(chosenRounds(moving(changes)), [0, 1, 4, 6, 8, 10]);
});

test("of equal steps, the earlier ones are, also where no step is known", () => {
  assert.deepEqual(chosenRounds(moving([null, 9, ...new Array(8).fill(0)])), [0, 1, 2, 3, 4, 9]);
  assert.deepEqual(chosenRounds(moving(new Array(9).fill(null))), [0, 1, 2, 3, 4, 8]);
});

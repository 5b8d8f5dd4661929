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

test("of many rounds, the first, the last and those of the largest steps are", () => {
  const changes = [null, 3, 0.1, 0.2, 5, 0.1, 4, 0.1, 2, 0.1, 0];
  assert.deepEqual(chosenRounds(moving(changes)), [0, 1, 4, 6, 8, 10]);
});

test("of equal steps, the earlier ones are, also where no step is known", () => {
  assert.deepEqual(chosenRounds(moving([null, ...new Array(9).fill(1)])), [0, 1, 2, 3, 4, 9]);
  assert.deepEqual(chosenRounds(moving(new Array(9).fill(null))), [0, 1, 2, 3, 4, 8]);
});

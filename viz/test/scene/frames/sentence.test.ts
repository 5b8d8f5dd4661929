import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment, RoundFacts } from "#src/read/experiment.js";
import { VIEWS, type View } from "#src/scene/frames/frame.js";
import { roundTitle, sentenceOf } from "#src/scene/frames/sentence.js";
import { type SampleOptions, sampleExperiment } from "../../support/sample.js";

interface Case {
  readonly of?: SampleOptions;
  readonly experiment?: Partial<Experiment>;
  /** Of every round. */
  readonly rounds?: Partial<RoundFacts>;
  readonly at: readonly [roundIndex: number, view: View];
  readonly said: string;
}

const LOCAL = "Each client moves the means it was sent to its rows.";
const BROADCAST = "The global means go out to every client, whose rows stay there.";
const bare = { locals: [], areLocalsRecorded: false };

const CASES: Readonly<Record<string, readonly Case[]>> = {
  "the start": [
    { at: [0, "local"], said: "Each client holds its own rows; none has sent a mean." },
    { at: [0, "aggregation"], said: "The server sets out from means of its own." },
    { at: [0, "global"], said: BROADCAST },
    {
      of: { clientStart: true },
      at: [0, "local"],
      said: "Each client makes means of its own rows and sends them.",
    },
    {
      of: { clientStart: true, groups: "drawn" },
      at: [0, "local"],
      said: "Each client makes means of its own groups of rows and sends them.",
    },
    {
      of: { clientStart: true },
      at: [0, "aggregation"],
      said: "The server makes the new global means of all the local means.",
    },
    {
      of: { clientStart: true },
      experiment: { algorithm: "best-lloyd" },
      at: [0, "aggregation"],
      said: "The server tries several starts made of these means, and keeps the best.",
    },
    {
      of: { clientStart: true },
      experiment: { algorithm: "k-fed", isOneShot: true },
      at: [0, "aggregation"],
      said: "The server groups the local means: these are the global ones.",
    },
  ],
  "a run with noise": [
    {
      of: { noise: 1 },
      at: [0, "local"],
      said: "Each client sends noisy sums of its rows, and no mean.",
    },
    {
      of: { noise: 1 },
      at: [0, "aggregation"],
      said: "The server makes the first means of the totals of the clients' noisy sums.",
    },
    {
      of: { noise: 1 },
      at: [1, "local"],
      said: "Each client sends noisy sums of its rows by cluster, and no mean.",
    },
    {
      of: { noise: 1 },
      at: [1, "aggregation"],
      said: "The server moves the means by the totals of the clients' noisy sums.",
    },
    {
      of: { noise: 1 },
      at: [2, "global"],
      said: "The global means, which are noisy, go out to every client, whose rows stay there.",
    },
    {
      of: { noise: 1 },
      at: [3, "global"],
      said: "All planned rounds were made: the global means are noisy, and moved by 0.001.",
    },
    {
      of: { noise: 1 },
      experiment: { status: "aborted" },
      at: [3, "global"],
      said: "The run was aborted after round 3.",
    },
  ],
  "a round": [
    { at: [1, "local"], said: LOCAL },
    { of: { groups: "drawn" }, at: [1, "local"], said: LOCAL.replace("rows", "groups of rows") },
    {
      of: { groups: "behind rows" },
      at: [1, "local"],
      said: `${LOCAL.replace("rows", "groups of rows")} Rows have the colour of their own nearest mean.`,
    },
    { at: [1, "aggregation"], said: "The server makes the new global means of all the local means." },
    ...["lloyd", "best-lloyd"].map(
      (algorithm): Case => ({
        experiment: { algorithm },
        at: [1, "aggregation"],
        said: "The server averages the local means of each cluster, by their rows.",
      }),
    ),
    {
      experiment: { algorithm: null },
      at: [1, "aggregation"],
      said: "The server makes the new global means of all the local means.",
    },
    { at: [2, "global"], said: BROADCAST },
  ],
  "what was not recorded": [
    {
      rounds: bare,
      at: [0, "local"],
      said: "Each client holds its own rows; what it sends was not recorded.",
    },
    {
      rounds: bare,
      at: [1, "local"],
      said: "Clients received these means; what they sent back was not recorded.",
    },
    {
      rounds: bare,
      at: [1, "aggregation"],
      said: "The server makes new global means of what clients sent, which was not recorded.",
    },
    {
      experiment: { clients: [] },
      rounds: bare,
      at: [0, "local"],
      said: "Of the clients nothing was recorded.",
    },
    {
      experiment: { clients: [] },
      rounds: bare,
      at: [1, "local"],
      said: "The server sends its means out; of the clients nothing was recorded.",
    },
    {
      experiment: { clients: [] },
      rounds: bare,
      at: [1, "global"],
      said: "These are the new global means.",
    },
  ],
  "how the run ended": [
    { at: [3, "global"], said: "The global means have settled: they moved by 0.001, tolerance 1.0e-4." },
    {
      rounds: { change: 0 },
      at: [3, "global"],
      said: "The global means have settled: they moved by 0, tolerance 1.0e-4.",
    },
    {
      experiment: { tolerance: null },
      at: [3, "global"],
      said: "The global means have settled: they moved by 0.001.",
    },
    { rounds: { change: null }, at: [3, "global"], said: "The global means have settled." },
    {
      experiment: { converged: false },
      at: [3, "global"],
      said: "Round 3 was the last allowed: the means still moved by 0.001.",
    },
    {
      experiment: { converged: false },
      rounds: { change: 0 },
      at: [3, "global"],
      said: "Round 3 was the last: the means did not move.",
    },
    {
      experiment: { converged: false, cycleLength: 2 },
      at: [3, "global"],
      said: "These are round 1's means again: the best of a cycle of 2 rounds.",
    },
    {
      of: { nRounds: 1 },
      experiment: { converged: false },
      at: [0, "global"],
      said: "No further round was asked for: these are the start's means.",
    },
    {
      of: { nRounds: 1, clientStart: true },
      experiment: { algorithm: "k-fed", isOneShot: true, tolerance: null },
      at: [0, "global"],
      said: "Clients are asked once: these are the final means.",
    },
    {
      experiment: { status: "unknown", converged: null },
      at: [3, "global"],
      said: "Round 3 is the last there is; how the run ended is unknown.",
    },
    {
      experiment: { status: "aborted", converged: null },
      at: [3, "global"],
      said: "The run was aborted after round 3.",
    },
    {
      experiment: { status: "running", converged: null, lastRound: null },
      at: [3, "global"],
      said: "Round 3 is the last so far.",
    },
    // Cut short: the run's end is that of a round which is not drawn.
    { experiment: { lastRound: 10 }, at: [3, "global"], said: "The run went on after round 3." },
    {
      experiment: { lastRound: 10, converged: false },
      at: [3, "global"],
      said: "The run went on after round 3.",
    },
    {
      experiment: { status: "unknown", lastRound: null },
      at: [3, "global"],
      said: "The run went on after round 3.",
    },
    { experiment: { lastRound: 10 }, at: [2, "global"], said: BROADCAST },
  ],
};

function experimentOf({ of, experiment, rounds }: Case): Experiment {
  const sample = sampleExperiment(of);
  return { ...sample, ...experiment, rounds: sample.rounds.map((round) => ({ ...round, ...rounds })) };
}

for (const [what, cases] of Object.entries(CASES)) {
  test(`one short sentence tells ${what}`, () => {
    for (const one of cases) {
      const said = sentenceOf(experimentOf(one), ...one.at);
      assert.equal(said, one.said, JSON.stringify(one));
      for (const sentence of said.split(/(?<=\.) /)) assert.ok(sentence.split(" ").length <= 15, sentence);
    }
  });
}

test("a drawing that begins after the start does not tell its first round as the start", () => {
  const sample = sampleExperiment();
  const later = { ...sample, rounds: sample.rounds.slice(1) };
  assert.equal(sentenceOf(later, 0, "local"), "The means that clients were sent are not known.");
  assert.equal(roundTitle(later, 0), "Round 1 of 3");
});

test("a round is counted by the run's own last one, or by none", () => {
  const sample = sampleExperiment();
  assert.equal(roundTitle({ ...sample, lastRound: 10 }, 3), "Round 3 of 10");
  assert.equal(roundTitle({ ...sample, lastRound: null }, 3), "Round 3");
  assert.equal(roundTitle({ ...sample, isOneShot: true, lastRound: 0 }, 0), "One exchange");
});

test("every view of every round has a sentence", () => {
  const sample = sampleExperiment({ clientStart: true });
  for (const roundIndex of sample.rounds.keys()) {
    for (const view of VIEWS) assert.match(sentenceOf(sample, roundIndex, view), /^[A-Z].*\.$/);
  }
});

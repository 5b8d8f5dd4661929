import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import { VIEWS } from "#src/scene/frames/frame.js";
import { createComposer } from "#src/scene/scene.js";
import { illegibleTexts } from "../support/legible.js";
import { sampleExperiment, still } from "../support/sample.js";

const SIZES = [
  [1920, 1080],
  [1280, 720],
  [1080, 1080],
  [1080, 1920],
  [3840, 2160],
] as const;

/** Runs that differ in what there is to say. */
const RUNS: Readonly<Record<string, () => Experiment>> = {
  "three clients": () => sampleExperiment(),
  "one client": () => sampleExperiment({ nClients: 1 }),
  "eight clients, of groups": () => sampleExperiment({ nClients: 8, groups: "drawn", k: 5 }),
  "forty clients": () => sampleExperiment({ nClients: 40, k: 6 }),
  "sixty clusters": () => sampleExperiment({ k: 60, rowsPerClient: 240 }),
  "twenty clusters without rows": () => sampleExperiment({ k: 20, withRows: false }),
  "noisy means": () => sampleExperiment({ noise: 1.2 }),
  "noisy means of thirty clients": () => sampleExperiment({ nClients: 30, noise: 0.1, k: 12 }),
  "an aborted run with clients that dropped out": () => {
    const sample = sampleExperiment({ nClients: 12 });
    const dropped = [2, 3, 4].map((client) => ({
      client: sample.clients[client].name,
      reason: client === 4 ? "connection refused by the other side" : "timed out after 30 s",
    }));
    const rounds = sample.rounds.map((round) => ({
      ...round,
      dropped,
      locals: round.locals.filter(({ client }) => client < 2 || client > 4),
    }));
    const note =
      "the run was aborted (clients 2, 3 and 4 could not be reached for longer than the time that the server waits): drawn up to round 3";
    return { ...sample, rounds, status: "aborted", note };
  },
};

for (const [name, make] of Object.entries(RUNS)) {
  test(`every text of a picture of ${name} is large, dark and free enough to be read, at any size and in both themes`, () => {
    const experiment = make();
    for (const [width, height] of SIZES) {
      for (const theme of ["light", "dark"] as const) {
        const compose = createComposer(experiment, { width, height, theme });
        for (const view of VIEWS) {
          for (const round of [0, 2, 3]) {
            const leastPixels = Math.min(width, height) >= 1080 ? 12 : 11;
            const problems = illegibleTexts(compose(still(round, view)), width, leastPixels);
            assert.deepEqual(problems, [], `${view} of round ${round}, ${width}x${height}, ${theme}`);
          }
        }
      }
    }
  });
}

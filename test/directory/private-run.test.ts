import assert from "node:assert/strict";
import { test } from "node:test";
import { readExperiment } from "#src/directory/read-experiment.js";
import { readMetrics } from "#src/directory/read-metrics.js";
import { verify } from "#src/directory/verify.js";
import { open } from "#src/experiment/open.js";
import { filesOf, json } from "../support/experiment.js";
import { deployPrivatePenguins, privatePenguinRun } from "../support/private-penguins.js";

test("a run under differential privacy has no local means, in no round, and is verified and opened", async (context) => {
  const directory = await privatePenguinRun(context);
  assert.equal(verify(directory).kind, "verification");
  assert.deepEqual(
    filesOf(directory).filter((file) => file.startsWith("local_means")),
    [],
  );
  const { rounds } = readExperiment(directory);
  assert.deepEqual(
    rounds.map(({ hasLocals, clients }) => [hasLocals, clients.length]),
    rounds.map(() => [false, 3]),
  );
  const { metrics } = open(directory);
  assert.equal(metrics!.nSamples, 342);
});

test("standard errors and noisy sizes are read as the last round has them, and are nobody's of the start", async (context) => {
  const directory = await privatePenguinRun(context);
  const { rounds } = readExperiment(directory);
  const { noisy } = readMetrics(directory);
  const last = rounds.at(-1)!;
  const { sizeError, ...ofClusters } = noisy!;
  assert.deepEqual(ofClusters, { sizes: last.sizes, standardErrors: last.standardErrors });
  assert.ok(sizeError > 0 && sizeError < 340);
  assert.ok(noisy!.standardErrors.every((error) => error > 0 && error < 0.2));
  assert.equal(rounds[0].standardErrors, null);
});

test("a server's directory says nothing of rows under differential privacy", async (context) => {
  const { directory } = await deployPrivatePenguins(context);
  verify(directory);
  const { metrics, clients } = open(directory);
  assert.deepEqual(
    clients.map(({ nSamples, nPoints }) => [nSamples, nPoints]),
    [
      [null, null],
      [null, null],
      [null, null],
    ],
  );
  const { noisy, ofPoints, ...ofRows } = metrics!;
  assert.equal(noisy!.sizes.length, 3);
  assert.deepEqual(new Set([ofPoints, ...Object.values(ofRows)]), new Set([null]));
  assert.equal(json(directory, "experiment_summary.json").results.n_samples_in_inertia, null);
});

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readProfile } from "#src/read/profile.js";
import { readExperiment } from "#src/read/read-experiment.js";
import { type Shape, writeExperiment, writeNpy } from "../support/directory.js";
import { temporaryFolder } from "../support/temporary.js";

const MEAN = Float64Array.of(40, 4000, 7);
const STD = Float64Array.of(5, 800, 2);

const profileIn = (directory: string) => readProfile(directory, readExperiment(directory));

function write(folder: string, shape: Shape = {}): string {
  const directory = writeExperiment(folder, { nFeatures: 3, k: 3, ...shape });
  writeNpy(join(directory, "normalization", "mean.npy"), MEAN, [3]);
  writeNpy(join(directory, "normalization", "std.npy"), STD, [3]);
  return directory;
}

test("profiles are the run's own final means, on the original scale", (t) => {
  const directory = write(temporaryFolder(t));
  const means = Float64Array.from({ length: 9 }, (_, i) => 100 + i);
  writeNpy(join(directory, "final_means.npy"), means, [3, 3]);
  const profile = profileIn(directory);
  assert.deepEqual(profile.means, means);
  assert.deepEqual([profile.isOriginal, profile.k], [true, 3]);
  assert.deepEqual(profile.overall, MEAN);
  assert.deepEqual(profile.features, ["x0", "x1", "x2"]);
});

test("without final means, standardization is undone", (t) => {
  const directory = write(temporaryFolder(t));
  const { means } = readExperiment(directory).rounds.at(-1)!;
  const profile = profileIn(directory);
  assert.ok(profile.isOriginal);
  for (const [i, value] of profile.means.entries()) {
    assert.ok(Math.abs(value - (MEAN[i % 3] + STD[i % 3] * means[i])) < 1e-9);
  }
});

test("features that tell clusters apart most come first: by the variance between clusters in that of all rows", (t) => {
  const directory = write(temporaryFolder(t));
  // Means that differ by 0.1, 3 and 1 standard deviations; the numbers themselves say otherwise.
  const apart = [0.1, 3, 1];
  const means = Float64Array.from(
    { length: 9 },
    (_, i) => MEAN[i % 3] + (Math.floor(i / 3) - 1) * apart[i % 3] * STD[i % 3],
  );
  writeNpy(join(directory, "final_means.npy"), means, [3, 3]);
  assert.deepEqual(profileIn(directory).order, [1, 2, 0]);
});

test("where nothing leads back to the data, profiles are as clustered, and say so", (t) => {
  const directory = writeExperiment(temporaryFolder(t), { nFeatures: 3, k: 3 });
  const experiment = readExperiment(directory);
  const profile = readProfile(directory, experiment);
  assert.deepEqual(profile.means, experiment.rounds.at(-1)!.means);
  assert.equal(profile.isOriginal, false);
  // Rows are recorded as clustered: their mean is known.
  const rows = experiment.clients.flatMap(({ points }) => [...points!.features]);
  for (const f of [0, 1, 2]) {
    const values = rows.filter((_, i) => i % 3 === f);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(profile.overall![f] - mean) < 1e-9);
  }
});

test("without rows nothing is ranked, and there is no mean of all", (t) => {
  const directory = writeExperiment(temporaryFolder(t), { nFeatures: 3, k: 3, withoutRows: true });
  const { order, overall, isRanked } = profileIn(directory);
  assert.deepEqual([order, overall, isRanked], [[0, 1, 2], null, false]);
});

test("final means of a round that cannot be drawn are not those of the last one that is", (t) => {
  const directory = write(temporaryFolder(t), { nRounds: 3 });
  writeNpy(join(directory, "final_means.npy"), new Float64Array(9).fill(-1), [3, 3]);
  rmSync(join(directory, "global_means", "round_002_global_means.npy"));
  const { means } = profileIn(directory);
  assert.ok(means.every((value) => value !== -1));
});

test("a damaged summary leaves the profile what the other files tell", (t) => {
  const directory = write(temporaryFolder(t));
  const path = join(directory, "experiment_summary.json");
  const { means } = profileIn(directory);
  writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
  const profile = profileIn(directory);
  assert.ok(profile.isOriginal);
  assert.deepEqual(profile.means, means);
});

test("without a summary, final means are not those of a round before one that is damaged", (t) => {
  const directory = write(temporaryFolder(t), { nRounds: 3 });
  writeNpy(join(directory, "final_means.npy"), new Float64Array(9).fill(-1), [3, 3]);
  rmSync(join(directory, "experiment_summary.json"));
  rmSync(join(directory, "global_means", "round_002_global_means.npy"));
  assert.ok(profileIn(directory).means.every((value) => value !== -1));
});

test("the middle of public bounds is not taken for the mean of all rows", (t) => {
  const directory = write(temporaryFolder(t), { withNoise: true });
  const { clients } = readExperiment(directory);
  const rows = clients.flatMap(({ points }) => [...points!.features]);
  const { overall, isRanked } = profileIn(directory);
  for (const f of [0, 1, 2]) {
    const own = rows.filter((_, i) => i % 3 === f);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    assert.ok(Math.abs(overall![f] - (MEAN[f] + STD[f] * mean)) < 1e-9);
  }
  assert.ok(isRanked);
  const deployed = profileIn(write(temporaryFolder(t), { withNoise: true, withoutRows: true }));
  assert.deepEqual([deployed.overall, deployed.isRanked, deployed.isOriginal], [null, false, true]);
});

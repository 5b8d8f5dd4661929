import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { layoutOf } from "#src/directory/layout.js";
import { readStability } from "#src/directory/read-stability.js";
import { verify } from "#src/directory/verify.js";
import { nameSettingsInFile } from "#src/errors.js";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { rerun } from "#src/experiment/rerun/rerun.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { run as runCell } from "#src/notebook/run.js";
import { stability as stabilityRows } from "#src/notebook/tables/stability.js";
import { fedkmeans } from "../../support/command.js";
import { filesOf, generatedFolder, json, promisedBytes } from "../../support/experiment.js";
import { askPython, skipWithoutPython } from "../../support/python.js";
import { temporaryFolder } from "../../support/temporary.js";

const BLOBS = { numClients: 3, samplesPerClient: 60, overlapFactor: 1, clusterStd: 1.5 };

/** A run with stability, in a new directory. */
async function runOn(context: TestContext, data: string, given: Partial<Configuration> = {}) {
  const settings = { carrier: "inline", kGlobal: 4, stability: 8, ...given } as const;
  return run({ data, logDir: temporaryFolder(context), ...settings });
}

test("nothing else of a run changes by it, and any number of threads gives the same", async (context) => {
  const data = await generatedFolder(context, BLOBS);
  const without = await runOn(context, data, { stability: 0 });
  assert.equal(without.stability, null);
  assert.equal(readStability(without.experimentDir), null);
  const inline = await runOn(context, data);
  const threads = await runOn(context, data, { carrier: "threads", threads: 3 });
  assert.deepEqual([inline.runHash, inline.metrics], [without.runHash, without.metrics]);
  assert.deepEqual(threads.stability, inline.stability);
  assert.deepEqual(readStability(threads.experimentDir), inline.stability);
  assert.deepEqual(
    filesOf(inline.experimentDir).sort(),
    [...filesOf(without.experimentDir), "stability.json"].sort(),
  );
  const arrays = ({ experimentDir }: { experimentDir: string }) =>
    Object.entries(promisedBytes(experimentDir)).filter(
      ([file]) => !/^(manifest|stability|experiment_summary)/.test(file),
    );
  assert.deepEqual(arrays(inline), arrays(without));
  assert.equal(verify(inline.experimentDir).status, "completed");
  assert.equal((await rerun(inline.experimentDir)).isSame, true);
  const { resamples, of, failed, clusters } = inline.stability!;
  assert.deepEqual([resamples, of, failed], [8, "points", 0]);
  assert.deepEqual(
    clusters.map(({ nSamples }) => nSamples),
    inline.metricsOfPoints!.clusterSizes,
  );
  assert.equal(
    clusters.reduce((sum, { nPoints }) => sum + nPoints, 0),
    inline.clients.reduce((sum, { nPoints }) => sum + nPoints, 0),
  );
});

test("clusters far apart are found again in every resample; halves of one are not", async (context) => {
  const data = await generatedFolder(context, {
    numClients: 3,
    samplesPerClient: 60,
    numFeatures: 2,
    overlapFactor: 0.3,
    nonIidFactor: 0,
  });
  const apart = await runOn(context, data, { kGlobal: 3, groupSize: 1, algorithm: "best-lloyd" });
  for (const { meanJaccard, recovered, dissolved, jaccard } of apart.stability!.clusters) {
    assert.deepEqual([meanJaccard, recovered, dissolved], [1, 8, 0]);
    assert.deepEqual(jaccard, new Array(8).fill(1));
  }
  const split = await runOn(context, data, { kGlobal: 5, groupSize: 1, algorithm: "best-lloyd" });
  assert.ok(split.stability!.clusters.some(({ meanJaccard }) => meanJaccard! < 0.75));
});

test("exact k-means is as stable as clusterboot finds it with scikit-learn", {
  skip: skipWithoutPython,
}, async (context) => {
  const data = await generatedFolder(context, BLOBS);
  const settings = { kGlobal: 3, groupSize: 1, algorithm: "best-lloyd", stability: 60 } as const;
  const { experimentDir, clients, stability, rounds } = await runOn(context, data, settings);
  const { clientData, globalMeans } = layoutOf(experimentDir);
  const expected = askPython<number[]>(CLUSTERBOOT, {
    rows: clients.map(({ name }) => clientData(name)),
    means: globalMeans(rounds),
    resamples: 60,
  });
  stability!.clusters.forEach(({ meanJaccard }, cluster) => {
    assert.ok(
      Math.abs(meanJaccard! - expected[cluster]) < 0.04,
      `${cluster}: ${meanJaccard}, ${expected[cluster]}`,
    );
  });
  assert.ok(
    expected.some((mean) => mean < 0.97),
    String(expected),
  );
});

/** Hennig's procedure on pooled rows: bootstrap, each row that is drawn once, the most similar cluster of k-means. */
const CLUSTERBOOT = `
from sklearn.cluster import KMeans
X = np.concatenate([np.load(file) for file in cases["rows"]])
means = np.load(cases["means"])
k = len(means)
own = ((X[:, None] - means[None]) ** 2).sum(2).argmin(1)
random = np.random.default_rng(0)
found = np.full((cases["resamples"], k), np.nan)
for b in range(cases["resamples"]):
    drawn = np.unique(random.integers(len(X), size=len(X)))
    labels = KMeans(k, n_init=10, random_state=b).fit(X[drawn]).labels_
    for j in range(k):
        mine = own[drawn] == j
        if mine.any(): found[b, j] = max((mine & (labels == m)).sum() / (mine | (labels == m)).sum() for m in range(k))
answer(np.nanmean(found, axis=0))
`;

test("resamples that cannot be clustered are counted, and the run goes on", async (context) => {
  const data = {
    a: [
      [0, 0],
      [1, 5],
    ],
    b: [
      [9, 9],
      [4, 1],
    ],
  };
  const settings = {
    data,
    kGlobal: 4,
    groupSize: 1,
    algorithm: "lloyd",
    stability: 12,
    logDir: temporaryFolder(context),
  } as const;
  const { stability, notices, experimentDir } = await runCell(settings);
  const { failed, failure, clusters, ...rest } = stability!;
  // Of two rows each, both are drawn at both clients one time in four.
  assert.ok(failed > 0 && failed < 12, String(failed));
  for (const { jaccard } of clusters) assert.equal(jaccard.filter((value) => value === null).length, failed);
  assert.match(failure!, /^cannot make 4 clusters of [23] rows/);
  const said = `${failed} of 12 resamples could not be clustered: cannot make 4 clusters`;
  assert.ok(
    notices.some((notice) => notice.startsWith(said)),
    String(notices),
  );
  assert.deepEqual(readStability(experimentDir), {
    ...rest,
    failed,
    failure: nameSettingsInFile(failure!),
    clusters,
  });
});

test("an export keeps it, as it is of points alone", async (context) => {
  const data = await generatedFolder(context, BLOBS);
  const { experimentDir, stability } = await runOn(context, data);
  const out = join(temporaryFolder(context), "shared");
  exportDirectory(experimentDir, out);
  assert.deepEqual(readStability(out), stability);
});

test("the command shows it, a cell has it as a table, and a run without it says how to get it", async (context) => {
  const data = await generatedFolder(context, BLOBS);
  const logs = temporaryFolder(context);
  const options = ["run", "--data", data, "--log-dir", logs, "--stability", "4"];
  const { status, stdout } = fedkmeans(options);
  assert.equal(status, 0);
  assert.match(
    stdout,
    /\nstability over 4 resamples of the groups\ncluster +groups +rows of groups +mean Jaccard/,
  );
  const experimentDir = stdout.trimEnd().split("\n").at(-1)!;
  const rows = stabilityRows(experimentDir);
  const recorded = json(experimentDir, "stability.json").clusters;
  assert.deepEqual(
    rows.map(({ meanJaccard, resamples }) => [meanJaccard, resamples]),
    recorded.map(({ mean_jaccard }: { mean_jaccard: number }) => [mean_jaccard, 4]),
  );
  const asJson = JSON.parse(fedkmeans([...options, "--json"]).stdout);
  assert.deepEqual(asJson.stability.clusters[0].mean_jaccard, recorded[0].mean_jaccard);
  const without = await runOn(context, data, { stability: 0 });
  assert.throws(() => stabilityRows(without.experimentDir), /^RunError: .* holds no stability: run it with/);
});

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import type { RunResult } from "#src/experiment/result.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { runJson, runReport } from "#src/report/run-report.js";
import { sweep } from "#src/study/sweep.js";
import { json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

/** A folder with a client of each of the given rows. */
function folderOf(context: TestContext, clients: readonly number[][][]): string {
  const folder = temporaryFolder(context);
  for (const [i, rows] of clients.entries()) {
    const shape = [rows.length, rows[0].length];
    writeFileSync(join(folder, `c${i}.npy`), writeNpy({ data: Float64Array.from(rows.flat()), shape }));
  }
  return folder;
}

/** Two rows side by side and three lone ones, at each of two clients: one local cluster of each has two rows. */
const LONERS = [0, 0.5].map((shift) =>
  [
    [0, 0],
    [0, 1],
    [5, 5],
    [9, 0],
    [20, 20],
  ].map(([x, y]) => [x + shift, y + shift / 4]),
);

function runOf(context: TestContext, data: string, more: Partial<Configuration>): Promise<RunResult> {
  return run({ data, logDir: temporaryFolder(context), carrier: "inline", ...more });
}

/** Asserts that whoever reads anything of the run reads how many clusters it has and why. */
function assertSaid(result: RunResult, found: number, asked: number, reason: RegExp): void {
  const { results } = json(result.experimentDir, "experiment_summary.json");
  const log = readFileSync(join(result.experimentDir, "server_logs", "server.log"), "utf8");
  const first = `${found} cluster${found === 1 ? "" : "s"} of the ${asked} asked: `;
  for (const text of [results.fewer_clusters, ...result.notices.slice(-1), log]) {
    assert.ok(text.includes(first), text);
    assert.match(text, reason);
  }
  assert.deepEqual([result.nClusters, results.n_clusters], [found, found]);
  assert.match(runReport(result), new RegExp(`, ${found} of the ${asked} clusters asked, `));
  assert.equal(JSON.parse(runJson(result)).n_clusters, found);
  assert.equal(result.metrics.clusterSizes.filter((size) => size > 0).length, found);
}

test("fewer clusters than asked are said with the reason, whatever made them fewer", async (context) => {
  const loners = folderOf(context, LONERS);
  const equal = folderOf(
    context,
    [1, 2, 3].map((n) => Array.from({ length: 4 * n }, (_, i) => [i % 3])),
  );
  const withheld = /clients reported only \d means that differ/;
  for (const algorithm of ["fkm", "lloyd", "best-lloyd", "k-fed"] as const) {
    const result = await runOf(context, loners, { algorithm, kGlobal: 4, privacy: "threshold" });
    assert.ok(result.nClusters < 4, algorithm);
    assertSaid(result, result.nClusters, 4, withheld);
    const few = await runOf(context, equal, {
      algorithm,
      kGlobal: 5,
      privacy: "threshold",
      privacyThreshold: 0,
    });
    assertSaid(few, few.nClusters, 5, withheld);
  }
  // The third of the given centroids lies far from all rows.
  const start = join(temporaryFolder(context), "start.npy");
  writeFileSync(start, writeNpy({ data: Float64Array.of(0, 2, 100), shape: [3, 1] }));
  const far = {
    algorithm: "lloyd",
    start,
    kGlobal: 3,
    normalize: false,
    privacy: "threshold",
    privacyThreshold: 1,
  } as const;
  assertSaid(await runOf(context, equal, far), 2, 3, /: no row is nearest to centroid 2$/m);
});

test("as many clusters as asked are nothing to speak of", async (context) => {
  const result = await runOf(context, "data/penguins", { kGlobal: 3, groupSize: 1, labelColumn: "species" });
  const { results } = json(result.experimentDir, "experiment_summary.json");
  assert.deepEqual([results.n_clusters, results.fewer_clusters, result.notices], [3, null, []]);
  assert.doesNotMatch(runReport(result), /asked/);
});

test("pooled k-means is compared with a run that has as many clusters, and with no other", async (context) => {
  const result = await runOf(context, folderOf(context, LONERS), {
    kGlobal: 4,
    privacy: "threshold",
    twin: true,
  });
  assert.ok(result.nClusters < 4);
  const { bestStart } = result.twin!;
  assert.deepEqual([bestStart.nClusters, bestStart.inertiaExcess], [4, null]);
  assert.match(
    result.notices.at(-1)!,
    new RegExp(
      `^the run has ${result.nClusters} clusters and is not compared with pooled k-means, which has `,
    ),
  );
  assert.match(runReport(result), /^pooled k-means +clusters +inertia/m);
  assert.match(runReport(result), /^best of 10 starts +4 +\S+ +- /m);
  const penguins = await runOf(context, "data/penguins", { labelColumn: "species", twin: true });
  assert.equal(penguins.twin!.bestStart.nClusters, 3);
  assert.ok(penguins.twin!.bestStart.inertiaExcess !== null);
  assert.doesNotMatch(runReport(penguins), /^pooled k-means +clusters/m);
});

test("a sweep leaves runs of fewer clusters out of what it compares, and says so", async (context) => {
  const data = folderOf(context, LONERS);
  const output = temporaryFolder(context);
  const { runs, summary } = await sweep(
    { data, privacy: "threshold" },
    { kGlobal: [1, 4] },
    { seeds: 3, threads: 1, output },
  );
  assert.deepEqual(
    summary.map((cell) => [cell.nCompleted, cell.nFewerClusters, cell.metrics.inertia?.n ?? 0]),
    [
      [3, 0, 3],
      [3, 3, 0],
    ],
  );
  assert.match(
    summary[1].notes[0],
    /^3 of 3 runs ended with \d( to \d)? of the 4 clusters asked, and are not/,
  );
  // Each run stays in the table of runs, with its clusters.
  assert.ok(runs.every(({ inertia }) => typeof inertia === "number"));
  assert.ok(runs.slice(3).every(({ nClusters }) => nClusters! < 4));
  const [header] = readFileSync(join(output, "sweep.csv"), "utf8").split("\n");
  assert.ok(header.split(",").includes("n_clusters"));
});

test("a figure of fewer rows than the federation has says of how many", async (context) => {
  const data = folderOf(context, [[[1]], [[9]], [[0], [0], [10], [10]]]);
  const start = join(temporaryFolder(context), "start.npy");
  writeFileSync(start, writeNpy({ data: Float64Array.of(0, 10), shape: [2, 1] }));
  const settings = { algorithm: "lloyd", start, kGlobal: 2, normalize: false, privacy: "threshold" } as const;
  const few = await runOf(context, data, settings);
  assert.deepEqual([few.metrics.inertia, few.metrics.simplifiedSilhouetteScore], [0, 1]);
  assert.deepEqual([few.metrics.nSamplesInInertia, few.metrics.nSamples], [4, 6]);
  assert.equal(json(few.experimentDir, "experiment_summary.json").results.n_samples_in_inertia, 4);
  const text = runReport(few);
  assert.match(text, /^metric +value +of rows$/m);
  assert.match(text, /^inertia +0\.0+ +4 of 6$/m);
  assert.match(text, /^silhouette \(simplified\) +1\.0+ +4 of 6$/m);
  assert.match(text, /^silhouette \(exact\) +\S+ +6 of 6$/m);
  assert.match(text, /^Davies-Bouldin +0\.0+ +4 of 6$/m);
  assert.match(text, /^adjusted Rand index +- +-$/m);
  const { summary } = await sweep(
    { ...settings, data },
    { privacyThreshold: [1, 2] },
    { seeds: 1, threads: 1 },
  );
  assert.deepEqual(summary[0].notes, []);
  assert.match(
    summary[1].notes[0],
    /^inertia and simplified silhouette are of 4 of the 6 rows: clients of fewer/,
  );

  const all = await runOf(context, data, { ...settings, privacyThreshold: 1 });
  // Of the rows 0, 0, 1 and 9, 10, 10 about 1/3 and 29/3.
  assert.ok(Math.abs(all.metrics.inertia - 4 / 3) < 1e-12);
  assert.deepEqual([all.metrics.nSamplesInInertia, all.metrics.nSamples], [6, 6]);
  assert.match(runReport(all), /^metric +value$/m);
});

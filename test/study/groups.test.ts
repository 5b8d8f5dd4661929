import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "#src/experiment/run.js";
import { choiceReport, sweepReport } from "#src/report/study-report.js";
import { chooseK } from "#src/study/choose-k.js";
import { sweep } from "#src/study/sweep.js";
import { temporaryFolder } from "../support/temporary.js";

/* Studies of clients that compute from groups of rows. */

const penguins = { data: "data/penguins", labelColumn: "species", kGlobal: 3 } as const;

test("a sweep has the figures of rows, and beside them those of groups, of the same runs with a directory", async (t) => {
  const output = temporaryFolder(t);
  const options = { seeds: [7], threads: 1, output };
  const { runs, summary } = await sweep(penguins, { groupSize: [1, 5] }, options);
  const logDir = temporaryFolder(t);
  const settings = { ...penguins, groupSize: 5, randomState: 7, carrier: "inline", logDir } as const;
  const { metrics, metricsOfPoints } = await run(settings);
  const [ofRows, grouped] = runs;
  assert.deepEqual([ofRows.inertiaOfPoints, ofRows.adjustedRandIndexOfPoints], [null, null]);
  for (const name of ["inertia", "simplifiedSilhouetteScore", "adjustedRandIndex"] as const) {
    assert.equal(grouped[name], metrics[name], name);
    assert.equal(grouped[`${name}OfPoints`], metricsOfPoints![name], name);
    assert.equal(summary[1].metrics[`${name}OfPoints`].mean, metricsOfPoints![name], name);
    assert.ok(!(`${name}OfPoints` in summary[0].metrics));
  }
  assert.match(readFileSync(join(output, "sweep.csv"), "utf8"), /,inertia,.*,inertia_of_points,/);
  assert.match(
    readFileSync(join(output, "sweep.svg"), "utf8"),
    />Adjusted Rand index of rows by .*>mean and 95 % interval</s,
  );
  // From the journal alone.
  const again = await sweep(penguins, { groupSize: [1, 5] }, options);
  assert.deepEqual(again.runs, runs);
  const report = sweepReport(again);
  assert.match(report, /^group-size +runs +adjusted Rand index +of groups +inertia +of groups /m);
  assert.match(report, /^1 +1 of 1 +\S+ +- +\S+ +- /m);
});

test("a sweep of rows alone has no column of groups", async () => {
  const result = await sweep({ ...penguins, groupSize: 1 }, {}, { seeds: 1, threads: 1 });
  assert.ok(!Object.keys(result.runs[0]).some((name) => name.endsWith("OfPoints")));
  assert.doesNotMatch(sweepReport(result), /of groups/);
});

test("a choice of k scores rows, and says so where clients computed from groups", async () => {
  const options = { kValues: [2, 3], seeds: 2, threads: 1 };
  const choice = await chooseK({ ...penguins, groupSize: 5 }, options);
  const { runs } = await sweep({ ...penguins, groupSize: 5 }, { kGlobal: [2, 3] }, { seeds: 2, threads: 1 });
  for (const [i, { inertia }] of choice.scores.entries()) {
    const own = runs.filter(({ kGlobal }) => kGlobal === 2 + i).map((one) => one.inertia as number);
    assert.ok(Math.abs(inertia.mean - (own[0] + own[1]) / 2) < 1e-9 * inertia.mean);
  }
  assert.match(choice.svg, />inertia of rows</);
  assert.match(choiceReport(choice), /^scores are of rows; clients computed from groups of them \(/m);
  const plain = await chooseK({ ...penguins, groupSize: 1 }, options);
  assert.doesNotMatch(choiceReport(plain) + plain.svg, /of rows/);
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readNpy } from "#src/directory/npy.js";
import { SCALAR_METRICS } from "#src/directory/read-metrics.js";
import { UsageError } from "#src/errors.js";
import { open } from "#src/experiment/open.js";
import { run } from "#src/experiment/run.js";
import { csv } from "#src/study/csv.js";
import { spread, studentQuantile975 } from "#src/study/statistics.js";
import { type SweepOptions, sweep } from "#src/study/sweep.js";
import { rowsOf } from "../support/matrices.js";
import { runPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const penguins = { data: "data/penguins", labelColumn: "species" };
const FILES = ["sweep.csv", "sweep-summary.csv", "sweep.json", "sweep.svg"];

test("a sweep's files are the same for any number of threads", async (test) => {
  const contents = [];
  for (const threads of [1, 3]) {
    const output = temporaryFolder(test);
    await sweep(penguins, { algorithm: ["fkm", "central"], kGlobal: [2, 3] }, { seeds: 4, output, threads });
    contents.push(FILES.map((file) => readFileSync(join(output, file), "utf8")));
  }
  assert.deepEqual(contents[1], contents[0]);
});

/** Sum of squared distances of a run's rows, as they were recorded, from the nearest mean of a round. */
function inertiaOfRows(experimentDir: string, round: number): number {
  const { means } = open(experimentDir).rounds[round];
  const folder = join(experimentDir, "client_data");
  let total = 0;
  for (const file of readdirSync(folder)) {
    const { data } = readNpy(readFileSync(join(folder, file)), file);
    for (const row of rowsOf(data as Float64Array, means.nColumns)) {
      const squares = rowsOf(means.data, means.nColumns).map((mean) =>
        mean.reduce((sum, value, j) => sum + (value - row[j]) ** 2, 0),
      );
      total += Math.min(...squares);
    }
  }
  return total;
}

test("a run of a sweep has the metrics of the same run with a directory", async (test) => {
  for (const groupSize of [1, 5]) {
    const settings = { ...penguins, kGlobal: 4, algorithm: "fkm", groupSize } as const;
    const { runs } = await sweep(settings, {}, { seeds: [7], threads: 1, scoreRounds: [0] });
    const whole = await run({
      ...settings,
      randomState: 7,
      logDir: temporaryFolder(test),
      carrier: "inline",
    });
    // A study computes no exact silhouette unless told.
    const compared = SCALAR_METRICS.filter((metric) => metric !== "silhouetteScore");
    for (const metric of compared) assert.equal(runs[0][metric], whole.metrics[metric], metric);
    assert.equal(runs[0].rounds, whole.rounds);
    const inertia = inertiaOfRows(whole.experimentDir, 0);
    assert.ok(Math.abs((runs[0].inertiaRound0 as number) - inertia) < 1e-12 * inertia, `${inertia}`);
  }
});

test("a sweep started again does only what is new, and ends with the same files", async (test) => {
  const grid = { kGlobal: [2, 3] };
  const whole = temporaryFolder(test);
  await sweep(penguins, grid, { seeds: 4, output: whole, threads: 1 });

  const output = temporaryFolder(test);
  await sweep(penguins, grid, { seeds: 2, output, threads: 1 });
  // A killed sweep leaves a line that was not written to its end.
  const journal = join(output, "runs.jsonl");
  writeFileSync(journal, readFileSync(journal, "utf8").slice(0, -40));
  const seen: [number, number][] = [];
  const options: SweepOptions = { seeds: 4, output, threads: 1, onProgress: (...step) => seen.push(step) };
  await sweep(penguins, grid, options);
  assert.deepEqual(seen[0], [3, 8]);
  assert.deepEqual(seen.at(-1), [8, 8]);
  for (const file of FILES) {
    assert.equal(readFileSync(join(output, file), "utf8"), readFileSync(join(whole, file), "utf8"), file);
  }
});

test("what cannot be run is reported, and the rest is run", async (context) => {
  const output = temporaryFolder(context);
  const { runs, summary } = await sweep(
    penguins,
    { data: ["data/penguins", "data/nowhere"], kGlobal: [3, 1000] },
    { seeds: 2, threads: 2, output },
  );
  assert.deepEqual(
    summary.map((cell) => [cell.nCompleted, cell.nFailed]),
    [
      [2, 0],
      [0, 2],
      [0, 2],
      [0, 2],
    ],
  );
  assert.match(
    summary[1].error!,
    /cannot make 1000 clusters of 54 groups \(342 rows, the setting\sgroupSize 5\)/,
  );
  assert.match(summary[2].error!, /nowhere/);
  const [, k1000] = JSON.parse(readFileSync(join(output, "sweep.json"), "utf8")).summary;
  assert.match(k1000.error, /: k_global must be at most the number of groups$/);
  assert.match(
    readFileSync(join(output, "sweep.csv"), "utf8"),
    /342 rows, group_size 5\): k_global must be at most/,
  );
  assert.equal(runs.filter((one) => one.status === "failed" && one.error !== null).length, 6);
});

test("wrong usage of a sweep is refused by name", async () => {
  const refused = async (grid: object, options: SweepOptions, message: RegExp) => {
    await assert.rejects(sweep(penguins, grid, options), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  };
  await refused({ clusters: [1] }, {}, /unknown setting clusters in the grid/);
  await refused(
    { kGlobal: [] },
    {},
    /the grid's values of the setting\skGlobal must be a list of at least one$/,
  );
  await refused({ kGlobal: [2, 2] }, {}, /the grid names a value of the setting\skGlobal twice/);
  await refused({ randomState: [1] }, {}, /say how many seeds/);
  await refused({}, { seeds: 0 }, /seeds must be a number of at least 1/);
  await refused({}, { seeds: [1, 1] }, /different integers/);
});

test("mean, standard deviation and 95 % interval are those of the closed forms", () => {
  const { mean, sd, low, high } = spread([1, 2, 3, 4]);
  assert.equal(mean, 2.5);
  assert.ok(Math.abs(sd! - Math.sqrt(5 / 3)) < 1e-12);
  // Student's t, three degrees of freedom: 3.18245 in every table.
  assert.ok(Math.abs(high! - 2.5 - (3.18245 * Math.sqrt(5 / 3)) / 2) < 1e-9);
  assert.ok(Math.abs(low! + high! - 5) < 1e-12);
  for (const [degrees, quantile] of [
    [11, 2.20099],
    [20, 2.08596],
    [30, 2.04227],
    [199, 1.97196],
  ]) {
    assert.ok(Math.abs(studentQuantile975(degrees) - quantile) < 2e-4, String(degrees));
  }
  for (const n of [2, 3, 10, 51]) {
    // Not every number is the mean of n of itself, nor without spread, where the sum is rounded.
    for (let i = 1; i <= 200; i++) {
      const value = Math.sin(i);
      assert.deepEqual(spread(Array<number>(n).fill(value)), {
        n,
        mean: value,
        sd: 0,
        low: value,
        high: value,
      });
    }
  }
  for (const scale of [2 ** -1000, 2 ** 960]) {
    const [usual, scaled] = [1, scale].map((unit) => spread([3 * unit, 4 * unit, 9 * unit]));
    assert.equal(scaled.sd, usual.sd! * scale);
    assert.equal(scaled.high, usual.high! * scale);
  }
  assert.deepEqual(spread([7]), { n: 1, mean: 7, sd: null, low: null, high: null });
});

test("central finds the optimum that scikit-learn finds on the pooled rows", {
  skip: skipWithoutPython,
}, async () => {
  const { runs } = await sweep(
    { ...penguins, groupSize: 1 },
    { algorithm: ["central"] },
    { seeds: 1, threads: 1 },
  );
  const script = `
import csv, glob, numpy
from sklearn.cluster import KMeans
rows = []
for name in sorted(glob.glob("data/penguins/*.csv")):
    table = list(csv.reader(open(name)))
    kept = [i for i, column in enumerate(table[0]) if column != "species"]
    rows += [[float(row[i]) for i in kept] for row in table[1:]]
x = numpy.array(rows)
x = (x - x.mean(0)) / x.std(0)
print(KMeans(3, n_init=20, random_state=0, tol=0).fit(x).inertia_)`;
  const expected = Number(runPython(script));
  assert.ok(
    Math.abs((runs[0].inertia as number) - expected) < 1e-6 * expected,
    `${runs[0].inertia}, ${expected}`,
  );
});

test("a table's text is no formula to a spreadsheet, and its numbers stay numbers", () => {
  const rows = ["=1+1", "+a", "-x/data", "@sum", "a=b", ""].map((data, i) => ({
    data,
    change: -i,
    none: null,
  }));
  assert.deepEqual(csv(["data", "change", "none"], rows).trimEnd().split("\n"), [
    "data,change,none",
    "'=1+1,0,",
    "'+a,-1,",
    "'-x/data,-2,",
    "'@sum,-3,",
    "a=b,-4,",
    ",-5,",
  ]);
});

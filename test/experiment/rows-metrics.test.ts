import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { layoutOf } from "#src/directory/layout.js";
import { readNpy } from "#src/directory/npy.js";
import { configure } from "#src/experiment/configuration.js";
import type { RunResult } from "#src/experiment/result.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { twinOf } from "#src/experiment/twin.js";
import { chooseK } from "#src/study/choose-k.js";
import { sweep } from "#src/study/sweep.js";
import { json } from "../support/experiment.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { SCIKIT_LEARN_TOLERANCE } from "../support/scores.js";
import { COLUMN_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

const SETTINGS = { data: "data/penguins", labelColumn: "species", saveLabels: true } as const;

const RUNS: Record<string, Partial<Configuration>> = {
  "fkm, three clusters": { kGlobal: 3, carrier: "inline" },
  "lloyd on threads, ten rows a group": { algorithm: "lloyd", kGlobal: 4, groupSize: 10, threads: 2 },
  "k-fed in components": { algorithm: "k-fed", kGlobal: 3, pcaComponents: 2, carrier: "inline" },
  "best-lloyd, unscaled": {
    algorithm: "best-lloyd",
    kGlobal: 4,
    normalize: false,
    groupSize: 3,
    carrier: "inline",
  },
};

let results: Record<string, RunResult>;
before(async (context) => {
  const logDir = temporaryFolder(context as TestContext);
  results = {};
  for (const [name, settings] of Object.entries(RUNS))
    results[name] = await run({ ...SETTINGS, ...settings, logDir });
});

/** What scikit-learn and NumPy make of a run's recorded rows, of its points, and of its final means. */
const SCORES = `
import csv, glob
import sklearn.metrics as sk
def of(folder):
    means = np.load(sorted(glob.glob(folder + "/global_means/*.npy"))[-1])
    islands = ["Biscoe", "Dream", "Torgersen"]
    rows = [np.load(f"{folder}/client_data/client_{i}.npy") for i in islands]
    species = []
    for island in islands:
        with open(f"data/penguins/{island}.csv") as file: species += [row["species"] for row in csv.DictReader(file)]
    X = np.vstack(rows)
    D = ((X[:, None] - means[None]) ** 2).sum(2)
    labels = D.argmin(1)
    saved = np.concatenate([np.load(f"{folder}/client_labels/client_{i}.npy") for i in islands])
    P = np.vstack([np.load(f"{folder}/client_points/client_{i}.npy") for i in islands])
    W = np.concatenate([np.load(f"{folder}/client_points/client_{i}_weights.npy") for i in islands])
    E = ((P[:, None] - means[None]) ** 2).sum(2)
    near = E.argmin(1)
    S = np.sqrt(np.sort(E, axis=1)[:, :2])
    gap = np.sort(D, axis=1)
    return {
        "clear": bool((gap[:, 1] - gap[:, 0] > 1e-9).all()),
        "differ": int((saved != labels).sum()),
        "rows": {
            "inertia": D.min(1).sum(),
            "silhouetteScore": sk.silhouette_score(X, labels),
            "simplifiedSilhouetteScore": (1 - np.sqrt(gap[:, 0] / gap[:, 1])).mean(),
            "adjustedRandIndex": sk.adjusted_rand_score(species, labels),
            "normalizedMutualInformation": sk.normalized_mutual_info_score(species, labels),
            "daviesBouldinScore": sk.davies_bouldin_score(X, labels),
            "calinskiHarabaszScore": sk.calinski_harabasz_score(X, labels),
        },
        "sizes": np.bincount(labels, minlength=len(means)),
        "points": {
            "inertia": (W * E.min(1)).sum(),
            "simplifiedSilhouetteScore": (W * (1 - S[:, 0] / S[:, 1])).sum() / W.sum(),
        },
        "pointSizes": np.bincount(near, weights=W, minlength=len(means)),
        "mean": float(np.abs((W[:, None] * P).sum(0) / W.sum() - X.mean(0)).max() / np.abs(X).max()),
        "weights": [int(W.sum()), len(W), int(W.min())],
    }
answer([of(folder) for folder in cases])
`;

interface Scored {
  clear: boolean;
  differ: number;
  rows: Record<string, number>;
  points: Record<string, number>;
  sizes: number[];
  pointSizes: number[];
  mean: number;
  weights: [number, number, number];
}

test("a simulation's metrics are scikit-learn's of the rows, those of the points are the weighted ones", {
  skip: skipWithoutPython,
}, () => {
  const runs = Object.entries(results);
  const scored = askPython<Scored[]>(
    SCORES,
    runs.map(([, { experimentDir }]) => experimentDir),
  );
  for (const [i, [name, { metrics, metricsOf, metricsOfPoints, experimentDir }]] of runs.entries()) {
    const found = scored[i];
    assert.ok(found.clear, `${name}: no row is as near to two means`);
    assert.equal(found.differ, 0, `${name}: labels are each row's own nearest mean`);
    assert.equal(metricsOf, "rows");
    const close = (own: unknown, other: number, what: string) =>
      assert.ok(
        Math.abs((own as number) - other) <= SCIKIT_LEARN_TOLERANCE * Math.abs(other),
        `${name}, ${what}: ${own} and ${other}`,
      );
    for (const [metric, value] of Object.entries(found.rows))
      close(metrics[metric as "inertia"], value, metric);
    for (const [metric, value] of Object.entries(found.points))
      close(metricsOfPoints![metric as "inertia"], value, `${metric} of points`);
    assert.deepEqual(metrics.clusterSizes, found.sizes);
    assert.deepEqual(metricsOfPoints!.clusterSizes, found.pointSizes);
    assert.ok(found.mean < 1e-9, `${name}: the points' mean is the rows', but for ${found.mean}`);
    assert.equal(found.weights[0], 342);
    assert.ok(found.weights[2] >= (RUNS[name].groupSize ?? 5));
    assert.ok(metricsOfPoints!.inertia < metrics.inertia);
    const written = json(experimentDir, "federated_kmeans_metrics.json");
    assert.equal(written.inertia, metrics.inertia);
    assert.equal(written.of_points.inertia, metricsOfPoints!.inertia);
    const { convergence_history } = json(experimentDir, "experiment_summary.json");
    assert.equal(convergence_history.at(-1).inertia, metricsOfPoints!.inertia);
  }
});

test("where rows are computed from there is nothing beside their metrics, and no points are kept", async (context) => {
  const result = await run({
    ...SETTINGS,
    groupSize: 1,
    carrier: "inline",
    logDir: temporaryFolder(context),
  });
  assert.deepEqual([result.metricsOf, result.metricsOfPoints], ["rows", null]);
  assert.equal("of_points" in json(result.experimentDir, "federated_kmeans_metrics.json"), false);
  assert.equal(existsSync(join(result.experimentDir, "client_points")), false);
});

test("sweeps, choices of k and twins under groups are scored on the rows", async (context) => {
  const settings = { data: "data/penguins", labelColumn: "species" } as const;
  const whole = results["fkm, three clusters"];
  const { runs } = await sweep({ ...settings, kGlobal: 3 }, {}, { seeds: [42], threads: 1 });
  assert.equal(runs[0].inertia, whole.metrics.inertia);
  assert.equal(runs[0].adjustedRandIndex, whole.metrics.adjustedRandIndex);
  const choice = await chooseK(settings, { kValues: [2, 3], seeds: [42, 43], threads: 1 });
  const inertias: number[] = [];
  for (const randomState of [42, 43]) {
    const logDir = temporaryFolder(context);
    inertias.push(
      (await run({ ...settings, kGlobal: 3, randomState, carrier: "inline", logDir })).metrics.inertia,
    );
  }
  const mean = (inertias[0] + inertias[1]) / 2;
  assert.ok(Math.abs(choice.scores[1].inertia.mean - mean) < 1e-12 * mean);
});

test("a twin tells the cost of groups and that of federation apart, rows against rows", async (context) => {
  const lloyd = {
    ...SETTINGS,
    algorithm: "lloyd",
    kGlobal: 3,
    tolerance: 0,
    twin: true,
    carrier: "inline",
  } as const;
  const { twin, metrics, experimentDir } = await run({ ...lloyd, logDir: temporaryFolder(context) });
  const { sameStart, bestStart, ofPoints, groupCost } = twin!;
  // Federated Lloyd of points costs nothing against pooled Lloyd of the same points from the same start.
  assert.ok(Math.abs(ofPoints!.sameStart.inertiaExcess!) < 1e-12);
  assert.equal(ofPoints!.sameStart.adjustedRandIndexDifference, 0);
  assert.ok(Math.abs(ofPoints!.sameStart.inertia / metrics.inertia - 1) < 1e-12, "scored on rows");
  for (const [rows, points, cost] of [
    [sameStart, ofPoints!.sameStart, groupCost!.sameStart],
    [bestStart, ofPoints!.bestStart, groupCost!.bestStart],
  ] as const) {
    assert.ok(Math.abs(cost.inertiaExcess! - (points.inertia / rows.inertia - 1)) < 1e-12);
    assert.ok(Math.abs(rows.inertiaExcess! - (metrics.inertia / rows.inertia - 1)) < 1e-12);
    assert.equal(cost.adjustedRandIndexDifference, points.adjustedRandIndex! - rows.adjustedRandIndex!);
  }
  // From the best of ten starts no clustering of points is better on the rows than that of the rows themselves.
  assert.ok(groupCost!.bestStart.inertiaExcess! >= 0);
  const layout = layoutOf(experimentDir);
  const { data, shape } = readNpy(readFileSync(layout.globalMeans(0)), "start");
  const start = { data: data as Float64Array, nRows: shape[0], nColumns: shape[1] };
  const configuration = configure({ ...lloyd, logDir: "unused" });
  const refs = await listPartitions("data/penguins", { ...COLUMN_DEFAULTS, labelColumn: "species" });
  assert.deepEqual(await twinOf({ configuration, refs, start, metrics }), twin);
  const atRows = await run({ ...lloyd, groupSize: 1, logDir: temporaryFolder(context) });
  assert.deepEqual([atRows.twin!.ofPoints, atRows.twin!.groupCost], [undefined, undefined]);
  assert.ok(readdirSync(experimentDir).includes("twin.json"));
});

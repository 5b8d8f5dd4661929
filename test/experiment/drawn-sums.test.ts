import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { configure } from "#src/experiment/configuration.js";
import { run } from "#src/experiment/run.js";
import { temporaryFolder } from "../support/temporary.js";

/** What this uses of the package of pictures, which knows a run by its directory alone. */
interface Pictures {
  readExperiment(directory: string): {
    rounds: {
      k: number;
      means: Float64Array;
      locals: { means: Float64Array; counts: number[]; targets: number[] }[];
    }[];
  };
}

const { readExperiment } = createRequire(join(process.cwd(), "package.json"))("fedkmeans-viz") as Pictures;

function distance(a: Float64Array, b: Float64Array): number {
  return Math.hypot(...a.map((value, j) => value - b[j]));
}

test("best-lloyd's sums are drawn into the clusters whose means they make", async (context) => {
  const { experimentDir } = await run(
    configure({
      data: join(process.cwd(), "data", "penguins"),
      labelColumn: "species",
      algorithm: "best-lloyd",
      restarts: 1,
      kGlobal: 8,
      privacy: "threshold",
      // A run in which one client's mean of a cluster is nearer to another's.
      randomState: 24,
      carrier: "inline",
      logDir: temporaryFolder(context),
    }),
  );
  const { rounds } = readExperiment(experimentDir);
  let elsewhere = 0;
  for (const { k, means, locals } of rounds.slice(1)) {
    const p = means.length / k;
    const global = (cluster: number) => means.subarray(cluster * p, (cluster + 1) * p);
    const sums = new Float64Array(k * p);
    const counts = new Float64Array(k);
    for (const local of locals) {
      for (const [i, target] of local.targets.entries()) {
        const mean = local.means.subarray(i * p, (i + 1) * p);
        counts[target] += local.counts[i];
        for (let j = 0; j < p; j++) sums[target * p + j] += local.counts[i] * mean[j];
        const distances = Array.from({ length: k }, (_, cluster) => distance(mean, global(cluster)));
        if (distances.indexOf(Math.min(...distances)) !== target) elsewhere += 1;
      }
    }
    for (let cluster = 0; cluster < k; cluster++) {
      if (counts[cluster] === 0) continue;
      const mean = sums.subarray(cluster * p, (cluster + 1) * p).map((sum) => sum / counts[cluster]);
      assert.ok(distance(mean, global(cluster)) < 1e-9);
    }
  }
  assert.ok(elsewhere > 0, "some are nearer to another mean");
});

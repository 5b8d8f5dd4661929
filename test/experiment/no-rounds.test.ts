import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { run } from "#src/experiment/run.js";
import { assertClose } from "../support/matrices.js";
import { temporaryFolder } from "../support/temporary.js";

test("a start of no rounds is scored, given or drawn, with rows recorded or not, grouped or not, on any carrier", async (context) => {
  const data = temporaryFolder(context);
  for (const [client, rows] of Object.entries({ a: [0, 1], b: [10, 11] })) {
    writeFileSync(join(data, `${client}.npy`), writeNpy({ data: Float64Array.from(rows), shape: [2, 1] }));
  }
  const start = join(temporaryFolder(context), "start.npy");
  writeFileSync(start, writeNpy({ data: Float64Array.of(0, 10), shape: [2, 1] }));
  const logDir = temporaryFolder(context);
  const settings = { data, kGlobal: 2, maxIterations: 0, logDir } as const;
  const ways = (["inline", "threads"] as const).flatMap((carrier) =>
    [1, 2].map((groupSize) => ({ carrier, groupSize })),
  );
  for (const way of ways) {
    for (const recordClientData of [true, false]) {
      const given = { ...settings, ...way, recordClientData, start, normalize: false };
      const { metrics, rounds } = await run(given);
      assert.equal(rounds, 0);
      assert.deepEqual([metrics.inertia, metrics.clusterSizes], [2, [2, 2]]);
      // Each row is 1 from the other of its cluster, and 9.5 or 10.5 from those of the other, on average.
      const silhouette = 1 - (1 / 9.5 + 1 / 10.5) / 2;
      if (recordClientData) assertClose([metrics.silhouetteScore!], [silhouette], 1e-15, "silhouette");
      else assert.equal(metrics.silhouetteScore, null);
      const drawn = await run({ ...settings, ...way, recordClientData, start: "random" });
      assert.ok(drawn.metrics.inertia > 0);
      assert.equal(drawn.metrics.silhouetteScore === null, !recordClientData);
    }
  }
});

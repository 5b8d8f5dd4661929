import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { UsageError } from "#src/errors.js";
import { configure } from "#src/experiment/configuration.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { PUBLISHED_CELLS } from "#src/study/reproduce/published.js";
import { reproduce } from "#src/study/reproduce/reproduce.js";
import { startRequest } from "#src/workflow/clustering/fkm.js";
import { readLocalClusters } from "#src/workflow/clustering/local-clusters.js";
import { updateRequest } from "#src/workflow/clustering/update.js";
import { clientOver } from "../../support/clients.js";
import { PAPER_DATA, skipWithoutPaperData } from "../../support/datasets.js";

const transform = { normalization: null, projection: null };

function clientOf(threshold: number, ...rows: number[]): LocalClient {
  const partition = {
    rows: { data: Float64Array.from(rows), nRows: rows.length, nColumns: 1 },
    featureNames: null,
    labels: null,
    classes: [],
  };
  return clientOver("a", partition, threshold);
}

test("a client that has not lowered its own threshold sends no row as a start", () => {
  const request = startRequest(transform, {
    kLocal: 2,
    localIterations: 1,
    asPublished: true,
    randomState: 1,
    privacyThreshold: 0,
    restarts: 10,
  });
  assert.throws(
    () => clientOf(2, 0, 1, 10, 11).answer(request),
    /needs a privacy threshold of 0 or 1, found 2/,
  );
  const { means, counts } = readLocalClusters(clientOf(1, 0, 1, 10, 11).answer(request), 1, 0);
  assert.ok(
    [...means.data].every((mean) => [0, 1, 10, 11].includes(mean)),
    String(means.data),
  );
  assert.deepEqual([...counts], [2, 2]);
});

test("as published, a mean is reported with the rows nearest to it after the iterations", () => {
  // Under 0 and 6 the row 2.9 is of the first, whose mean becomes 0.725; 2.9 then is nearer to 5.
  const means = { data: Float64Array.from([0, 6]), nRows: 2, nColumns: 1 };
  const options = { algorithm: "fkm", localIterations: 1, dropEmpty: true, privacyThreshold: 1 } as const;
  const client = clientOf(1, 0, 0, 0, 2.9, 4, 4, 4);
  const ask = (asPublished: boolean) =>
    readLocalClusters(client.answer(updateRequest(transform, means, { ...options, asPublished })), 1, 2);
  const plain = ask(false);
  assert.deepEqual([...plain.counts], [4, 3]);
  const published = ask(true);
  assert.deepEqual([...published.means.data], [...plain.means.data]);
  assert.deepEqual([...published.counts], [3, 4]);
});

test("as-published is refused where a setting speaks against it", () => {
  for (const other of [
    { privacyThreshold: 2 },
    { privacy: "threshold", privacyThreshold: 2 },
    { privacy: "groups" },
    { groupSize: 5 },
    { algorithm: "lloyd" },
  ] as const) {
    assert.throws(
      () => configure({ data: "x", asPublished: true, ...other }),
      UsageError,
      JSON.stringify(other),
    );
  }
});

test("cells of the published study come out as published", { skip: skipWithoutPaperData }, async () => {
  const names = ["beta0.1_ppc50_noise1", "beta10_ppc50_noise1.2"];
  const { cells, runs } = await reproduce({ reference: PAPER_DATA, seeds: 15, cells: names });
  assert.equal(runs.length, 2 * 4 * 15);
  for (const { cell, fkm, central, kFed } of cells) {
    fkm.forEach(({ mean, sd, n }, i) => {
      // Fifteen seeds know the mean only so well: the bar of the study, and two standard errors.
      const room = 0.01 + (2 * sd!) / Math.sqrt(n);
      assert.ok(
        Math.abs(mean - cell.fkm[i].mean) <= room,
        `${cell.name} fkm ${i}: ${mean}, ${cell.fkm[i].mean}`,
      );
    });
    assert.ok(Math.abs(central.mean - cell.central.mean) <= 0.005, `${cell.name} central: ${central.mean}`);
    assert.ok(kFed.mean >= cell.kFed.mean - 0.02, `${cell.name} k-fed: ${kFed.mean}`);
  }
});

test("the reference is refused by name where there is none", async () => {
  await assert.rejects(
    reproduce({ reference: join("data", "penguins") }),
    /^UsageError: data.penguins does not hold the data of the study: no folder beta0\.1_ppc50_noise1 in it/,
  );
});

test("36 cells were published: two reaches, three sizes, six noises", () => {
  assert.equal(new Set(PUBLISHED_CELLS.map(({ name }) => name)).size, 36);
  for (const [key, values] of [
    ["beta", [0.1, 10]],
    ["pointsPerCluster", [50, 100, 200]],
    ["noise", [1, 1.1, 1.2, 1.3, 1.4, 1.5]],
  ] as const) {
    for (const value of values) {
      const having = PUBLISHED_CELLS.filter((cell) => cell[key] === value);
      assert.equal(having.length, 36 / values.length);
    }
  }
  for (const { name, fkm, central, kFed } of PUBLISHED_CELLS) {
    for (const { mean, sd } of [...fkm, central, kFed]) assert.ok(mean > 0.4 && mean < 1 && sd < 0.1, name);
    // What both reaches share are the points, and so k-means of all of them.
    const twin = PUBLISHED_CELLS.find((other) => other.name === name.replace("beta10_", "beta0.1_"));
    assert.deepEqual(central, twin!.central);
  }
});

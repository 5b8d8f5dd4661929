import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "#src/data/generators/dataset.js";
import { generatePaper, type PaperOptions } from "#src/data/generators/generate-paper.js";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { UsageError } from "#src/errors.js";
import { randomStream } from "#src/numerics/random.js";
import { PAPER_DATA, skipWithoutPaperData } from "../../support/datasets.js";
import { COLUMN_DEFAULTS } from "../../support/tables.js";

function paper(options: Partial<PaperOptions>): Dataset {
  return generatePaper(options);
}

/** Where the generator puts its clients. */
function locationsOf({
  numClients,
  randomState,
}: Pick<PaperOptions, "numClients" | "randomState">): number[][] {
  const stream = randomStream(randomState, "generate/paper/locations");
  return Array.from({ length: numClients }, () => [20 * stream.uniform() - 10, 20 * stream.uniform() - 10]);
}

/**
 * How many points of those of `dataset` client 0 of two should get: a point goes to client 0 with probability
 * p0 (1 - p1) + p0 p1 / 2, and also where nobody takes it, if client 0 is the nearer one.
 *
 * @returns mean and standard deviation of the count
 */
function lawForTwo(dataset: Dataset, locations: number[][], beta: number): { mean: number; std: number } {
  let mean = 0;
  let variance = 0;
  for (const { rows } of dataset.clients) {
    for (let i = 0; i < rows.data.length; i += 2) {
      const distances = locations.map(([x, y]) => Math.hypot(rows.data[i] - x, rows.data[i + 1] - y));
      const [p, q] = distances.map((distance) => 1 - Math.exp(-beta / distance));
      const nobody = distances[0] < distances[1] ? (1 - p) * (1 - q) : 0;
      const share = p * (1 - q) + (p * q) / 2 + nobody;
      mean += share;
      variance += share * (1 - share);
    }
  }
  return { mean, std: Math.sqrt(variance) };
}

test("by default five clients share 800 points, 50 of each of 16 clusters", () => {
  const { clients, centers } = paper({});
  assert.equal(clients.length, 5);
  assert.deepEqual([centers.nRows, centers.nColumns], [16, 2]);
  const labels = clients.flatMap((client) => [...client.labels]);
  assert.equal(labels.length, 800);
  for (let cluster = 0; cluster < 16; cluster++) {
    assert.equal(labels.filter((label) => label === cluster).length, 50);
  }
});

test("the centres are 5 apart on a grid within -12.5 to 12.5", () => {
  const { data } = paper({}).centers;
  const points = new Set(Array.from({ length: 16 }, (_, i) => `${data[2 * i]},${data[2 * i + 1]}`));
  const steps = [-7.5, -2.5, 2.5, 7.5];
  assert.deepEqual(points, new Set(steps.flatMap((x) => steps.map((y) => `${x},${y}`))));
});

test("points scatter about their centre with the noise asked for, alike in both directions", () => {
  const { clients, centers } = paper({ pointsPerCluster: 2000, noise: 1.3 });
  const offsets: number[][] = [[], []];
  for (const { rows, labels } of clients) {
    rows.data.forEach((value, i) => {
      offsets[i % 2].push(value - centers.data[2 * labels[i >> 1] + (i % 2)]);
    });
  }
  for (const axis of offsets) {
    assert.equal(axis.length, 32_000);
    const mean = axis.reduce((a, b) => a + b) / axis.length;
    const std = Math.sqrt(axis.reduce((sum, v) => sum + v * v, 0) / axis.length);
    // Standard errors: 0.0073 and 0.0051.
    assert.ok(Math.abs(mean) < 0.03);
    assert.ok(Math.abs(std - 1.3) < 0.022);
  }
});

for (const beta of [0.1, 1, 10]) {
  test(`with beta ${beta} two clients share points as the law says`, () => {
    for (const randomState of [1, 2, 3]) {
      const options = { numClients: 2, pointsPerCluster: 1000, beta, randomState };
      const dataset = paper(options);
      const { mean, std } = lawForTwo(dataset, locationsOf(options), beta);
      const z = (dataset.clients[0].labels.length - mean) / std;
      assert.ok(Math.abs(z) < 4, `seed ${randomState}: ${z} standard deviations off`);
    }
  });
}

test("with a tiny beta each point is with the nearest client", () => {
  const { clients, options } = generatePaper({ beta: 1e-9 });
  const locations = locationsOf(options);
  clients.forEach(({ rows }, client) => {
    for (let i = 0; i < rows.data.length; i += 2) {
      const distances = locations.map(([x, y]) => Math.hypot(rows.data[i] - x, rows.data[i + 1] - y));
      assert.equal(distances.indexOf(Math.min(...distances)), client);
    }
  });
});

/** Mean over clusters of the share of the client with the most of it. */
function purity(labels: readonly ArrayLike<number | string>[]): number {
  const counts = Array.from({ length: 16 }, () => labels.map(() => 0));
  labels.forEach((ofClient, client) => {
    for (const label of Array.from(ofClient)) counts[Number(label)][client] += 1;
  });
  const shares = counts.map((of) => Math.max(...of) / of.reduce((a, b) => a + b));
  return shares.reduce((a, b) => a + b) / 16;
}

for (const beta of [0.1, 10]) {
  test(`with beta ${beta} clusters are split among clients as in the published data`, {
    skip: skipWithoutPaperData,
  }, async () => {
    const load = createPartitionLoader();
    const published: string[][] = [];
    for (const ref of await listPartitions(`${PAPER_DATA}/beta${beta}_ppc200_noise1`, COLUMN_DEFAULTS)) {
      const { labels, classes } = await load(ref);
      published.push(Array.from(labels!, (label) => classes[label]));
    }
    const found = Array.from({ length: 20 }, (_, randomState) =>
      purity(paper({ beta, pointsPerCluster: 200, randomState }).clients.map(({ labels }) => labels)),
    );
    const mean = found.reduce((a, b) => a + b) / 20;
    const std = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19);
    // Clients stand elsewhere for each seed: the published ones are one draw of as many.
    const z = (purity(published) - mean) / std;
    assert.ok(Math.abs(z) < 3, `published ${purity(published)}, ours ${mean} ± ${std}`);
  });
}

test("the smaller beta is, the less evenly two clients share the points near one of them", () => {
  const share = (beta: number) => paper({ numClients: 2, pointsPerCluster: 500, beta, randomState: 4 });
  const contrast = ({ clients: [a] }: Dataset) => {
    const perCluster = Array.from(
      { length: 16 },
      (_, c) => a.labels.filter((label) => label === c).length / 500,
    );
    return Math.max(...perCluster) - Math.min(...perCluster);
  };
  assert.ok(contrast(share(0.1)) > contrast(share(1000)) + 0.3);
});

test("a client without points is wrong usage, with what to try", () => {
  assert.throws(
    () => paper({ numClients: 200, pointsPerCluster: 1 }),
    /^UsageError: client \d+ ends with no points; raise the setting\spointsPerCluster/,
  );
});

const REFUSED: [Partial<PaperOptions>, string][] = [
  [{ numClients: 0 }, "the setting\u00a0numClients must be an integer of at least 1, found 0"],
  [
    { pointsPerCluster: 0.5 },
    "the setting\u00a0pointsPerCluster must be an integer of at least 1, found 0.5",
  ],
  [{ noise: -1 }, "the setting\u00a0noise must be a number above 0, found -1"],
  [{ beta: 0 }, "the setting\u00a0beta must be a number above 0, found 0"],
  [{ randomState: 1.5 }, "the setting\u00a0randomState must be an integer of at least 0, found 1.5"],
];

for (const [options, message] of REFUSED) {
  test(`generating the paper's data: ${message}`, () => {
    assert.throws(() => paper(options), new UsageError(message));
  });
}

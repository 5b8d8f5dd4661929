import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import type { Standardization } from "#src/numerics/transform.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { productsRequest, wideMomentsRequest } from "#src/workflow/transform/wide-pca.js";
import { pointsByProducts } from "../support/attacks/active.js";
import { clientUnder, columnsOf, overhear } from "../support/attacks/conversation.js";
import type { AttackedClient } from "../support/attacks/data.js";
import { knowledgeOf, rawSum } from "../support/attacks/knowledge.js";
import { leastSum } from "../support/attacks/span.js";
import { functionalOf, taggedClient } from "../support/attacks/tagged.js";
import { leastAlike } from "../support/attacks/told-apart.js";

/*
 * Features so many that principal components are searched for by products of the scatter matrix with directions, which
 * are the server's to choose.
 */

const SIZES = [2, 5, 10];
const N_ROWS = 40;
/** The first columns of tagged rows: features and tags. */
const N_TAGGED = 2 + N_ROWS;
const N_COLUMNS = 402 + N_ROWS;
const NAMES = columnsOf(N_COLUMNS);

/** Rows with tags, and as many features more as it takes for them to be wide. */
function wideClient(name: string): AttackedClient {
  const tagged = taggedClient(name, N_ROWS);
  const random = randomStream(6, name);
  const rows = tagged.rows.map((row) => [...row, ...Array.from({ length: 400 }, () => random.normal())]);
  return { ...tagged, rows };
}

const WIDE = ["a", "b", "c"].map(wideClient);

/** Runs in components, of all columns and of all but a few features in another order. */
const RUNS: readonly Partial<ServerOptions>[] = [
  { algorithm: "fkm", randomState: 0 },
  { algorithm: "lloyd", randomState: 1, normalize: false },
  { algorithm: "k-fed", randomState: 2, features: [...NAMES.slice(1, -30)].reverse() },
  { algorithm: "best-lloyd", randomState: 3, features: NAMES.filter((_, j) => j % 17 !== 0 || j < N_TAGGED) },
];

/** Of one client, what each number that was heard says of its rows: the values of their tags. */
async function tagsHeard(size: number): Promise<number[][]> {
  const clients = WIDE.map((client) => clientUnder(groupsPolicy(size), client));
  const tags: number[][] = [];
  for (const options of RUNS) {
    const heard = await overhear(clients, { k: 3, restarts: 2, pcaComponents: 2, ...options });
    const knowledge = knowledgeOf(heard.get("a")!, N_COLUMNS);
    const add = (values: readonly number[], features: readonly string[] | null) => {
      const order = features ?? NAMES;
      tags.push(NAMES.slice(2, N_TAGGED).map((name) => values[order.indexOf(name)]));
    };
    for (const { cells, transform, features } of knowledge.partitions) {
      for (const cell of cells) {
        const sum = rawSum(cell, transform);
        if (sum !== null) add(sum, features);
      }
    }
    for (const { values, features } of knowledge.products) add(values, features);
    assert.ok(
      knowledge.products.length > 10,
      `${knowledge.products.length} products in ${options.algorithm}`,
    );
  }
  return tags;
}

test("of all that is heard in runs of wide data nothing tells fewer rows apart than a group's; of rows, each", async () => {
  for (const size of SIZES) {
    const least = leastAlike(await tagsHeard(size));
    assert.ok(least >= size && least < 2 * size, `groups of ${size}: ${least} rows told apart`);
  }
  assert.equal(leastAlike(await tagsHeard(1)), 1);
});

test("a server that chooses directions gets points, and no sum of fewer rows than a group's; of rows, each of them", () => {
  const [wide] = WIDE;
  const flags = Array.from({ length: N_ROWS }, (_, i) => 2 + i);
  for (const size of [1, ...SIZES]) {
    const client = clientUnder(groupsPolicy(size), wide);
    const { data, nRows } = client.raw();
    const found = pointsByProducts((request) => client.answer(request), N_COLUMNS, flags);
    const functionals = found.map(({ values, rows }) =>
      functionalOf(values.slice(0, N_TAGGED).map((x) => x * rows)),
    );
    assert.equal(leastSum(functionals, Math.max(2, size))?.length ?? null, size === 1 ? 1 : null);
    // Each is one of the points that the client computes from, and all of them are found.
    const met = new Set<number>();
    for (const { values } of found) {
      const g = Array.from({ length: nRows }, (_, i) => i).find((i) =>
        values.every((x, j) => Math.abs(x - data[i * N_COLUMNS + j]) < 1e-9),
      );
      assert.ok(g !== undefined, `groups of ${size}: a row that is no point`);
      met.add(g);
    }
    assert.equal(met.size, nRows);
  }
});

test("whatever directions and normalization a server chooses, answers follow from points", () => {
  const d = N_COLUMNS;
  for (const size of SIZES) {
    const client = clientUnder(groupsPolicy(size), WIDE[1]);
    const { data, nRows } = client.raw();
    const weights = client.weights!;
    const random = randomStream(size, "directions");
    const directions = Float64Array.from({ length: 3 * d }, () => random.normal());
    const normalization: Standardization = {
      mean: Float64Array.from({ length: d }, () => random.normal()),
      scale: Float64Array.from({ length: d }, () => 10 ** (4 * random.uniform() - 2)),
    };
    const points = Array.from({ length: nRows }, (_, g) =>
      Array.from({ length: d }, (_, j) => (data[g * d + j] - normalization.mean[j]) / normalization.scale[j]),
    );
    const { arrays: told } = client.answer(wideMomentsRequest(normalization, 0));
    const { arrays } = client.answer(productsRequest(normalization, directions, d, 0));
    const sums = new Float64Array(d);
    for (const [g, point] of points.entries()) {
      for (let j = 0; j < d; j++) sums[j] += weights[g] * point[j];
    }
    const mean = sums.map((x) => x / N_ROWS);
    const squares = mean.map((m, j) =>
      points.reduce((sum, point, g) => sum + weights[g] * (point[j] - m) ** 2, 0),
    );
    isNear(told.sums.data, sums);
    isNear(told.centered_squared_sums.data, squares);
    for (let v = 0; v < 3; v++) {
      const product = new Float64Array(d);
      for (const [g, point] of points.entries()) {
        const offset = point.map((x, j) => x - mean[j]);
        const along = weights[g] * offset.reduce((sum, x, j) => sum + x * directions[v * d + j], 0);
        for (let j = 0; j < d; j++) product[j] += along * offset[j];
      }
      isNear(arrays.products.data.subarray(v * d, (v + 1) * d), product);
    }
  }
});

/** Alike but for rounding, against the largest. */
function isNear(found: ArrayLike<number>, expected: Float64Array): void {
  const most = Math.max(...expected.map(Math.abs));
  assert.equal(found.length, expected.length);
  for (const [j, x] of expected.entries())
    assert.ok(Math.abs(found[j] - x) <= 1e-10 * most, `${found[j]} and ${x}`);
}

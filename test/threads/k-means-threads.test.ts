import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { run } from "#src/experiment/run.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { type KMeansOptions, kMeans } from "#src/numerics/k-means.js";
import { randomStream } from "#src/numerics/random.js";
import { KMeansThreads } from "#src/threads/k-means-threads.js";
import { runOnNodeAndDeno } from "../support/deno.js";
import { generatedFolder, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { gaussianClusters } from "../support/matrices.js";
import { temporaryFolder } from "../support/temporary.js";

const never = new AbortController().signal;
const OPTIONS: KMeansOptions = { maxIterations: 300, tolerance: 1e-4, restarts: 12 };
const D = 8;
const K = 12;
const rows = gaussianClusters("restarts over threads", 16_000, D, K, 2);
const weights = Float64Array.from({ length: rows.length / D }, (_, i) => i % 5);
const stream = (name = "restarts") => randomStream(7, name);

/** Whether other things could happen while something was done. */
async function leavesRoom(what: Promise<unknown>): Promise<boolean> {
  let happened = false;
  setImmediate(() => {
    happened = true;
  });
  await what;
  return happened;
}

for (const [name, rowWeights, options] of [
  ["without weights", null, OPTIONS],
  ["with weights", weights, OPTIONS],
  ["with weights, but for the start", weights, { ...OPTIONS, unweightedSeeding: true }],
] as const) {
  test(`restarts over any number of threads find what they find one after the other, ${name}`, async () => {
    const expected = kMeans(rows, D, K, rowWeights, options, stream());
    for (const count of [1, 2, 3, 20]) {
      const threads = new KMeansThreads(count, never);
      const found = threads.kMeans(rows, D, K, rowWeights, options, stream());
      assert.ok(await leavesRoom(found), `${count} threads`);
      assert.deepEqual(await found, expected);
      await threads.close();
    }
  });
}

test("several of them at a time do not get in each other's way", async () => {
  const threads = new KMeansThreads(2, never);
  const names = ["a", "b", "c"];
  const found = await Promise.all(
    names.map((name) => threads.kMeans(rows, D, K, weights, OPTIONS, stream(name))),
  );
  await threads.close();
  const expected = names.map((name) => kMeans(rows, D, K, weights, OPTIONS, stream(name)));
  assert.deepEqual(found, expected);
});

test("where fewer rows are distinct than clusters are wanted, it is the same too", async () => {
  const few = Float64Array.from({ length: rows.length }, (_, i) => Math.floor(i / D) % 5);
  const threads = new KMeansThreads(2, never);
  const found = threads.kMeans(few, D, K, null, OPTIONS, stream());
  assert.ok(await leavesRoom(found));
  await threads.close();
  const expected = kMeans(few, D, K, null, OPTIONS, stream());
  assert.equal(expected.counts.length, 5);
  assert.deepEqual(await found, expected);
});

test("little work is done at once; much leaves the thread free, on one thread and of one restart too", async () => {
  const one = new KMeansThreads(1, never);
  const two = new KMeansThreads(2, never);
  const few = rows.subarray(0, 100 * D);
  assert.ok(!(await leavesRoom(one.kMeans(few, D, K, null, OPTIONS, stream()))));
  assert.ok(!(await leavesRoom(two.kMeans(few, D, K, null, OPTIONS, stream()))));
  const many = new Float64Array(11 * rows.length);
  for (let copy = 0; copy < 11; copy++) many.set(rows, copy * rows.length);
  const once = { ...OPTIONS, restarts: 1, maxIterations: 1 };
  assert.ok(await leavesRoom(two.kMeans(many, D, K, null, once, stream())));
  await Promise.all([one.close(), two.close()]);
});

test("a signal, or the end, stops them", async () => {
  const much = { ...OPTIONS, tolerance: 0, restarts: 100_000 };
  const controller = new AbortController();
  const stopped = new KMeansThreads(2, controller.signal);
  const rejected = assert.rejects(stopped.kMeans(rows, D, K, null, much, stream()), { message: "enough" });
  await setTimeout(200);
  controller.abort(new Error("enough"));
  await rejected;
  await stopped.close();
  await assert.rejects(stopped.kMeans(rows, D, K, null, much, stream()), { message: "enough" });

  const closed = new KMeansThreads(2, never);
  const ended = assert.rejects(closed.kMeans(rows, D, K, null, much, stream()), { name: "RunError" });
  await closed.close();
  await ended;
});

test("they are the same on Deno, and hold no program up", (context) => {
  const source = (path: string) => JSON.stringify(require.resolve(`#src/${path}`));
  const { node, deno } = runOnNodeAndDeno(
    temporaryFolder(context),
    `
const { KMeansThreads } = require(${source("threads/k-means-threads.js")});
const { randomStream } = require(${source("numerics/random.js")});
const random = randomStream(1, "rows");
const rows = Float64Array.from({ length: 16000 * 8 }, () => random.normal());
const threads = new KMeansThreads(2, new AbortController().signal);
const options = { maxIterations: 300, tolerance: 1e-4, restarts: 12 };
threads.kMeans(rows, 8, 12, null, options, random).then(async ({ means, counts, inertia }) => {
  console.log([...means, ...counts, inertia].join());
  await threads.close();
});
`,
  );
  assert.equal(node.split(",").length, 8 * 12 + 12 + 1);
  assert.equal(deno, node);
});

test("a run whose clients send much has the same bytes inline and on threads", async (context) => {
  const data = await generatedFolder(context, {
    numClients: 56,
    samplesPerClient: 80,
    numFeatures: 8,
    numClusters: 64,
  });
  const settings = {
    data,
    kGlobal: 64,
    groupSize: 1,
    maxIterations: 1,
    recordLocalMeans: false,
  };
  const found = [];
  for (const execution of [{ carrier: "inline" }, { carrier: "threads", threads: 2 }] as const) {
    let nMeans = 0;
    const onEvent = (event: RunEvent) => {
      if (event.type !== "round") return;
      const sent = event.round.locals.reduce((sum, { clusters }) => sum + clusters.counts.length, 0);
      nMeans = Math.max(nMeans, sent);
    };
    const logDir = temporaryFolder(context);
    await run({ ...settings, ...execution, logDir }, { onEvent });
    assert.ok(nMeans * 8 * 64 * 10 > 2 ** 24, "there is work for several threads");
    found.push(promisedBytes(onlyDirectory(logDir)));
  }
  assert.deepEqual(found[0], found[1]);
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { type TestContext, test } from "node:test";
import { Worker } from "node:worker_threads";
import { dismiss, give, openControlBlock } from "#src/federation/carriers/threads/control-block.js";
import { WorkStealingPool } from "#src/federation/carriers/threads/work-stealing.js";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { KernelMemory } from "#src/numerics/kernels/memory/instance.js";
import { randomStream } from "#src/numerics/random.js";
import { rowHelpers, useRowHelpers } from "#src/numerics/row-helpers.js";
import { assignAsReference } from "../../../support/assignment.js";
import { gaussianClusters } from "../../../support/matrices.js";

const POOL = JSON.stringify(require.resolve("#src/federation/carriers/threads/work-stealing.js"));

/** A thread that helps when it is told to, and then says with how many tasks. */
const HELPER = `
const { parentPort, workerData } = require("node:worker_threads");
const { WorkStealingPool } = require(${POOL});
const pool = new WorkStealingPool(workerData.block, workerData.thread, () => {});
parentPort.on("message", (message) => {
  if (message === null) parentPort.postMessage(pool.help());
  else pool.know(message.id, message.memory);
});
`;

/** This thread as the first of a pool whose others stand by until they are told to help. */
function openPool(context: TestContext, size: number) {
  const block = openControlBlock(size);
  const workers = Array.from(
    { length: size - 1 },
    (_, i) => new Worker(HELPER, { eval: true, workerData: { block, thread: i + 1 } }),
  );
  context.after(() => Promise.all(workers.map((worker) => worker.terminate())));
  const pool = new WorkStealingPool(block, 0, (id, memory) => {
    for (const worker of workers) worker.postMessage({ id, memory });
  });
  useRowHelpers(pool);
  return {
    pool,
    /** Does something while the others help; returns with how many tasks each did. */
    async helped(what: () => void): Promise<number[]> {
      give(block, 0);
      const helps = workers.map((worker) => once(worker, "message"));
      for (const worker of workers) worker.postMessage(null);
      what();
      pool.done();
      return (await Promise.all(helps)).map(([nTasks]) => nTasks as number);
    },
  };
}

/** Centroids that move far at first, and less and less; every second one close to the one before it, or not. */
function* movingCentroids(
  rows: Float64Array,
  d: number,
  k: number,
  apart = Infinity,
): Generator<Float64Array> {
  const random = randomStream(1, `centroids ${d} ${k}`);
  const centroids = rows.slice(0, k * d);
  const unit = Math.abs(rows[0]);
  for (const step of [0, 0.3, 0.1, 0.1, 0.01, 0, 1]) {
    for (let i = 0; i < centroids.length; i++) {
      const twin = i - d;
      if (apart < Infinity && Math.floor(i / d) % 2 === 1) centroids[i] = centroids[twin] * (1 + apart);
      else centroids[i] += step * unit * random.normal();
    }
    yield centroids.slice();
  }
}

const N = 40_500;
const nTasks: number[] = [];
/** Of a pool of three, by their places in the first one's memory: see bounded/hoisted.as.ts. */
const THREADS = [0, 2, 3];
const kept = new Set<number>();

// One group of few; of more; several groups; a bound for each centroid; numbers beyond float32; twins it cannot tell apart.
for (const [what, d, k, scale, apart] of [
  ["few clusters", 6, 4, 1, Infinity],
  ["one group", 9, 20, 1, Infinity],
  ["several groups", 10, 70, 1, Infinity],
  ["a bound for each", 70, 20, 1, Infinity],
  ["large numbers", 10, 40, 1e25, Infinity],
  ["twins", 9, 20, 1, 1e-9],
] as const) {
  for (const isWeighted of [false, true]) {
    test(`threads that help find what one finds: ${what}${isWeighted ? ", weighted" : ""}`, async (context) => {
      const { helped, pool } = openPool(context, 3);
      assert.equal(rowHelpers(), pool);
      const rows = gaussianClusters(`pool ${d} ${k}`, N, d, k, 2).map((value) => value * scale);
      const weights = isWeighted ? Float64Array.from({ length: N }, (_, i) => i % 4) : null;
      const assignment = BoundedAssignment.open(rows, d, k, weights)!;
      const { memory } = assignment.held;
      assert.ok(memory.isShared);
      for (const centroids of movingCentroids(rows, d, k, apart)) {
        const tasks = await helped(() =>
          assignAsReference(assignment, { rows, weights, scores: isWeighted }, d, centroids, what),
        );
        nTasks.push(...tasks);
      }
      for (const index of THREADS) {
        const slot = new Uint8Array(memory.buffer, 16 + 16 * index, 16);
        if (slot.some((byte) => byte !== 0)) kept.add(index);
      }
      assignment.close();
    });
  }
}

test("they did help", { skip: availableParallelism() < 2 && "there is one processor" }, () => {
  const total = nTasks.reduce((sum, tasks) => sum + tasks, 0);
  assert.ok(total > 0);
  assert.deepEqual([...kept].sort(), THREADS, "each keeps vectors in a place of its own");
});

test("without others there, nobody is waited for", async (context) => {
  const { pool } = openPool(context, 4);
  useRowHelpers(pool);
  const rows = gaussianClusters("alone", N, 6, 9, 2);
  const assignment = BoundedAssignment.open(rows, 6, 9, null)!;
  for (const centroids of movingCentroids(rows, 6, 9)) {
    assignAsReference(assignment, { rows, weights: null }, 6, centroids, "alone");
  }
});

test("who helps leaves for work of its own, and no longer waits for one that is gone", {
  timeout: 300_000,
}, async (context) => {
  const block = openControlBlock(2);
  const worker = new Worker(HELPER, { eval: true, workerData: { block, thread: 1 } });
  context.after(() => worker.terminate());
  const help = async () => {
    const left = once(worker, "message");
    worker.postMessage(null);
    return (await left)[0] as number;
  };
  give(block, 0);
  assert.equal(await help(), 0, "it does not wait for those of whose memories it knows none");
  worker.postMessage({ id: 0, memory: new KernelMemory(0, true).host });
  for (const event of [give, dismiss]) {
    give(block, 0);
    const left = help();
    let isThere = true;
    void left.then(() => {
      isThere = false;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(isThere, "it stays while there may be something to do");
    event(block, event === give ? 1 : 0);
    await left;
    dismiss(block, 1);
  }
});

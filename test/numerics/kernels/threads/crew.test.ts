import assert from "node:assert/strict";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { type TestContext, test } from "node:test";
import { Worker } from "node:worker_threads";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { KernelMemory } from "#src/numerics/kernels/memory/instance.js";
import { Crew, joinCrew, ownCrew } from "#src/numerics/kernels/threads/crew.js";
import { dismiss, give, openDesk } from "#src/numerics/kernels/threads/desk.js";
import { randomStream } from "#src/numerics/random.js";
import { assignAsReference } from "../../../support/assignment.js";
import { gaussianClusters } from "../../../support/matrices.js";

const CREW = JSON.stringify(require.resolve("#src/numerics/kernels/threads/crew.js"));

/** A thread that helps when it is told to, and then says with how many jobs. */
const HELPER = `
const { parentPort, workerData } = require("node:worker_threads");
const { Crew } = require(${CREW});
const crew = new Crew(workerData.desk, workerData.member, () => {});
parentPort.on("message", (message) => {
  if (message === null) parentPort.postMessage(crew.help());
  else crew.know(message.id, message.memory);
});
`;

/** This thread as the first of a crew whose others stand by until they are told to help. */
function openCrew(context: TestContext, size: number) {
  const desk = openDesk(size);
  const workers = Array.from(
    { length: size - 1 },
    (_, i) => new Worker(HELPER, { eval: true, workerData: { desk, member: i + 1 } }),
  );
  context.after(() => Promise.all(workers.map((worker) => worker.terminate())));
  const crew = new Crew(desk, 0, (id, memory) => {
    for (const worker of workers) worker.postMessage({ id, memory });
  });
  joinCrew(crew);
  return {
    crew,
    /** Does something while the others help; returns with how many jobs each did. */
    async helped(what: () => void): Promise<number[]> {
      give(desk, 0);
      const helps = workers.map((worker) => once(worker, "message"));
      for (const worker of workers) worker.postMessage(null);
      what();
      crew.done();
      return (await Promise.all(helps)).map(([nJobs]) => nJobs as number);
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
const nJobs: number[] = [];
/** Of a crew of three, by their places in the first one's memory: see bounded/pinned.as.ts. */
const MEMBERS = [0, 2, 3];
const pinned = new Set<number>();

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
      const { helped, crew } = openCrew(context, 3);
      assert.equal(ownCrew(), crew);
      const rows = gaussianClusters(`crew ${d} ${k}`, N, d, k, 2).map((value) => value * scale);
      const weights = isWeighted ? Float64Array.from({ length: N }, (_, i) => i % 4) : null;
      const assignment = BoundedAssignment.open(rows, d, k, weights)!;
      const { memory } = assignment.held;
      assert.ok(memory.isShared);
      for (const centroids of movingCentroids(rows, d, k, apart)) {
        const jobs = await helped(() =>
          assignAsReference(assignment, { rows, weights, scores: isWeighted }, d, centroids, what),
        );
        nJobs.push(...jobs);
      }
      for (const member of MEMBERS) {
        const slot = new Uint8Array(memory.buffer, 16 + 16 * member, 16);
        if (slot.some((byte) => byte !== 0)) pinned.add(member);
      }
      assignment.close();
    });
  }
}

test("they did help", { skip: availableParallelism() < 2 && "there is one processor" }, () => {
  const total = nJobs.reduce((sum, jobs) => sum + jobs, 0);
  assert.ok(total > 0);
  assert.deepEqual([...pinned].sort(), MEMBERS, "each pins what it pins in a place of its own");
});

test("without others there, nobody is waited for", async (context) => {
  const { crew } = openCrew(context, 4);
  joinCrew(crew);
  const rows = gaussianClusters("alone", N, 6, 9, 2);
  const assignment = BoundedAssignment.open(rows, 6, 9, null)!;
  for (const centroids of movingCentroids(rows, 6, 9)) {
    assignAsReference(assignment, { rows, weights: null }, 6, centroids, "alone");
  }
});

test("who helps leaves for work of its own, and no longer waits for one that is gone", {
  timeout: 300_000,
}, async (context) => {
  const desk = openDesk(2);
  const worker = new Worker(HELPER, { eval: true, workerData: { desk, member: 1 } });
  context.after(() => worker.terminate());
  const help = async () => {
    const left = once(worker, "message");
    worker.postMessage(null);
    return (await left)[0] as number;
  };
  give(desk, 0);
  assert.equal(await help(), 0, "it does not wait for those of whose memories it knows none");
  worker.postMessage({ id: 0, memory: new KernelMemory(0, true).host });
  for (const event of [give, dismiss]) {
    give(desk, 0);
    const left = help();
    let isThere = true;
    void left.then(() => {
      isThere = false;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(isThere, "it stays while there may be something to do");
    event(desk, event === give ? 1 : 0);
    await left;
    dismiss(desk, 1);
  }
});

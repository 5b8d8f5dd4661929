import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpz } from "#src/data/formats/npz.js";
import { inlineSimulation } from "#src/federation/carriers/inline-simulation.js";
import { threadsFederation } from "#src/federation/carriers/threads/federation.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import { openClients } from "#src/federation/client/client-source.js";
import type { Federation, Reply } from "#src/federation/federation.js";
import { gather } from "#src/federation/gather.js";
import type { Transform } from "#src/numerics/transform.js";
import { thresholdPolicy } from "#src/privacy/policy.js";
import { updateRequest } from "#src/workflow/clustering/update.js";
import type { Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { scatterRequest } from "#src/workflow/transform/pca.js";
import { gaussianClusters } from "../../support/matrices.js";
import { TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

const D = 3;
const OTHER = { mean: Float64Array.of(1, 2, 3), scale: Float64Array.of(2, 1, 0) };
const normalization = { mean: Float64Array.of(0.5, -1, 2), scale: Float64Array.of(1, 3, 2) };
const projection = {
  mean: Float64Array.of(0.1, 0, -0.1),
  components: Float64Array.of(1, 2, 3, 0, 1, -1),
};

function update(transform: Transform, d: number): Message {
  const means = { data: Float64Array.from({ length: 2 * d }, (_, i) => i), nRows: 2, nColumns: d };
  const options = {
    algorithm: "fkm" as const,
    localIterations: 2,
    dropEmpty: true,
    asPublished: false,
    privacyThreshold: 2,
  };
  return updateRequest(transform, means, options);
}

/** As a run asks, and then as none does: another normalization after the first has taken the rows' place. */
const REQUESTS: readonly Message[] = [
  momentsRequest(2, false),
  momentsRequest(2, true),
  update({ normalization, projection: null }, D),
  update({ normalization, projection }, 2),
  update({ normalization, projection: null }, D),
  update({ normalization: OTHER, projection: null }, D),
  momentsRequest(2, false),
  update({ normalization: OTHER, projection }, 2),
  update({ normalization: null, projection }, 2),
  scatterRequest(2),
];

test("a client of a file, whose rows are standardized where they lie, answers as one of rows in memory", async (t) => {
  const data = gaussianClusters("client source", 500, D, 3);
  const rows = { data: data.slice(), nRows: 500, nColumns: D };
  const path = join(temporaryFolder(t), "client_a.npz");
  writeFileSync(path, await writeNpz({ X: { shape: [500, D], data } }));
  const ref = { client: "a", path, table: TABLE_DEFAULTS, clientColumn: null };
  const partition = { rows, featureNames: null, labels: null, classes: [] };
  const [ofFile, ofMemory] = await openClients([
    { name: "a", policy: thresholdPolicy(2), data: ref },
    { name: "a", policy: thresholdPolicy(2), data: partition },
  ]);
  for (const request of REQUESTS) {
    assert.deepEqual(await ofFile.answer(request), await ofMemory.answer(request), request.kind);
  }
  assert.deepEqual(rows.data, data, "rows in memory are left as they are");
});

test("a client whose rows are another normalization's answers nothing with them", () => {
  const data = gaussianClusters("overwritten", 50, D, 2);
  const rows = { data, nRows: 50, nColumns: D };
  const client = bothClients(
    "a",
    { rows, featureNames: null, labels: null, classes: [] },
    thresholdPolicy(2),
    true,
  ).points;
  client.answer(update({ normalization, projection: null }, D));
  const ofOther = update({ normalization: OTHER, projection: null }, D);
  for (const request of [momentsRequest(2, false), momentsRequest(2, true), ofOther, scatterRequest(2)]) {
    assert.equal(client.has(request), false);
    assert.throws(() => client.answer(request), /standardized where they lie/);
  }
});

test("rows of a file that is gone fail only a request about other rows than those in memory", async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, "client_a.npz");
  writeFileSync(path, await writeNpz({ X: { shape: [100, D], data: gaussianClusters("gone", 100, D, 2) } }));
  const ref = { client: "a", path, table: TABLE_DEFAULTS, clientColumn: null };
  const [client] = await openClients([{ name: "a", policy: thresholdPolicy(2), data: ref }]);
  await client.answer(update({ normalization, projection: null }, D));
  writeFileSync(path, "");
  await client.answer(update({ normalization, projection: null }, D));
  assert.equal(client.unreadable!(), null);
  for (const ask of [client.answer, client.answerOfRows]) {
    await assert.rejects(async () => ask(momentsRequest(2, false)), WITHOUT_REASON);
    assert.match(client.unreadable!()!, /client_a\.npz/);
  }
  await client.answer(update({ normalization, projection: null }, D));
  assert.equal(client.unreadable!(), null);
});

/** All that leaves of why rows cannot be read. */
const WITHOUT_REASON = { name: "RunError", message: "its rows cannot be read; it tells its owner why" };

test("of a cell that cannot be read nothing leaves a client, and a simulation says where and what it is", async (t) => {
  const path = join(temporaryFolder(t), "client_a.csv");
  writeFileSync(path, "x,y\n1,2\n3,4 1999-10-12\n");
  const ref = { client: "a", path, table: TABLE_DEFAULTS, clientColumn: null };
  const source = { name: "a", policy: thresholdPolicy(2), data: ref };
  const clients = await openClients([source]);
  assert.throws(() => clients[0].answer(momentsRequest(2, false)), WITHOUT_REASON);
  const whole = /client_a\.csv.* line 3, column "y".*4 1999-10-12/;
  for (const federation of [inlineSimulation(clients), threadsFederation([source], { threads: 1 })]) {
    const replies: Reply[] = [];
    const overheard: Federation = {
      ...federation,
      clients: ["a"],
      async *exchange(request, options) {
        for await (const some of federation.exchange(request, options)) {
          replies.push(...some);
          yield some;
        }
      },
      simulation: federation.simulation,
    };
    for (const asked of [overheard, federation.simulation!.rows]) {
      const { dropped } = await gather(asked, "a step", momentsRequest(2, false), (reply) => reply, {
        exchange: 1,
        minClients: 0,
        deadline: 60_000,
        signal: new AbortController().signal,
      });
      assert.match(dropped[0].reason, whole);
    }
    assert.deepEqual(replies, [{ client: "a", error: WITHOUT_REASON.message }]);
    await federation.close();
  }
});

test("a client that loads its rows again logs all the same what it sent before", async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, "client_a.npz");
  const data = gaussianClusters("client log", 50, D, 3);
  writeFileSync(path, await writeNpz({ X: { shape: [50, D], data } }));
  const ref = { client: "a", path, table: TABLE_DEFAULTS, clientColumn: null };
  const [client] = await openClients([{ name: "a", policy: thresholdPolicy(2), data: ref }]);
  const logFile = join(folder, "client_a.log");
  client.record({
    logFile,
    ledgerFile: join(folder, "client_a.jsonl"),
    rowsFile: null,
    pointsFiles: null,
    labelsFile: null,
  });
  for (const request of REQUESTS) await client.answer(request);
  client.flush?.();
  const sent = readFileSync(logFile, "utf8").match(/ sent \S+:/g);
  assert.equal(sent?.length, REQUESTS.length);
});

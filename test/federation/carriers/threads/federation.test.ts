import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { writeNpy } from "#src/directory/npy.js";
import { inlineSimulation } from "#src/federation/carriers/inline-simulation.js";
import { threadsFederation } from "#src/federation/carriers/threads/federation.js";
import type { Federation } from "#src/federation/federation.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import { clientsOf, sourcesOf } from "../../../support/clients.js";
import { droppedIn, exchange, outcomes, STEPS, serveAll, THRESHOLD } from "../../../support/federation.js";
import { gaussianClusters } from "../../../support/matrices.js";
import { temporaryFolder } from "../../../support/temporary.js";
import { type Misdeed, misdeed } from "../../../support/unruly-client.js";

const workerFile = require.resolve("../../../support/unruly-worker.js");

function federationOf(context: TestContext, misdeeds: readonly (Misdeed | null)[], threads: number) {
  const federation = threadsFederation(sourcesOf(misdeeds), { threads, workerFile });
  context.after(() => federation.close());
  return federation;
}

/** Milliseconds that only a client that hangs will miss, be the machine ever so busy. */
const SHORT = 1200;
const LATE = "no answer within 1.2 s";

/** Has the threads start, by a request that no client knows: on a busy machine that alone may take longer than SHORT. */
async function started(federation: Federation): Promise<void> {
  await exchange(federation, { kind: "none", arrays: {}, scalars: {} });
}

for (const [what, reason] of [
  ["throw", "the disk is full"],
  ["exit", "its thread ended with code 3"],
  ["crash", "its thread failed: out of cheese"],
  ["hang", LATE],
  ["never", LATE],
] as const) {
  for (const threads of reason === LATE ? [2] : [1, 2, 8]) {
    test(`on ${threads} threads a client that would ${what} fails alone, once, and is asked again`, async (context) => {
      const federation = federationOf(context, [null, misdeed(what, "handshake", 1), null, null], threads);
      const deadline = reason === LATE ? SHORT : 300_000;
      await started(federation);
      const first = await exchange(federation, handshakeRequest(THRESHOLD), deadline);
      assert.deepEqual(outcomes(federation, first), ["answer", reason, "answer", "answer"]);
      const second = await exchange(federation, handshakeRequest(THRESHOLD));
      assert.deepEqual(outcomes(federation, second), ["answer", "answer", "answer", "answer"]);
    });
  }
}

test("a client that always hangs cannot hold up the clients it once shared a thread with", async (context) => {
  const federation = federationOf(context, [misdeed("hang", "handshake", 99), null, null], 1);
  await started(federation);
  await exchange(federation, handshakeRequest(THRESHOLD), SHORT);
  const again: string[] = [];
  const options = { deadline: SHORT, signal: new AbortController().signal };
  for await (const replies of federation.exchange(handshakeRequest(THRESHOLD), options)) {
    again.push(...replies.map(({ client }) => client));
  }
  assert.deepEqual(again, ["b", "c", "a"]);
});

test("two clients of one thread that both hang are told apart from those that do not", async (context) => {
  const hang = () => misdeed("hang", "handshake", 1);
  const federation = federationOf(context, [hang(), null, hang(), null], 1);
  await started(federation);
  const replies = await exchange(federation, handshakeRequest(THRESHOLD), SHORT);
  assert.deepEqual(outcomes(federation, replies), [LATE, "answer", LATE, "answer"]);
});

test("who answered while the server's thread was busy is not late", async (context) => {
  const federation = federationOf(context, [null, null, null], 2);
  await exchange(federation, handshakeRequest(THRESHOLD));
  const replies = exchange(federation, handshakeRequest(THRESHOLD), SHORT);
  const until = performance.now() + 2 * SHORT;
  while (performance.now() < until);
  assert.deepEqual(outcomes(federation, await replies), ["answer", "answer", "answer"]);
});

test("of many clients of one thread, whose replies travel together, only the one that hangs or exits fails", async (context) => {
  for (const [what, reason] of [
    ["hang", LATE],
    ["exit", "its thread ended with code 3"],
  ] as const) {
    const misdeeds = Array.from({ length: 100 }, (_, i) => (i === 70 ? misdeed(what, "handshake", 1) : null));
    const federation = federationOf(context, misdeeds, 1);
    const replies = await exchange(federation, handshakeRequest(THRESHOLD), SHORT);
    const expected = misdeeds.map((deed) => (deed === null ? "answer" : reason));
    assert.deepEqual(outcomes(federation, replies), expected);
  }
});

test("all logs of many clients are written, however long it takes", async (context) => {
  const slow = misdeed("write slowly", "", 0);
  const misdeeds = Array.from({ length: 100 }, () => slow);
  const federation = federationOf(context, misdeeds, 1);
  const folder = temporaryFolder(context);
  const logFile = (client: string) => join(folder, `${client}.log`);
  federation.simulation!.record(
    new Map(
      federation.clients.map((client) => [
        client,
        {
          logFile: logFile(client),
          ledgerFile: `${logFile(client)}.jsonl`,
          rowsFile: null,
          pointsFiles: null,
          labelsFile: null,
        },
      ]),
    ),
  );
  await exchange(federation, handshakeRequest(THRESHOLD));
  await federation.close();
  for (const client of federation.clients) {
    assert.match(readFileSync(logFile(client), "utf8"), /holds 30 rows of 3 features\n.*sent handshake/);
  }
});

test("the logs of many clients are written as soon as there is nothing else to do", async (context) => {
  const misdeeds = Array.from({ length: 100 }, () => null);
  const federation = federationOf(context, misdeeds, 1);
  const folder = temporaryFolder(context);
  const ledgers = temporaryFolder(context);
  const record = (client: string) =>
    [
      client,
      {
        logFile: join(folder, `${client}.log`),
        ledgerFile: join(ledgers, `${client}.jsonl`),
        rowsFile: null,
        pointsFiles: null,
        labelsFile: null,
      },
    ] as const;
  federation.simulation!.record(new Map(federation.clients.map(record)));
  await exchange(federation, handshakeRequest(THRESHOLD));
  const before = Date.now();
  while (readdirSync(folder).length < misdeeds.length && Date.now() - before < 300_000) await setTimeout(10);
  assert.equal(readdirSync(folder).length, misdeeds.length);
  await exchange(federation, handshakeRequest(THRESHOLD));
  await federation.close();
  for (const file of readdirSync(folder)) {
    const sent = readFileSync(join(folder, file), "utf8").match(/sent handshake/g);
    assert.equal(sent?.length, 2, file);
  }
});

test("a client that leaves in the middle is dropped, recorded and asked again; the run goes on", async (context) => {
  const federation = federationOf(context, [null, misdeed("exit", "clustering/update", 1), null], 2);
  const events = await serveAll(federation);
  assert.deepEqual(droppedIn(events), ["round 1: b: its thread ended with code 3"]);
  const rounds = events.flatMap((event) => (event.type === "round" ? [event.round] : []));
  const participants = rounds.map(({ locals }) => locals.map(({ client }) => client).join(""));
  assert.deepEqual(participants.slice(0, 3), ["abc", "ac", "abc"]);
});

for (const [what, reason] of [
  ["hang", LATE],
  ["exit", "its thread ended with code 3"],
] as const) {
  test(`threads that help a client with much data go on without it where it would ${what}`, async (context) => {
    const sources = sourcesOf([misdeed(what, "clustering/update", 1), null, null]);
    const rows = { data: gaussianClusters("much", 50_000, 3, 6, 2), nRows: 50_000, nColumns: 3 };
    sources[0] = { ...sources[0], data: { rows, featureNames: null, labels: null, classes: [] } };
    const federation = threadsFederation(sources, { threads: 3, workerFile });
    context.after(() => federation.close());
    const options = { k: 6, kLocal: 6, tolerance: -1, deadline: what === "hang" ? SHORT / 1000 : 300 };
    const events = await serveAll(federation, options);
    assert.deepEqual(droppedIn(events), [`round 1: a: ${reason}`]);
    const rounds = events.flatMap((event) => (event.type === "round" ? [event.round] : []));
    assert.deepEqual(
      rounds.map(({ locals }) => locals.length),
      [3, 2, 3, 3, 3],
    );
  });
}

test("fewer answers than min-clients end the run with one line that says who and why", async (context) => {
  const federation = federationOf(context, [null, misdeed("throw", "clustering/update", 9), null], 2);
  await assert.rejects(
    serveAll(federation, { minClients: 3 }),
    /^RunError: 2 of 3 clients answered in round 1, the setting\sminClients is 3 \(b: the disk is full\)$/,
  );
});

test("a reply that cannot be read counts against its client", async (context) => {
  const federation = federationOf(context, [null, misdeed("babble", "clustering/update", 1), null], 2);
  const events = await serveAll(federation);
  assert.deepEqual(droppedIn(events), [
    'round 1: b: message "clustering/update", its answer: expected the kind "clustering/local_means", ' +
      'found "clustering/update"',
  ]);
});

for (const [, kind] of STEPS) {
  test(`a signal during ${kind} ends the run while its clients compute`, async (context) => {
    const hanging = [misdeed("hang", kind, 99), misdeed("hang", kind, 99)];
    const federation = federationOf(context, hanging, 2);
    const controller = new AbortController();
    const poll = setInterval(() => {
      // The clients count down as they begin to hang.
      if (hanging.every(({ left }) => Atomics.load(left, 0) < 99)) controller.abort(new Error("enough"));
    }, 5);
    context.after(() => clearInterval(poll));
    await assert.rejects(serveAll(federation, {}, controller.signal), /^Error: enough$/);
    await federation.close();
  });
}

test("the exact silhouette is the same on threads as inline, and a signal ends it", async (context) => {
  const folder = temporaryFolder(context);
  const sources = sourcesOf([null, null, null]);
  const files = sources.map(({ name, data }) => {
    const file = join(folder, `${name}.npy`);
    if ("rows" in data) writeFileSync(file, writeNpy({ data: data.rows.data, shape: [30, 3] }));
    return file;
  });
  const means = Float64Array.of(0, 0, 0, 1, 1, 1);
  const federation = federationOf(context, [null, null, null], 2);
  const never = new AbortController().signal;
  const inline = await inlineSimulation(clientsOf(sources)).simulation!.silhouetteSums(
    files,
    means,
    2,
    never,
  );
  assert.deepEqual(await federation.simulation!.silhouetteSums(files, means, 2, never), inline);
  const controller = new AbortController();
  const stopped = federation.simulation!.silhouetteSums(files, means, 2, controller.signal);
  controller.abort(new Error("enough"));
  await assert.rejects(stopped, /^Error: enough$/);
});

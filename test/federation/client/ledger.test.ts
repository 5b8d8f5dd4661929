import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpz } from "#src/data/formats/npz.js";
import { layoutOf } from "#src/directory/layout.js";
import { summarizeLedgers } from "#src/directory/ledger-summary.js";
import { verify } from "#src/directory/verify.js";
import { resume, run } from "#src/experiment/run.js";
import { openClients } from "#src/federation/client/client-source.js";
import { RecordingClient } from "#src/federation/client/recording-client.js";
import type { ClientRecord } from "#src/federation/federation.js";
import { thresholdPolicy } from "#src/privacy/policy.js";
import type { Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { wideMomentsRequest } from "#src/workflow/transform/wide-pca.js";
import { sourcesOf } from "../../support/clients.js";
import { onlyDirectory } from "../../support/experiment.js";
import { gaussianClusters } from "../../support/matrices.js";
import { TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

// biome-ignore lint/suspicious/noExplicitAny: whatever the file holds
function linesOf(file: string): any[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function recordIn(context: TestContext): ClientRecord {
  const folder = temporaryFolder(context);
  const [logFile, ledgerFile] = ["client_a.log", "client_a.jsonl"].map((name) => join(folder, name));
  return { logFile, ledgerFile, rowsFile: null, pointsFiles: null, labelsFile: null };
}

function recordingClient(name = "a"): RecordingClient {
  const [{ data }] = sourcesOf([null]);
  if (!("rows" in data)) throw new Error("rows in memory expected");
  return new RecordingClient(name, data, thresholdPolicy(2));
}

test("each message of a run is a line of its client's ledger, from the handshake on, whatever carries them", async (t) => {
  for (const carrier of ["inline", "threads"] as const) {
    const logDir = temporaryFolder(t);
    const settings = { data: "data/penguins", labelColumn: "species", maxIterations: 2, tolerance: 0 };
    const { experimentDir } = await run({
      ...settings,
      groupSize: 5,
      logDir,
      carrier,
      threads: carrier === "threads" ? 2 : null,
    });
    const layout = layoutOf(experimentDir);
    const [first, ...others] = ["Biscoe", "Dream", "Torgersen"].map((client) =>
      linesOf(layout.clientLedger(client)),
    );
    assert.deepEqual(
      first.map(({ exchange, request, reply }) => [exchange, request, reply]),
      [
        [1, "handshake", "handshake"],
        [2, "normalization/moments", "normalization/moments"],
        [3, "clustering/start", "clustering/local_means"],
        [4, "clustering/update", "clustering/local_means"],
        [5, "clustering/update", "clustering/local_means"],
        [6, "evaluation/fit", "evaluation/fit"],
      ],
    );
    assert.deepEqual(first[1].fields, {
      n_samples: [],
      sums: [4],
      centered_squared_sums: [4],
      mean_remainders: [4],
      scatter_upper: [10],
    });
    assert.equal(first[1].bytes, 23 * 8);
    for (const lines of [first, ...others]) {
      assert.deepEqual(
        lines.map((line) => line.request_sha256),
        first.map((line) => line.request_sha256),
      );
      for (const line of lines) {
        assert.ok(line.smallest_weight >= 5 && line.smallest_weight <= 168, JSON.stringify(line));
        assert.deepEqual([line.mu_squared, line.mu_squared_in_all, line.delta], [null, null, null]);
        assert.equal(line.refused, null);
      }
    }
    assert.ok(verify(experimentDir).files! > 0);
    appendFileSync(layout.clientLedger("Dream"), "\n");
    assert.throws(() => verify(experimentDir), /changed: client_ledger\/client_Dream\.jsonl/);
  }
});

test("a run without ledgers has none, and the same bytes otherwise", async (t) => {
  const hashes = [];
  for (const recordLedger of [true, false]) {
    const settings = { data: "data/penguins", labelColumn: "species", carrier: "inline" } as const;
    const { experimentDir, runHash } = await run({ ...settings, logDir: temporaryFolder(t), recordLedger });
    assert.equal(existsSync(join(experimentDir, "client_ledger")), recordLedger);
    verify(experimentDir);
    hashes.push(runHash);
  }
  assert.equal(hashes[0], hashes[1]);
});

test("a request that is refused is in the ledger with what the server was told, and so is one that is no message", (t) => {
  const client = recordingClient();
  const record = recordIn(t);
  client.record(record);
  const requests = [
    { kind: "rows, please", arrays: {}, scalars: {} },
    null,
    { ...momentsRequest(2, false), scalars: {} },
  ];
  const told = requests.map((request) => {
    try {
      client.answer(request as Message);
      return "answered";
    } catch (error) {
      return (error as Error).message;
    }
  });
  client.flush();
  const lines = linesOf(record.ledgerFile!);
  assert.deepEqual(
    lines.map(({ refused }) => refused),
    told,
  );
  assert.deepEqual(
    lines.map(({ request, reply, bytes, smallest_weight: least }) => [request, reply, bytes, least]),
    [
      ["rows, please", null, 0, null],
      [null, null, 0, null],
      ["normalization/moments", null, 0, null],
    ],
  );
  assert.match(told[0], /unknown request "rows, please"/);
});

test("a client that loads its rows again goes on with its ledger, also where they are gone", async (t) => {
  const path = join(temporaryFolder(t), "client_a.npz");
  writeFileSync(path, await writeNpz({ X: { shape: [50, 3], data: gaussianClusters("ledger", 50, 3, 3) } }));
  const ref = { client: "a", path, table: TABLE_DEFAULTS, clientColumn: null };
  const [client] = await openClients([{ name: "a", policy: thresholdPolicy(2), data: ref }]);
  const record = recordIn(t);
  client.record(record);
  const normalization = { mean: Float64Array.of(0, 1, 2), scale: Float64Array.of(1, 1, 2) };
  await client.answer(wideMomentsRequest(normalization, 2));
  await client.answer(momentsRequest(2, false));
  await client.answer(wideMomentsRequest(normalization, 2));
  rmSync(path);
  const told = "its rows cannot be read; it tells its owner why";
  await assert.rejects(async () => client.answer(momentsRequest(2, false)), {
    name: "RunError",
    message: told,
  });
  client.flush();
  const lines = linesOf(record.ledgerFile!);
  assert.deepEqual(
    lines.map(({ request, refused }) => [request, refused]),
    [
      ["pca/moments", null],
      ["normalization/moments", null],
      ["pca/moments", null],
      ["normalization/moments", told],
    ],
  );
  // Which file it is stays in the client's own log.
  assert.match(readFileSync(record.logFile, "utf8"), /cannot read its rows: .*client_a\.npz/);
});

test("a run that is resumed goes on with its ledgers after what a killed process left of a line", async (t) => {
  const logDir = temporaryFolder(t);
  const settings = {
    data: "data/penguins",
    labelColumn: "species",
    logDir,
    carrier: "inline",
    tolerance: 0,
  } as const;
  const stop = new AbortController();
  const aborted = run(
    { ...settings, maxIterations: 4 },
    {
      signal: stop.signal,
      onEvent(event) {
        if (event.type === "round" && event.round.round === 1) stop.abort();
      },
    },
  );
  await assert.rejects(aborted);
  const directory = onlyDirectory(logDir);
  const file = layoutOf(directory).clientLedger("Dream");
  const before = linesOf(file);
  assert.ok(before.length >= 4);
  appendFileSync(file, '{"schema_version":1,"ti');
  await resume(directory);
  const after = linesOf(file);
  assert.deepEqual(after.slice(0, before.length), before);
  assert.equal(after[before.length].request, "handshake");
  assert.match(after.at(-1).request, /^evaluation/);
  const total = summarizeLedgers(directory).filter(({ client }) => client === "Dream");
  assert.equal(
    total.reduce((sum, { messages }) => sum + messages, 0),
    after.length,
  );
  verify(directory);
});

import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { layoutOf } from "#src/directory/layout.js";
import { summarizeLedgers } from "#src/directory/ledger-summary.js";
import { enterInManifest } from "#src/directory/manifest.js";
import { readNpy, writeNpy } from "#src/directory/npy.js";
import { verify } from "#src/directory/verify.js";
import { collect } from "#src/experiment/collect/collect.js";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { open } from "#src/experiment/open.js";
import { run } from "#src/experiment/run.js";
import { deployPenguins } from "../../support/deployment.js";
import { filesOf, json } from "../../support/experiment.js";
import { allBytes } from "../../support/exports.js";
import { deployPrivatePenguins } from "../../support/private-penguins.js";
import { temporaryFolder } from "../../support/temporary.js";

const RECORD_FOLDERS = ["client_logs", "client_ledger", "client_points", "client_data", "client_labels"];

test("collected records are where a simulation has them, and the directory verifies, opens and exports", async (context) => {
  const { directory, logs, runHash } = await deployPenguins(context);
  assert.equal(json(directory, "experiment_summary.json").deployment.carrier, "inline");
  const before = filesOf(directory);
  assert.ok(!before.some((file) => file.startsWith("client_")));
  const collected = collect(directory, [...logs.values()]);
  assert.equal(collected.runHash, runHash);
  assert.deepEqual(
    collected.clients.map(({ client }) => client),
    ["Biscoe", "Dream", "Torgersen"],
  );
  assert.equal(verify(directory).files, filesOf(directory).length - 1);

  const simulated = await run({
    data: "data/penguins",
    labelColumn: "species",
    kGlobal: 3,
    saveLabels: true,
    logDir: temporaryFolder(context),
  });
  assert.equal(simulated.runHash, runHash);
  const own = (files: readonly string[]) =>
    files.filter((file) => RECORD_FOLDERS.includes(file.split("/")[0]));
  assert.deepEqual(own(filesOf(directory)), own(filesOf(simulated.experimentDir)));
  for (const file of own(filesOf(directory)).filter((file) => file.endsWith(".npy"))) {
    assert.ok(
      readFileSync(join(directory, file)).equals(readFileSync(join(simulated.experimentDir, file))),
      file,
    );
  }
  assert.equal(open(directory).clients.length, 3);
  assert.equal(new Set(summarizeLedgers(directory).map(({ client }) => client)).size, 3);
  const shared = exportDirectory(directory, join(temporaryFolder(context), "shared"));
  assert.equal(shared.runHash, runHash);
});

test("clients come one by one, and once more changes nothing", async (context) => {
  const { directory, run: name, logs } = await deployPenguins(context);
  for (const log of logs.values()) collect(directory, [join(log, name)]);
  const bytes = allBytes(directory);
  collect(directory, [...logs.values()]);
  assert.deepEqual(allBytes(directory), bytes);
});

test("what a collection that was killed has put in place is taken up again", async (context) => {
  const { directory, run: name, logs } = await deployPenguins(context);
  const from = layoutOf(join(logs.get("Dream")!, name)).clientPoints("Dream");
  const to = layoutOf(directory).clientPoints("Dream");
  mkdirSync(dirname(to));
  cpSync(from, to);
  assert.throws(() => verify(directory), /not of the run/);
  collect(directory, [...logs.values()]);
  verify(directory);
});

/** Refuses, in one line, and leaves the directory and what is beside it as they were. */
function refuses(directory: string, folders: readonly string[], message: RegExp): void {
  const before = allBytes(dirname(directory));
  assert.throws(
    () => collect(directory, folders),
    (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"));
      return true;
    },
  );
  assert.deepEqual(allBytes(dirname(directory)), before);
}

test("a directory that is of no deployment, of another run, or not completed is refused", async (context) => {
  const { directory, run: name, logs } = await deployPenguins(context);
  const folders = [...logs.values()];
  const simulated = await run({
    data: "data/penguins",
    dropColumns: ["species"],
    logDir: temporaryFolder(context),
  });
  refuses(simulated.experimentDir, folders, /of no deployment/);
  const other = await deployPenguins(context);
  refuses(directory, [...other.logs.values()].slice(0, 1), /no client's folder of the run/);
  const [log] = other.logs.values();
  refuses(directory, [join(log, other.run)], new RegExp(`run: ${name} expected, found ${other.run}`));
  refuses(directory, [temporaryFolder(context)], /no client\.json/);
  const copy = join(temporaryFolder(context), "copy");
  cpSync(directory, copy, { recursive: true });
  const summary = join(copy, "experiment_summary.json");
  writeFileSync(summary, readFileSync(summary, "utf8").replace('"completed"', '"aborted"'));
  refuses(copy, folders, /a completed run expected, found one that is aborted/);
  const changed = join(temporaryFolder(context), "changed");
  cpSync(directory, changed, { recursive: true });
  appendFileSync(join(changed, "server_logs", "server.log"), "more\n");
  refuses(changed, folders, /is not as it was written: changed: server_logs\/server\.log/);
});

test("a client twice, a stranger, a folder of several clients and links are refused", async (context) => {
  const { directory, run: name, logs } = await deployPenguins(context);
  const biscoe = logs.get("Biscoe")!;
  refuses(directory, [biscoe, join(biscoe, name)], /are both of client Biscoe/);
  const at = (what: string) => join(biscoe, name, what);
  const client = readFileSync(at("client.json"), "utf8");
  writeFileSync(at("client.json"), client.replace("Biscoe", "Nobody"));
  refuses(directory, [biscoe], /client_Biscoe.* no record of client Nobody|of client Nobody, who was not/);
  writeFileSync(at("client.json"), client);
  writeFileSync(at("client_logs/client_Dream.log"), "");
  refuses(directory, [biscoe], /client_Dream\.log: no record of client Biscoe/);
  rmSync(at("client_logs/client_Dream.log"));
  rmSync(at("client_logs/client_Biscoe.log"));
  symlinkSync("/etc/hostname", at("client_logs/client_Biscoe.log"));
  refuses(directory, [biscoe], /client_Biscoe\.log: no record/);
  for (const folder of RECORD_FOLDERS) rmSync(at(folder), { recursive: true });
  refuses(directory, [biscoe], /no record of client Biscoe in it/);
});

test("records that are not what the server was told of are refused, with all others of the call", async (context) => {
  const { directory, run: name, logs } = await deployPenguins(context);
  const layout = layoutOf(join(logs.get("Dream")!, name));
  const folders = [...logs.values()];
  const changed = (
    path: string,
    change: (array: { shape: readonly number[]; data: Float64Array }) => void,
    message: RegExp,
  ) => {
    const bytes = readFileSync(path);
    const { shape, data } = readNpy(bytes, path);
    const array = { shape: [...shape], data: Float64Array.from(data as Float64Array) };
    change(array);
    writeFileSync(path, writeNpy(array));
    refuses(directory, folders, message);
    writeFileSync(path, bytes);
  };
  const points = layout.clientPoints("Dream");
  const weights = layout.clientWeights("Dream");
  changed(
    points,
    ({ data }) => {
      data[0] += 1e-6;
    },
    /client_Dream\.npy: not what the client computed from: .* round/,
  );
  changed(
    points,
    (array) => {
      array.data = array.data.slice(array.shape[1]);
      array.shape = [array.shape[0] - 1, array.shape[1]];
    },
    /_weights\.npy: shape/,
  );
  changed(
    weights,
    ({ data }) => {
      data[0] += 1;
    },
    /124 rows in all expected, as the client told the server, found 125/,
  );
  changed(
    weights,
    ({ data }) => {
      data[0] += data[1] - 4;
      data[1] = 4;
    },
    /5 rows or more behind each point expected, found 4/,
  );
  changed(
    layout.clientLabels("Dream"),
    ({ data }) => {
      data[0] = 3;
    },
    /clusters of 0 to 2 expected, found 3/,
  );
  changed(
    layout.clientData("Dream"),
    (array) => {
      const [, nColumns] = array.shape;
      array.data = Float64Array.from([...array.data, ...array.data.slice(0, nColumns)]);
      array.shape = [125, nColumns];
    },
    /client_data.*: 124 rows or fewer in clusters expected, as the client told the server, found 125/,
  );
  changed(
    layout.clientLabels("Dream"),
    (array) => {
      array.data = Float64Array.from([...array.data, -1, 0]);
      array.shape = [126];
    },
    /client_labels.*: 124 rows or fewer in clusters expected, as the client told the server, found 125/,
  );
  const ledger = layout.clientLedger("Dream");
  const lines = readFileSync(ledger, "utf8");
  writeFileSync(
    ledger,
    lines
      .split("\n")
      .filter((line) => !line.includes("clustering/update"))
      .join("\n"),
  );
  refuses(directory, folders, /client_Dream\.jsonl: answers in \d+ rounds expected, found 0/);
  writeFileSync(ledger, `${lines}{"schema_version":1}\n`);
  refuses(directory, folders, /client_Dream\.jsonl, line/);
  writeFileSync(ledger, lines);
  collect(directory, folders);
});

test("a file that is there and holds something else is not overwritten", async (context) => {
  const { directory, logs } = await deployPenguins(context);
  const log = layoutOf(directory).clientLog("Dream");
  mkdirSync(dirname(log));
  writeFileSync(log, "somebody's\n");
  enterInManifest(directory, [log]);
  refuses(directory, [...logs.values()], /client_Dream\.log: there already, and other than/);
});

test("where rows are the points, they are checked as such", async (context: TestContext) => {
  const {
    directory,
    run: name,
    logs,
  } = await deployPenguins(context, {
    privacy: "threshold",
    privacyThreshold: 2,
    algorithm: "lloyd",
  });
  const layout = layoutOf(join(logs.get("Biscoe")!, name));
  assert.ok(!existsSync(layout.clientPoints("Biscoe")));
  const path = layout.clientData("Biscoe");
  const bytes = readFileSync(path);
  const { shape, data } = readNpy(bytes, path);
  const other = Float64Array.from(data as Float64Array);
  other[5] += 1e-6;
  writeFileSync(path, writeNpy({ shape: [...shape], data: other }));
  refuses(directory, [...logs.values()], /not what the client computed from/);
  writeFileSync(path, bytes);
  writeFileSync(path, writeNpy({ shape: [shape[0] - 1, 4], data: other.slice(4) }));
  refuses(directory, [...logs.values()], /167 rows expected, as the client told the server, found 166/);
  writeFileSync(path, bytes);
  renameSync(layout.clientLabels("Biscoe"), `${path}.gone`);
  refuses(directory, [...logs.values()], /no record of client Biscoe/);
  rmSync(`${path}.gone`);
  collect(directory, [...logs.values()]);
});

test("records of a run under differential privacy stay where they are, and nothing is changed", async (context) => {
  const { directory, run, logs } = await deployPrivatePenguins(context);
  const before = filesOf(directory);
  const folders = [...logs.values()].map((log) => join(log, run));
  assert.throws(() => collect(directory, folders), {
    name: "RunError",
    message: /its clients held to .*privacy dp: their records have what no noise is in, and stay with them$/,
  });
  assert.deepEqual(filesOf(directory), before);
  verify(directory);
});

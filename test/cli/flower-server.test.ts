import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { findPartitions } from "#src/data/partitions/partition-list.js";
import { LOCK_FILE } from "#src/directory/layout.js";
import { verify } from "#src/directory/verify.js";
import { configure } from "#src/experiment/configuration.js";
import { policyOf } from "#src/experiment/privacy-settings.js";
import type { Frame } from "#src/federation/carriers/flower/frames.js";
import { openClients } from "#src/federation/client/client-source.js";
import * as fk from "#src/index.js";
import { fedkmeans } from "../support/command.js";
import { json, onlyDirectory } from "../support/experiment.js";
import { FlowerServer, type Node, nodeOf } from "../support/flower-server-app.js";
import { removedAfter, temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
/** So many rounds that there is something to cut short. */
const SETTINGS = { "k-global": 4, algorithm: "lloyd", start: "random", tolerance: 0, "max-iterations": 6 };
const CONFIG = {
  ...SETTINGS,
  "num-clients": 3,
  "wait-for-clients": 0,
  "log-dir": "logs",
  "k-local": "",
  resume: "",
};

/** The same on one machine. */
let here: fk.RunResult;
const logDir = removedAfter(after);
before(async () => {
  here = await fk.run({
    data: PENGUINS,
    labelColumn: "species",
    kGlobal: 4,
    algorithm: "lloyd",
    start: "random",
    tolerance: 0,
    maxIterations: 6,
    logDir,
  });
  assert.ok(here.rounds > 2, `${here.rounds}`);
});

/** The islands, each behind a node, whose number says nothing of its place. */
async function islands(): Promise<Record<string, Node>> {
  const configuration = configure({ data: PENGUINS, labelColumn: "species" });
  const { refs } = await findPartitions(PENGUINS, configuration);
  const clients = await openClients(
    refs.map((ref) => ({ name: ref.client, policy: policyOf(configuration), data: ref })),
  );
  return Object.fromEntries(clients.map((client, i) => [String(300 - i), nodeOf(client)]));
}

const isUpdate = ({ header }: Frame) => (header.message as { kind: string }).kind === "clustering/update";

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test("a run has the run hash of fedkmeans run, and says what it comes to by the names of a run config", async (context) => {
  const folder = temporaryFolder(context);
  const server = new FlowerServer({ ...CONFIG, "fraction-fit": 1 }, folder);
  assert.equal(await server.end(await islands()), 0, server.said);
  const directory = onlyDirectory(join(folder, "logs"));
  assert.equal((await verify(directory)).runHash, here.runHash);
  const { said } = server;
  assert.match(said, /^note: passed over in run config, as no settings: fraction-fit$/m);
  assert.match(said, /^handshake: 3 clients, 342 rows, 4 features$/m);
  assert.match(said, /^note: 342 rows as 54 groups of 5 to 9 \(group-size 5; group-size 1 computes/m);
  assert.match(said, /^round 1: means moved by .*, 3 clients$/m);
  assert.doesNotMatch(said, /--[a-z]/);
  // Of metrics only those that a server knows, and so no column of nothing.
  assert.match(said, /^metric +of groups$/m);
  assert.doesNotMatch(said, / -$/m);
  assert.ok(said.includes(`\nwriting ${directory}\n`), said);
  assert.deepEqual(said.trimEnd().split("\n").slice(-2), [directory, `run hash ${here.runHash}`]);
  const summary = json(directory, "experiment_summary.json");
  assert.equal(summary.deployment.carrier, "flower");
  assert.equal(summary.configuration.record_client_data, null);
});

test("a client that is left out is in the server's log, its summary and its report, with the reason", async (context) => {
  const folder = temporaryFolder(context);
  const nodes = {
    ...(await islands()),
    7: () => ({ header: { message: { refusal: "it has \u001b[2J no state\nrun hash 0" } } }),
  };
  const server = new FlowerServer(CONFIG, folder);
  assert.equal(await server.end(nodes), 0, server.said);
  const directory = onlyDirectory(join(folder, "logs"));
  const reason = "it has \\u001b[2J no state\\u000arun hash 0";
  assert.ok(server.said.startsWith(`node 7 cannot take part: ${reason}\n`), server.said);
  assert.ok(server.said.includes(`without node 7 in handshake: ${reason}`), server.said);
  assert.deepEqual(
    json(directory, "experiment_summary.json").dropped_clients.map(
      ({ client, step }: Record<string, string>) => [client, step],
    ),
    [["node 7", "handshake"]],
  );
  assert.match(
    readFileSync(join(directory, "server_logs", "server.log"), "utf8"),
    /handshake: without client node 7: it has/,
  );
});

const WRONG: Readonly<Record<string, readonly [Record<string, unknown>, RegExp, number]>> = {
  "a value out of range": [
    { "k-global": 0 },
    /^fedkmeans: k-global in run config must be an integer of at least 1, found 0$/,
    2,
  ],
  "a value of another type": [
    { weighted: "yes" },
    /^fedkmeans: weighted in run config must be true or false, found "yes"$/,
    2,
  ],
  "a number that JSON has not": [
    { tolerance: "nan" },
    /^fedkmeans: tolerance in run config must be a number of at least 0, found "nan"$/,
    2,
  ],
  "settings that do not go together": [
    { "privacy-threshold": 3 },
    /^fedkmeans: privacy-threshold in run config needs privacy in run config to be threshold, found groups$/,
    2,
  ],
  "fewer clients than the least": [
    { "num-clients": 1 },
    /^fedkmeans: num-clients in run config must be at least min-clients, which is 2, found 1$/,
    2,
  ],
  "what is a client's": [
    { "label-column": "species" },
    /^fedkmeans: label-column in run config is each client's own/,
    2,
  ],
  "a directory that is not there": [{ resume: "gone" }, /^fedkmeans: gone.*experiment_summary.json/, 1],
  "more clusters than groups": [
    { "k-global": 99 },
    /^fedkmeans: cannot make 99 clusters of 54 groups \(342 rows, group-size 5\): k-global must be at most/,
    1,
  ],
  "more clients than there are": [
    { "num-clients": 4 },
    /^fedkmeans: 3 of 4 clients are here after 0 s: start more SuperNodes, or ask for fewer by num-clients$/,
    1,
  ],
};

test("what will not do ends in one line, a code, and nothing half-written", async (context) => {
  for (const [what, [config, line, code]] of Object.entries(WRONG)) {
    const folder = temporaryFolder(context);
    const server = new FlowerServer({ ...CONFIG, ...config }, folder);
    assert.equal(await server.end(await islands()), code, `${what}: ${server.said}`);
    assert.match(server.lastWords, line, what);
    assert.doesNotMatch(server.said, /^ +at /m, what);
    assert.deepEqual(readdirSync(folder), [], what);
  }
});

test("what comes on standard input and is no frame ends in one line", async (context) => {
  const server = new FlowerServer({}, temporaryFolder(context));
  server.child.stdin!.write("\nhandshake, please\n");
  await once(server.child, "close");
  assert.equal(server.said.trimEnd().split("\n").length, 1, server.said);
});

/** Cuts a run short in its third round, by what it is given. */
async function cutShort(
  context: TestContext,
  how: (server: FlowerServer) => void,
): Promise<{ folder: string; directory: string; server: FlowerServer }> {
  const folder = temporaryFolder(context);
  const server = new FlowerServer(CONFIG, folder);
  const nodes = await islands();
  let updates = 0;
  const hanging: Node = (request) => {
    if (isUpdate(request) && ++updates === 3) {
      how(server);
      return new Promise<never>(() => {});
    }
    return nodes[300](request);
  };
  void server.end({ ...nodes, 300: hanging });
  await once(server.child, "close");
  return { folder, server, directory: onlyDirectory(join(folder, "logs")) };
}

async function resumed(folder: string, directory: string): Promise<void> {
  const before = json(directory, "experiment_summary.json");
  // Other values of what was settled when it began change nothing.
  const server = new FlowerServer({ ...CONFIG, resume: directory, "num-clients": 2 }, folder);
  const runs = new Set<unknown>();
  const code = await server.end(await islands(), ({ header }) =>
    runs.add((header.message as { run: string }).run),
  );
  assert.equal(code, 0, server.said);
  assert.doesNotMatch(server.said, /^round 1:/m);
  const found = await verify(directory);
  assert.deepEqual([found.status, found.runHash], ["completed", here.runHash]);
  assert.deepEqual([...runs], [before.deployment.run]);
  assert.deepEqual(readdirSync(join(folder, "logs")).length, 1);
  assert.ok(server.said.includes(`settings are those of ${directory}\n`), server.said);
}

test("a server whose ServerApp ends in an exchange ends too, its directory says so, and the run goes on there", async (context) => {
  const { folder, directory, server } = await cutShort(context, ({ child }) => {
    child.stdin!.end();
    child.stdout!.destroy();
  });
  assert.equal(server.child.exitCode, 1);
  assert.ok(hasEnded(server.child.pid!));
  const { status, reason } = json(directory, "experiment_summary.json");
  assert.deepEqual([status, reason], ["aborted", "the Flower ServerApp has ended"]);
  const here = fedkmeans(["resume", directory]);
  assert.equal(here.status, 1);
  assert.match(here.stderr, new RegExp(`go on with flwr run --run-config "resume='${directory}'"\n$`));
  await resumed(folder, directory);
});

test("a server that nobody hears any more ends all the same", async (context) => {
  const { directory } = await cutShort(context, ({ child }) => {
    child.stdin!.end();
    child.stdout!.destroy();
    child.stderr!.destroy();
  });
  assert.notEqual(json(directory, "experiment_summary.json").status, "completed");
});

test("a server that is stopped marks its directory; one that is killed leaves one that goes on all the same", async (context) => {
  for (const [signal, left] of [
    ["SIGTERM", "aborted"],
    ["SIGKILL", "running"],
  ] as const) {
    const { folder, directory } = await cutShort(context, ({ child }) => child.kill(signal));
    assert.equal(json(directory, "experiment_summary.json").status, left);
    // What is killed leaves its lock behind, of a process that is no more.
    assert.equal(existsSync(join(directory, LOCK_FILE)), left === "running");
    await resumed(folder, directory);
  }
});

test("what was completed, or was of clients on one machine, is not resumed", async (context) => {
  const folder = temporaryFolder(context);
  const first = new FlowerServer(CONFIG, folder);
  assert.equal(await first.end(await islands()), 0, first.said);
  const directory = onlyDirectory(join(folder, "logs"));
  const again = new FlowerServer({ ...CONFIG, resume: directory }, folder);
  assert.equal(await again.end(await islands()), 1);
  assert.equal(again.lastWords, `fedkmeans: ${directory} is completed: there is nothing to resume`);

  const controller = new AbortController();
  const logDir = temporaryFolder(context);
  const onEvent = ({ type }: { type: string }) => type === "round" && controller.abort(new Error("enough"));
  const cut = fk.run(
    { data: PENGUINS, labelColumn: "species", kGlobal: 4, algorithm: "lloyd", logDir },
    { signal: controller.signal, onEvent },
  );
  await assert.rejects(cut, /enough/);
  const simulated = onlyDirectory(logDir);
  const other = new FlowerServer({ ...CONFIG, resume: simulated }, folder);
  assert.equal(await other.end(await islands()), 1);
  assert.equal(
    other.lastWords,
    `fedkmeans: ${simulated}: its clients were on one machine: go on with fedkmeans resume ${simulated}`,
  );
});

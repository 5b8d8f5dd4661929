import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { clientOfEnvironment } from "#src/cli/flower-client.js";
import { deploy } from "#src/experiment/deployment.js";
import { DEPLOYMENT_SETTINGS } from "#src/experiment/deployment-settings.js";
import { run } from "#src/experiment/run.js";
import type { Envelope } from "#src/federation/carriers/flower/envelope.js";
import { flowerFederation } from "#src/federation/carriers/flower/federation.js";
import { completeSettings } from "#src/settings/check.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import type { Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { fedkmeans } from "../support/command.js";
import { filesOf, json, onlyDirectory } from "../support/experiment.js";
import { linkTo, nodeOf } from "../support/flower-app.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const ISLANDS = ["Biscoe", "Dream", "Torgersen"];
const RUN = "20261127T003443-0123456789abcdef";
const GROUPS = { mode: "groups", groupSize: 5, privacyThreshold: 1 } as const;

/** Makes a state of each island's penguins. */
function states(folder: string): void {
  for (const island of ISLANDS) {
    const args = [join(PENGUINS, `${island}.csv`), "--label-column", "species"];
    const { status, stderr } = fedkmeans(["groups", ...args, "--state-dir", join(folder, "states", island)]);
    assert.equal(status, 0, stderr);
  }
}

interface Island {
  readonly said: string[];
  ask(request: Message, envelope?: Partial<Envelope>): Promise<Message>;
}

/** The client of an island, which hears what its owner is told. */
function islandOf(
  folder: string,
  island: string,
  nodeConfig: Record<string, unknown> = {},
  environment: Record<string, string> = {},
): Island {
  const said: string[] = [];
  const answer = clientOfEnvironment(environment, (line) => said.push(line));
  const all = {
    "data-path": PENGUINS,
    "partition-id": ISLANDS.indexOf(island),
    "num-partitions": 3,
    "state-dir": join(folder, "states", island),
    ...nodeConfig,
  };
  const config = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return {
    said,
    ask: (request, envelope = {}) =>
      answer({ request, nodeConfig: config, envelope: { run: RUN, dataSource: "test_data", ...envelope } }),
  };
}

/** Runs penguins with clients that are elsewhere. */
async function deployed(
  folder: string,
  given: object,
  configOf: (island: string, i: number) => Record<string, unknown>,
  environment: Record<string, string> = {},
) {
  const said: string[] = [];
  const nodes = ISLANDS.map((island, i) => {
    const answer = clientOfEnvironment(environment, (line) => said.push(line));
    return [String(90 - i), nodeOf(configOf(island, i), answer)] as const;
  });
  const carrier = {
    name: "flower",
    connect: (of: Parameters<Parameters<typeof deploy>[0]["carrier"]["connect"]>[0]) =>
      flowerFederation(linkTo(new Map(nodes)), {
        ...of,
        isSimulation: false,
        tell: (line) => said.push(line),
      }),
  };
  const result = await deploy({
    carrier,
    given: { kGlobal: 3, logDir: join(folder, "logs"), ...given },
    deployment: completeSettings(DEPLOYMENT_SETTINGS, { numClients: 3, waitForClients: 10 }),
    sourceOf: (name) => name,
  });
  return { result, said };
}

async function inline(context: TestContext, given: object = {}) {
  const logDir = temporaryFolder(context);
  return run({ data: PENGUINS, labelColumn: "species", kGlobal: 3, carrier: "inline", logDir, ...given });
}

test("clients elsewhere, each of a state and of a process a message, come to the run hash of a simulation", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const { result, said } = await deployed(folder, {}, (island, i) => ({
    "data-path": PENGUINS,
    "partition-id": i,
    "num-partitions": 3,
    "state-dir": join(folder, "states", island),
    "record-client-data": i === 0,
    "save-labels": i === 0,
  }));
  const expected = await inline(context);
  assert.equal(result.runHash, expected.runHash);
  const { deployment } = json(onlyDirectory(join(folder, "logs")), "experiment_summary.json");
  const own = (island: string) => join(folder, "states", "client_logs", island, deployment.run);
  assert.equal(said.filter((line) => line.includes("takes part in the run")).length, 3, said.join("\n"));
  for (const island of ISLANDS) {
    const files = filesOf(own(island));
    const kept = [
      "client.json",
      `client_ledger/client_${island}.jsonl`,
      `client_logs/client_${island}.log`,
      `client_points/client_${island}.npy`,
      `client_points/client_${island}_weights.npy`,
    ];
    const more = [`client_data/client_${island}.npy`, `client_labels/client_${island}.npy`];
    assert.deepEqual(files, (island === "Biscoe" ? [...kept, ...more] : kept).sort());
    assert.deepEqual(json(own(island), "client.json"), {
      schema_version: 1,
      run: deployment.run,
      client: island,
      data_source: "test_data",
    });
    // As a simulation keeps them, to the bit.
    for (const file of kept.slice(3)) {
      assert.deepEqual(
        readFileSync(join(own(island), file)),
        readFileSync(join(expected.experimentDir, file)),
        file,
      );
    }
    const lines = readFileSync(join(own(island), kept[1]), "utf8")
      .trimEnd()
      .split("\n");
    assert.ok(lines.length > 4);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).refused),
      lines.map(() => null),
    );
    const log = readFileSync(join(own(island), kept[2]), "utf8");
    assert.equal(log.match(/Z sent /g)?.length, lines.length);
    assert.match(log, /takes part in the run .*\n.* holds \d+ rows of 4 features\n/);
  }
});

test("a simulation's clients keep no state, group their rows anew and come to the same run hash", async (context) => {
  const folder = temporaryFolder(context);
  const environment = {
    FEDKMEANS_SIMULATION: "1",
    TEST_DATA_PATH: PENGUINS,
    FEDKMEANS_LABEL_COLUMN: "species",
  };
  const configOf = (_: string, i: number) => ({ "partition-id": "TLU"[i], "num-partitions": 3 });
  const { result } = await deployed(folder, {}, configOf, environment);
  const expected = await inline(context);
  assert.equal(result.runHash, expected.runHash);
  // Labels are the experimenter's.
  assert.ok(typeof result.metrics.adjustedRandIndex === "number");
  assert.equal(result.metrics.adjustedRandIndex, expected.metricsOfPoints?.adjustedRandIndex);
  assert.deepEqual(readdirSync(folder), ["logs"]);
});

test("a client of a deployment has a state, or refuses and tells its owner what to type", async (context) => {
  const folder = temporaryFolder(context);
  for (const config of [{ "state-dir": join(folder, "none") }, { "state-dir": undefined }]) {
    const { said, ask } = islandOf(folder, "Dream", config);
    await assert.rejects(ask(handshakeRequest(GROUPS)), told(UNABLE));
    assert.match(said.join("\n"), /^refuses handshake: .*fedkmeans groups .* --state-dir /);
  }
  // What a server sends makes no simulation of it.
  const { ask } = islandOf(folder, "Dream", { "state-dir": undefined, FEDKMEANS_SIMULATION: "1" });
  const request = {
    ...handshakeRequest(GROUPS),
    scalars: { ...handshakeRequest(GROUPS).scalars, simulation: true },
  };
  await assert.rejects(ask(request), told(UNABLE));
});

test("labels leave a client of a deployment only where its owner shares them", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const plain = await islandOf(folder, "Dream").ask(handshakeRequest(GROUPS));
  assert.deepEqual([plain.scalars.has_labels, plain.scalars.label_column], [false, ""]);
  const sharing = islandOf(folder, "Dream", {}, { FEDKMEANS_SHARE_LABELS: "true" });
  const shared = await sharing.ask(handshakeRequest(GROUPS));
  assert.deepEqual([shared.scalars.has_labels, shared.scalars.label_column], [true, "species"]);
});

test("a server may ask for larger groups where a run begins, and for no others afterwards", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const { ask, said } = islandOf(folder, "Biscoe");
  const wanted = (groupSize: number) => handshakeRequest({ ...GROUPS, groupSize });
  await assert.rejects(
    ask(momentsRequest(1, false)),
    told("the run has not begun here: the handshake comes first"),
  );
  const first = await ask(wanted(12));
  assert.ok((first.scalars.least_weight as number) >= 12);
  assert.deepEqual(await ask(wanted(1)), first);
  assert.equal((await ask(momentsRequest(1, false))).scalars.n_samples, first.scalars.n_samples);
  await assert.rejects(ask(wanted(20)), /began the run with .*groupSize 12, the run wants 20 now$/);
  const other = await ask(wanted(1), { run: "another" });
  assert.ok((other.scalars.least_weight as number) >= 5 && (other.scalars.least_weight as number) < 12);
  await assert.rejects(
    ask(handshakeRequest({ mode: "threshold", groupSize: 1, privacyThreshold: 2 }), { run: "third" }),
    /^RunError: it holds to .*groupSize 5, the run wants .*threshold/,
  );
  // It began no such run.
  await assert.rejects(
    ask(momentsRequest(1, false), { run: "third" }),
    told("the run has not begun here: the handshake comes first"),
  );
  assert.equal(said.filter((line) => line.includes("refuses")).length, 4);
});

test("the published threshold needs no state, is refused for rows that were used in groups, and says what it is", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const threshold = { privacy: "threshold", "label-column": "species", "log-dir": join(folder, "own") };
  const request = handshakeRequest({ mode: "threshold", groupSize: 1, privacyThreshold: 3 });
  const free = islandOf(folder, "Dream", { ...threshold, "state-dir": undefined });
  await assert.rejects(
    free.ask(momentsRequest(1, false)),
    told("the run has not begun here: the handshake comes first"),
  );
  assert.equal((await free.ask(request)).scalars.privacy_threshold, 3);
  assert.match(free.said.join("\n"), /notice: privacy threshold is a filter, as published, and no guarantee/);
  const log = readFileSync(join(folder, "own", RUN, "client_logs", "client_Dream.log"), "utf8");
  assert.match(log, /notice: privacy threshold is a filter, as published, and no guarantee/);
  const unused = islandOf(folder, "Dream", threshold);
  await unused.ask(request);
  await islandOf(folder, "Dream").ask(handshakeRequest(GROUPS), { run: "groups" });
  await assert.rejects(unused.ask(request), told(UNABLE));
  assert.match(unused.said.at(-1)!, /protects rows less than/);
});

test("whatever a server asks by, nothing of a client's rows, files or settings is told to it", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const torn = join(folder, "torn.csv");
  writeFileSync(torn, "x,y\n1,2\n3,4 1999-10-12\n");
  const state = join(folder, "states", "Dream");
  const kept = join(folder, "states", "Biscoe", "state.json");
  writeFileSync(kept, readFileSync(kept, "utf8").replace('"groups"', '"gruops"'));
  const strange = { ...momentsRequest(1, false), kind: "x".repeat(1_000_000) };
  const handshake = handshakeRequest(GROUPS);
  const attacks: [Record<string, unknown>, unknown, Partial<Envelope>][] = [
    [{ "data-path": torn }, handshake, {}],
    [{ "data-path": join(folder, "nowhere") }, handshake, {}],
    [{ "num-partitions": 4 }, handshake, {}],
    [{ "partition-id": 7 }, handshake, {}],
    [{ "partition-id": "Atlantis" }, handshake, {}],
    [{ "group-size": 3 }, handshake, {}],
    [{ "group-size": "three" }, handshake, {}],
    [{ config: join(folder, "none.toml") }, handshake, {}],
    [{ "log-dir": torn }, handshake, {}],
    [{ "drop-columns": "bill_length_mm" }, handshake, {}],
    [{ "state-dir": join(folder, "states", "Biscoe") }, handshake, {}],
    ...["", ".", "..", "../../x", "a/b", "a\\b", "/etc", "x".repeat(101), "a\0b", "a\nb"].map(
      (run): [Record<string, unknown>, unknown, Partial<Envelope>] => [{}, handshake, { run }],
    ),
    ...["", "/etc/passwd", "../penguins", "__proto__", "constructor", "x".repeat(1_000_000)].map(
      (dataSource): [Record<string, unknown>, unknown, Partial<Envelope>] => [{}, handshake, { dataSource }],
    ),
    [{}, strange, {}],
    [{}, null, {}],
    [{}, { kind: 7, arrays: {}, scalars: {} }, {}],
    [{}, { kind: "handshake", arrays: { a: "float16" }, scalars: {} }, {}],
    [{}, { kind: "handshake", arrays: {}, scalars: { protocol: ["a".repeat(1_000_000)] } }, {}],
    [{}, { ...handshake, scalars: { ...handshake.scalars, group_size: 2 ** 40 } }, {}],
    [{}, { ...handshake, scalars: { ...handshake.scalars, feature_names: ["x".repeat(9_999), "y"] } }, {}],
  ];
  const values = readFileSync(join(PENGUINS, "Dream.csv"), "utf8").match(/\d+\.\d+/g)!;
  assert.ok(values.length > 100);
  for (const [config, request, envelope] of attacks) {
    const { ask, said } = islandOf(folder, "Dream", config);
    const error = await ask(request as Message, envelope).then(
      () => assert.fail(JSON.stringify([config, request, envelope]).slice(0, 200)),
      (thrown: Error) => thrown,
    );
    const { message } = error;
    assert.ok(message.length <= 1000, `${message.length} characters`);
    assert.doesNotMatch(message, /states|penguins|csv|1999|test-|node config|\/etc|Atlantis|124/, message);
    for (const value of values) assert.ok(!message.includes(value), message);
    assert.equal(said.length, 1);
    assert.ok(said[0].length > 20 && said[0].length < 1500, said[0]);
  }
  assert.ok(!existsSync(join(folder, "states", "x")) && !existsSync(join(folder, "x")));
  assert.equal(json(state, "..", "client_logs", "Dream", RUN, "client.json").run, RUN);
});

test("its owner is told which value of which place will not do", async (context) => {
  const folder = temporaryFolder(context);
  const toml = join(folder, "client.toml");
  writeFileSync(toml, '[client]\nmissing = "skip"\n');
  const wrong = join(folder, "wrong.toml");
  writeFileSync(wrong, '[client]\nk-global = 3\n[client.sources.other]\ndata-path = "x"\n');
  for (const [config, environment, expected] of [
    [{ "group-size": 0 }, {}, /group-size in the node config must be an integer of at least 1, found 0$/],
    [
      {},
      { FEDKMEANS_SHARE_LABELS: "perhaps" },
      /FEDKMEANS_SHARE_LABELS must be true or false, found "perhaps"$/,
    ],
    [{}, { FEDKMEANS_SIMULATION: "yes" }, /FEDKMEANS_SIMULATION must be 1 or 0, found "yes"$/],
    [{ config: toml }, {}, /missing in .*client\.toml must be refuse or drop, found "skip"$/],
    [{}, { FEDKMEANS_CONFIG: wrong }, /unknown key k-global in .*wrong\.toml: expected one of name, /],
    [
      { "data-path": undefined },
      { TEST_DATA_PATH: join(folder, "gone") },
      /TEST_DATA_PATH .*gone: no such file or folder$/,
    ],
    [{ "num-partitions": 4 }, {}, /num-partitions in the node config is 4, and .* has 3 files$/],
    [
      { "privacy-threshold": 3 },
      {},
      /privacy-threshold in the node config needs privacy to be threshold, found groups$/,
    ],
  ] as const) {
    const { ask, said } = islandOf(folder, "Dream", { "state-dir": undefined, ...config }, environment);
    await assert.rejects(ask(handshakeRequest(GROUPS)), told(UNABLE));
    assert.match(said.join("\n"), expected);
  }
});

test("a data source that the owner's file names has rows, a state and columns of its own", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const toml = join(folder, "client.toml");
  writeFileSync(
    toml,
    `[client]\nname = "hospital"\ngroup-size = 5\n\n[client.sources.torgersen]\ndata-path = '${join(PENGUINS, "Torgersen.csv")}'\nstate-dir = '${join(folder, "states", "Torgersen")}'\n\n[client.sources.islands]\ndata-path = '${PENGUINS}'\npartition-id = 2\nnum-partitions = 3\nstate-dir = '${join(folder, "states", "Torgersen")}'\n`,
  );
  const { ask } = islandOf(folder, "Dream", { config: toml });
  const [own, other] = [
    await ask(handshakeRequest(GROUPS)),
    await ask(handshakeRequest(GROUPS), { dataSource: "torgersen", run: "other" }),
  ];
  assert.deepEqual([own.scalars.name, own.scalars.n_samples], ["hospital", 124]);
  assert.deepEqual([other.scalars.name, other.scalars.n_samples], ["hospital", 51]);
  const islands = await ask(handshakeRequest(GROUPS), { dataSource: "islands", run: "third" });
  assert.equal(islands.scalars.n_samples, 51);
  // A run is of one source.
  await assert.rejects(ask(handshakeRequest(GROUPS), { dataSource: "torgersen" }), told(UNABLE));
});

const UNABLE = "it cannot answer; it tells its owner why";

/** An error of which a server is told this, and no more. */
function told(message: string): { name: string; message: string } {
  return { name: "RunError", message };
}

test("a check says what a client is and would give, and refuses as the client would, with nothing written", (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const before = filesOf(folder);
  const check = (config: string, env: Record<string, string> = {}) =>
    fedkmeans(["flower", "client", "--check", "--node-config", config], { env, cwd: folder });
  const found = check(
    `data-path='${PENGUINS}' num-partitions=3 partition-id=1 state-dir="states/Dream" lr=0.1`,
    { FEDKMEANS_GROUP_SIZ: "50" },
  );
  assert.equal(found.status, 0, found.stderr);
  assert.match(
    found.stdout,
    /^node config: no settings of a client: lr\nenvironment: no settings of a client: FEDKMEANS_GROUP_SIZ\nDream, test_data\n/,
  );
  assert.match(found.stdout, /^data {5}.*Dream\.csv: 124 rows of 4 features$/m);
  assert.match(found.stdout, /^state {4}states\/Dream; a run that begins: no group changed$/m);
  assert.match(found.stdout, /^labels {3}stay \(share-labels\)$/m);
  assert.match(found.stdout, /^records {2}.*client_logs\/Dream\/<run>: log, ledger, points$/m);
  const ward = join(folder, "ward.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${i === 7 ? 1 : 0}`);
  writeFileSync(ward, `retired,smoker\n${rows.join("\n")}\n`);
  assert.equal(fedkmeans(["groups", ward, "--state-dir", join(folder, "states", "ward")]).status, 0);
  const proven = `data-path="${ward}" state-dir="states/ward"`;
  for (const [config, status, line] of [
    ["partition-id=1", 2, /^fedkmeans: data-path is missing, and TEST_DATA_PATH: where its rows are\n$/],
    [
      `data-path="${ward}"`,
      2,
      /^fedkmeans: state-dir is missing: make one with fedkmeans groups .*ward\.csv --state-dir DIR\n$/,
    ],
    [
      proven,
      1,
      /^fedkmeans: .*1 of 40 rows could be proven.*drop-columns smoker, in a new state; or accept it with allow-proven\n$/,
    ],
    ["a b=1", 2, /^fedkmeans: --node-config must be key=value between blanks, .*, found a b=1\n$/],
    // As Flower refuses it.
    [
      `data-path=${ward}`,
      2,
      /^fedkmeans: --node-config must be .* quotes around texts \(name="north"\), found /,
    ],
  ] as const) {
    const refused = check(config);
    assert.deepEqual([refused.status, refused.stdout], [status, ""], refused.stderr);
    assert.match(refused.stderr, line);
  }
  const accepted = check(`${proven} allow-proven=true`);
  assert.equal(accepted.status, 0, accepted.stderr);
  const simulated = check(`data-path="${ward}" partition-id="U"`, { FEDKMEANS_SIMULATION: "1" });
  assert.match(
    simulated.stdout,
    /in a simulation \(FEDKMEANS_SIMULATION=1\)\n(.*\n)*records {2}none \(log-dir\)\n/,
  );
  assert.deepEqual(
    filesOf(folder).filter((file) => !file.includes("ward")),
    before,
  );
});

test("records of a run are another client's no more than its own run's, and no two processes tear a line", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const shared = { "log-dir": join(folder, "logs") };
  const dream = islandOf(folder, "Dream", shared);
  await dream.ask(handshakeRequest(GROUPS));
  const biscoe = islandOf(folder, "Biscoe", shared);
  await assert.rejects(biscoe.ask(handshakeRequest(GROUPS)), told(UNABLE));
  assert.match(biscoe.said[0], /client: Biscoe expected, found Dream: give each client its own log-dir$/);
  await Promise.all(Array.from({ length: 20 }, () => dream.ask(momentsRequest(1, false))));
  const ledger = join(folder, "logs", RUN, "client_ledger", "client_Dream.jsonl");
  const lines = readFileSync(ledger, "utf8").trimEnd().split("\n");
  assert.equal(lines.map((line) => JSON.parse(line).reply).length, 21);
  // What a client that was killed left of a line is none.
  writeFileSync(ledger, `${lines.join("\n")}\n{"schema_ver`);
  await dream.ask(momentsRequest(1, false));
  const after = readFileSync(ledger, "utf8").trimEnd().split("\n");
  assert.equal(after.map((line) => JSON.parse(line).reply).length, 22);
});

test("a client that cannot write its records does not answer", async (context) => {
  const folder = temporaryFolder(context);
  states(folder);
  const { ask, said } = islandOf(folder, "Dream", { "log-dir": join(PENGUINS, "Dream.csv") });
  await assert.rejects(ask(handshakeRequest(GROUPS)), told(UNABLE));
  assert.match(said[0], /^Dream refuses handshake: cannot write /);
  const config = `data-path='${PENGUINS}' partition-id=1 state-dir="states/Dream" log-dir='${join(PENGUINS, "Dream.csv")}'`;
  const check = fedkmeans(["flower", "client", "--check", "--node-config", config], { cwd: folder });
  assert.deepEqual([check.status, check.stdout], [1, ""]);
  assert.match(check.stderr, /^fedkmeans: cannot write .*Dream\.csv is no folder\n$/);
});

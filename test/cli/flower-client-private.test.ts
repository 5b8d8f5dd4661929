import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { kebabCase } from "#src/casing.js";
import { clientOfEnvironment } from "#src/cli/flower-client.js";
import { LOCK_FILE } from "#src/directory/layout.js";
import { nameSettings } from "#src/errors.js";
import { deploy } from "#src/experiment/deployment.js";
import { DEPLOYMENT_SETTINGS } from "#src/experiment/deployment-settings.js";
import type { Configuration } from "#src/experiment/settings.js";
import { refusalHeader } from "#src/federation/carriers/flower/envelope.js";
import { flowerFederation } from "#src/federation/carriers/flower/federation.js";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { completeSettings } from "#src/settings/check.js";
import { privateSumsRequest } from "#src/workflow/clustering/private-sums.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import { floats, type Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { fedkmeans } from "../support/command.js";
import { filesOf, json, onlyDirectory } from "../support/experiment.js";
import { linkTo, type Node, nodeOf } from "../support/flower-app.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const ISLANDS = ["Biscoe", "Dream", "Torgersen"];
const RUN = "20261127T003443-0123456789abcdef";
const TERMS = { epsilon: 4, delta: 1e-6, declaredRows: 350 };
const WANTED = { mode: "dp", groupSize: 1, privacyThreshold: 1, privately: TERMS } as const;
const BOUNDS = `feature,low,high
bill_length_mm,25,65
bill_depth_mm,10,25
flipper_length_mm,150,250
body_mass_g,2000,6000
`;
const UNREADABLE = "its rows cannot be read; it tells its owner why";
const UNABLE = "it cannot answer; it tells its owner why";

/** A folder with public bounds, and a budget for each island. */
function site(context: TestContext, epsilonLimit = 4): string {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "bounds.csv"), BOUNDS);
  for (const island of ISLANDS) {
    makeBudget(join(folder, "budgets", island), { epsilonLimit, delta: TERMS.delta });
  }
  return folder;
}

function configOf(folder: string, island: string): Record<string, unknown> {
  return {
    "data-path": PENGUINS,
    "partition-id": ISLANDS.indexOf(island),
    "num-partitions": 3,
    "state-dir": join(folder, "budgets", island),
    privacy: "dp",
    epsilon: TERMS.epsilon,
    "declared-rows": TERMS.declaredRows,
    bounds: join(folder, "bounds.csv"),
  };
}

interface Deployed {
  readonly given?: Partial<Configuration>;
  readonly resume?: string;
  readonly config?: Record<string, unknown>;
  readonly environment?: Record<string, string>;
  /** Stands before an island's client. */
  readonly before?: (island: string, node: Node) => Node;
}

/** Runs penguins with private clients that are elsewhere, to its end. */
async function deployed(folder: string, { given, resume, config, environment, before }: Deployed = {}) {
  const said: string[] = [];
  const nodes = ISLANDS.map((island, i) => {
    const answer = clientOfEnvironment(environment ?? {}, (line) => said.push(line));
    const node = nodeOf({ ...configOf(folder, island), ...config }, answer);
    return [String(90 - i), before?.(island, node) ?? node] as const;
  });
  const settings = {
    kGlobal: 3,
    logDir: join(folder, "logs"),
    privacy: "dp",
    algorithm: "dp-lloyd",
    epsilon: TERMS.epsilon,
    declaredRows: TERMS.declaredRows,
    ...given,
  } as const;
  const result = await deploy({
    carrier: {
      name: "flower",
      connect: (of) =>
        flowerFederation(linkTo(new Map(nodes)), {
          ...of,
          isSimulation: false,
          tell: (line) => said.push(line),
        }),
    },
    given: resume === undefined ? settings : {},
    deployment: completeSettings(DEPLOYMENT_SETTINGS, {
      numClients: 3,
      waitForClients: 0,
      resume: resume ?? null,
    }),
    sourceOf: (name) => name,
  });
  return { result, said };
}

const isQuestion = (request: { header: Record<string, unknown> }, number: number) =>
  (request.header.scalars as Record<string, unknown>).question === number;

function budgets(folder: string): string[] {
  return ISLANDS.map((island) => readFileSync(join(folder, "budgets", island, "budget.json"), "utf8"));
}

/** What of an experiment directory follows from replies. */
function bytesOf(directory: string): Record<string, string> {
  const files = filesOf(directory).filter((file) =>
    /\.npy$|^global_means\/|^federated_kmeans_metrics/.test(file),
  );
  return Object.fromEntries(
    files.map((file) => [file, readFileSync(join(directory, file)).toString("base64")]),
  );
}

test("private clients elsewhere come to a result; a run that is cut off goes on with replies that they kept, to the same bytes", async (context) => {
  const folder = site(context);
  const cutOff = new Map<number, string>();
  const { result, said } = await deployed(folder, {
    before: (island, node) => async (request) => {
      for (const question of [0, 2, 7]) {
        if (island !== "Dream" || !isQuestion(request, question)) continue;
        // As a server that is killed leaves it.
        const at = join(folder, `cut-off-${question}`);
        cpSync(join(folder, "logs"), at, { recursive: true });
        cutOff.set(question, onlyDirectory(at));
      }
      return node(request);
    },
  });
  const directory = result.experimentDir;
  const { deployment, clients, status } = json(directory, "experiment_summary.json");
  assert.equal(status, "completed");
  assert.deepEqual(
    clients.map(({ name, n_samples }: Record<string, unknown>) => [name, n_samples]),
    ISLANDS.map((island) => [island, null]),
  );
  assert.equal(said.filter((line) => line.includes("takes part in the run")).length, 3, said.join("\n"));
  assert.match(said.join("\n"), /^Biscoe notice: \d+ rows? of 167 outside bounds: clipped/m);
  const bytes = bytesOf(directory);
  assert.ok(Object.keys(bytes).length > 10);
  const spent = budgets(folder);
  for (const island of ISLANDS) {
    const { runs } = openBudget(join(folder, "budgets", island)).state();
    assert.deepEqual(
      runs.map(({ run, questions, answers }) => [run, answers.length === questions]),
      [[deployment.run, true]],
    );
  }

  assert.deepEqual([...cutOff.keys()], [0, 2, 7]);
  const onceMore = join(folder, "once-more");
  cpSync(cutOff.get(7)!, onceMore, { recursive: true });
  rmSync(join(onceMore, LOCK_FILE), { force: true });
  for (const [question, left] of cutOff) {
    rmSync(join(left, LOCK_FILE), { force: true });
    const asked: number[] = [];
    const resumed = await deployed(folder, {
      resume: left,
      before: (_, node) => (request) => {
        const { question: number } = request.header.scalars as { question?: number };
        if (number !== undefined) asked.push(number);
        return node(request);
      },
    });
    assert.equal(resumed.result.runHash, result.runHash, `cut off at ${question}`);
    assert.deepEqual(bytesOf(left), bytes);
    // A round that was not whole is asked for again, from its first question on.
    assert.ok(asked.length > 0 && Math.min(...asked) <= question, asked.join());
    assert.deepEqual(budgets(folder), spent);
  }

  writeFileSync(join(folder, "wider.csv"), BOUNDS.replace("2000,6000", "2000,7000"));
  await assert.rejects(
    deployed(folder, { resume: onceMore, config: { bounds: join(folder, "wider.csv") } }),
    /can only be resumed with the .*bounds it began with: "body_mass_g" was in 2000 to 6000, is in 2000 to 7000$/,
  );

  const own = join(folder, "budgets", "client_logs", "Torgersen", deployment.run);
  const log = readFileSync(join(own, "client_logs", "client_Torgersen.log"), "utf8");
  assert.match(log, /Z spent epsilon [\d.]+; its rows have spent (3\.99\d*|4) in all, at delta 0\.000001\n/);
  assert.match(log, /Z spent nothing: the reply was stored\n/);
  const ledger = fedkmeans(["ledger", own]);
  assert.equal(ledger.status, 0, ledger.stderr);
  assert.match(ledger.stdout, /Torgersen.*epsilon (3\.99\d*|4)\b/s);
  const text = readFileSync(join(own, "client_ledger", "client_Torgersen.jsonl"), "utf8");
  const lines = text.trimEnd().split("\n");
  assert.ok(lines.some((line) => JSON.parse(line).mu_squared > 0));
});

test("a run beyond the limit is refused, the owner is told by how much, a server only that it is, and nothing is spent", async (context) => {
  const folder = site(context);
  await deployed(folder);
  const spent = budgets(folder);
  const said: string[] = [];
  const listening = (line: string) => said.push(line);
  await assert.rejects(
    deployed(folder, { given: { epsilon: 0.5 } }),
    /^RunError: 0 of 3 clients answered in question 1 of the start, .* \(Biscoe: its budget does not cover the question; it tells its owner why\)$/,
  );
  assert.deepEqual(budgets(folder), spent);
  const ask = clientOfEnvironment({}, listening);
  const nodeConfig = configOf(folder, "Dream");
  const envelope = { run: RUN, dataSource: "test_data" };
  await ask({ request: handshakeRequest(WANTED), nodeConfig, envelope });
  await assert.rejects(ask({ request: question(), nodeConfig, envelope }), {
    message: "its budget does not cover the question; it tells its owner why",
  });
  assert.match(
    said.at(-1)!,
    /^Dream refuses clustering\/private_sums: beyond the budget \(epsilon-limit 4, delta 0\.000001\): these rows have spent epsilon (3\.99\d*|4), the run would spend 4, together 5\.\d+; nothing fits any more$/,
  );
  const log = join(folder, "budgets", "client_logs", "Dream", RUN, "client_logs", "client_Dream.log");
  assert.match(
    readFileSync(log, "utf8"),
    /Z refused clustering\/private_sums: beyond the budget .* together 5/,
  );
});

test("a client that a question does not reach is dropped, and answers none that follow", async (context) => {
  const folder = site(context);
  const { result } = await deployed(folder, {
    before: (island, node) => async (request) => {
      if (island !== "Torgersen" || !isQuestion(request, 1)) return node(request);
      return { header: refusalHeader("no answer"), arrays: {} };
    },
  });
  const summary = json(result.experimentDir, "experiment_summary.json");
  assert.equal(summary.status, "completed");
  const reasons = (summary.dropped_clients as { client: string; step: string; reason: string }[]).map(
    ({ client, step, reason }) => `${client} ${step}: ${reason}`,
  );
  assert.equal(reasons[0], "Torgersen round 0: no answer");
  for (const [i, reason] of reasons.slice(1).entries()) {
    assert.match(
      reason,
      new RegExp(`^Torgersen round ${i + 1}: question \\d of the run ".*": question 1 comes next$`),
    );
  }
  assert.ok(reasons.length > 5, reasons.join("\n"));
  const spentBy = (island: string) =>
    openBudget(join(folder, "budgets", island)).state().runs[0].answers.length;
  assert.deepEqual([spentBy("Torgersen"), spentBy("Biscoe") > 5], [1, true]);
});

/** The first of two questions, as a server could ask it. */
function question(scalars: Message["scalars"] = {}, arrays: Message["arrays"] = {}): Message {
  const request = privateSumsRequest({
    terms: TERMS,
    question: 0,
    shares: Float64Array.of(0.5, 0.5),
    shareCount: 0.2,
    shareSpread: 0.1,
    centres: { data: Float64Array.of(-0.5, 0, 0, 0, 0.5, 0, 0, 0), nRows: 2, nColumns: 4 },
    radii: Float64Array.of(0.5, 0.5),
  });
  return {
    ...request,
    scalars: { ...request.scalars, ...scalars },
    arrays: { ...request.arrays, ...arrays },
  };
}

/** An island's client, which hears what its owner is told. */
function clientOf(
  folder: string,
  island: string,
  config: object = {},
  environment: Record<string, string> = {},
) {
  const said: string[] = [];
  const answer = clientOfEnvironment(environment, (line) => said.push(line));
  const all = Object.entries({ ...configOf(folder, island), ...config });
  const nodeConfig = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  return {
    said,
    ask: (request: Message, run = RUN, dataSource = "test_data") =>
      answer({ request, nodeConfig, envelope: { run, dataSource } }),
  };
}

test("whatever will not do is one line, which tells a server nothing of rows, files or what is spent, and the owner what it is", async (context) => {
  const folder = site(context);
  const own = (name: string) => join(folder, "budgets", name);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  makeBudget(own("other"), { epsilonLimit: 4, delta: 1e-7 });
  makeBudget(own("torn"), { epsilonLimit: 4, delta: 1e-6 });
  writeFileSync(
    join(own("torn"), "budget.json"),
    readFileSync(join(own("torn"), "budget.json"), "utf8").slice(9),
  );
  const dream = readFileSync(join(PENGUINS, "Dream.csv"), "utf8").split("\n");
  const narrow = file("narrow.csv", dream.map((line) => line.split(",").slice(0, 3).join(",")).join("\n"));
  const hole = file("hole.csv", dream.with(7, "39.5,,186,3250,Adelie").join("\n"));
  const asked = handshakeRequest(WANTED);
  const wanted = (terms: object) => handshakeRequest({ ...WANTED, privately: { ...TERMS, ...terms } });
  const holds = "it holds to privacy dp, epsilon 4, delta 1e-6, declared-rows 350, the run wants ";
  const cases: [config: object, request: Message, told: string, owner: RegExp][] = [
    [
      { "state-dir": undefined },
      asked,
      UNABLE,
      /state-dir is missing: make one with fedkmeans budget --state-dir DIR --epsilon-limit E --delta 0\.000001$/,
    ],
    [
      { "state-dir": own("none") },
      asked,
      UNABLE,
      /state-dir in the node config .*none has no budget: make one with fedkmeans budget --state-dir /,
    ],
    [
      { "state-dir": own("other") },
      asked,
      UNABLE,
      /delta 0\.000001: the budget in .*other was made with 1e-7, for good$/,
    ],
    [
      { "epsilon-limit": 5 },
      asked,
      UNABLE,
      /epsilon-limit 5: the budget in .*Dream was made with 4, for good$/,
    ],
    [{ "state-dir": own("torn") }, asked, UNABLE, /torn.budget\.json/],
    [
      { epsilon: undefined },
      asked,
      UNABLE,
      /epsilon is missing: .*, which privacy in the node config dp needs$/,
    ],
    [
      { epsilon: 5, "epsilon-limit": 4 },
      asked,
      UNABLE,
      /epsilon-limit in the node config must be at least epsilon in the node config, which is 5, found 4$/,
    ],
    [{ "declared-rows": undefined }, asked, UNABLE, /declared-rows is missing: /],
    [
      { delta: 0.005 },
      asked,
      UNABLE,
      /delta in the node config must be below 1 \/ declared-rows in the node config = 0\.00\d+, found 0\.005: /,
    ],
    [{ bounds: undefined }, asked, UNABLE, /bounds is missing: a CSV file of feature,low,high/],
    [{ bounds: join(folder, "nowhere.csv") }, asked, UNABLE, /bounds .*nowhere\.csv: cannot be read: /],
    [
      { bounds: file("reversed.csv", "feature,low,high\nbill_length_mm,65,25\n") },
      asked,
      UNABLE,
      /reversed\.csv, line 2: low of "bill_length_mm" must be below high, found 65 and 25$/,
    ],
    [{ bounds: file("more.csv", `${BOUNDS}year,2000,2010\n`) }, asked, UNREADABLE, /Dream\.csv.*year/],
    [{ "data-path": narrow }, asked, UNREADABLE, /narrow\.csv.*(flipper_length_mm|body_mass_g)/],
    [{ "data-path": hole }, asked, UNREADABLE, /hole\.csv.*line 8/],
    [{ "data-path": join(folder, "gone.csv") }, asked, UNABLE, /gone\.csv/],
    [
      { "share-labels": true },
      asked,
      UNABLE,
      /share-labels in the node config needs privacy in the node config to be groups or threshold, found dp$/,
    ],
    [
      { "record-client-data": true },
      asked,
      UNABLE,
      /record-client-data in the node config needs privacy in the node config to be groups or threshold, found dp$/,
    ],
    [
      { "group-size": 5 },
      asked,
      UNABLE,
      /group-size in the node config needs privacy in the node config to be groups, found dp$/,
    ],
    [
      {},
      wanted({ epsilon: 4.5 }),
      `${holds}privacy dp, epsilon 4.5, delta 1e-6, declared-rows 350`,
      /refuses handshake: it holds to /,
    ],
    [
      {},
      wanted({ delta: 1e-5 }),
      `${holds}privacy dp, epsilon 4, delta 1e-5, declared-rows 350`,
      /refuses handshake: it holds to /,
    ],
    [
      {},
      wanted({ declaredRows: 342 }),
      `${holds}privacy dp, epsilon 4, delta 1e-6, declared-rows 342`,
      /refuses handshake: it holds to /,
    ],
    [
      {},
      handshakeRequest({ mode: "groups", groupSize: 50, privacyThreshold: 1 }),
      `${holds}group-size 50`,
      /refuses handshake: it holds to /,
    ],
    [
      {},
      question({ epsilon: 4.5 }),
      `it holds to epsilon 4, delta 1e-6, declared-rows 350, the run wants epsilon 4.5, delta 1e-6, declared-rows 350`,
      /refuses clustering\/private_sums: it holds to /,
    ],
    [
      {},
      question({ question: 1 }),
      `question 1 of the run "${RUN}": the run has not begun here, or is forgotten`,
      /refuses clustering\/private_sums: question 1/,
    ],
    [
      {},
      momentsRequest(1, false),
      'under privacy dp it answers no "normalization/moments"',
      /refuses normalization\/moments: /,
    ],
    [{}, question({}, { radii: floats(Float64Array.of(1e-9, Number.NaN), 2) }), "", /radii/],
    [{}, question({ share_count: 0.999999999999 }), "", /share/],
    [{}, question({}, { shares: floats(Float64Array.of(1e-30, 0.5), 2) }), "", /noise is 1024 to /],
  ];
  const values = dream.join().match(/\d+\.\d+/g)!;
  await clientOf(folder, "Dream").ask(asked);
  for (const [config, request, expected, owner] of cases) {
    const { ask, said } = clientOf(folder, "Dream", config);
    const { message } = await ask(request).then(
      () => assert.fail(JSON.stringify([config, request.scalars])),
      (error: Error) => error,
    );
    const shown = nameSettings(message, kebabCase);
    if (expected !== "") assert.equal(shown, expected);
    assert.doesNotMatch(shown, /\n|test-|\.csv|node config|124|bud.*get.*json|\/tmp/);
    for (const value of values) assert.ok(!shown.includes(value), shown);
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(said[0], owner);
    assert.doesNotMatch(said[0], /\n/);
  }
  const { runs, spent } = openBudget(own("Dream")).state();
  assert.deepEqual([runs.length, spent.size], [0, 0]);
});

test("the same question has the reply that is kept, in whatever process; another under its number is refused, and rows that came or went spend on", async (context) => {
  const folder = site(context);
  const data = join(folder, "rows.csv");
  const lines = readFileSync(join(PENGUINS, "Dream.csv"), "utf8").trimEnd().split("\n");
  writeFileSync(data, lines.join("\n"));
  const { ask, said } = clientOf(folder, "Dream", { "data-path": data });
  await assert.rejects(ask(question()), { message: "the run has not begun here: the handshake comes first" });
  await ask(handshakeRequest(WANTED));
  const first = await ask({ ...question(), exchange: 3 });
  const again = await ask({ ...question(), exchange: 8 });
  assert.deepEqual({ ...again, exchange: 3 }, first);
  await assert.rejects(
    ask(question({ share_spread: 0.2 })),
    /has been answered, and was another: what is asked otherwise is another run$/,
  );
  // Half of the rows leave, and some come: whoever is left has spent what it had.
  writeFileSync(
    data,
    [lines[0], ...lines.slice(60), "40.5,18.1,190,3700,Adelie", "44.5,19.1,205,4700,Adelie"].join("\n"),
  );
  await ask(question({ question: 1 }));
  const budget = openBudget(join(folder, "budgets", "Dream"));
  assert.equal(new Set(budget.state().spent.values()).size, 2);
  const refused = clientOf(folder, "Dream", { "data-path": data });
  await refused.ask(handshakeRequest(WANTED), "second");
  await assert.rejects(refused.ask(question(), "second"), {
    message: "its budget does not cover the question; it tells its owner why",
  });
  // Other columns would be other hashes: rows would begin at 0.
  const fewer = join(folder, "fewer.csv");
  writeFileSync(fewer, BOUNDS.split("\n").slice(0, 4).join("\n"));
  const other = clientOf(folder, "Dream", { "data-path": data, bounds: fewer });
  await other.ask(handshakeRequest(WANTED), "third");
  const three = question({}, { centres: floats(new Float64Array(6), 2, 3) });
  await assert.rejects(other.ask(three, "third"), { message: UNABLE });
  assert.match(other.said.at(-1)!, /body_mass_g/);
  assert.equal(said.filter((line) => line.includes("refuses")).length, 2);
});

test("a data source of the owner's file has bounds, a number of rows, a budget and a protection of its own", async (context) => {
  const folder = site(context);
  const toml = join(folder, "client.toml");
  const torgersen = join(PENGUINS, "Torgersen.csv");
  const table = (name: string, lines: string) =>
    `[client.sources.${name}]\ndata-path = '${torgersen}'\n${lines}\n`;
  const budget = `state-dir = '${join(folder, "budgets", "Torgersen")}'\n`;
  writeFileSync(
    toml,
    `[client]\nname = "north"\nlog-dir = '${join(folder, "client_logs")}'\nprivacy = "dp"\nepsilon = 2\ndata-path = '${join(PENGUINS, "Dream.csv")}'\nbounds = '${join(folder, "bounds.csv")}'\ndeclared-rows = 350\n\n` +
      table("narrow", `${budget}bounds = '${join(folder, "bounds.csv")}'\ndeclared-rows = 60\nepsilon = 1`) +
      table("bare", budget) +
      table("threshold", 'privacy = "threshold"\nlabel-column = "species"'),
  );
  const answer = clientOfEnvironment({ FEDKMEANS_CONFIG: toml }, (line) => said.push(line));
  const said: string[] = [];
  const ask = (request: Message, dataSource: string) =>
    answer({ request, nodeConfig: {}, envelope: { run: dataSource, dataSource } });
  const wanted = (terms: object) => handshakeRequest({ ...WANTED, privately: { ...TERMS, ...terms } });
  const reply = await ask(wanted({ epsilon: 1, declaredRows: 60 }), "narrow");
  assert.deepEqual([reply.scalars.name, reply.scalars.declared_rows], ["north", 60]);
  await assert.rejects(
    ask(wanted({ epsilon: 2, declaredRows: 60 }), "narrow"),
    /epsilon 1, .* the run wants /,
  );
  await assert.rejects(ask(wanted({}), "bare"), { message: UNABLE });
  assert.match(said.at(-1)!, /declared-rows is missing|bounds is missing/);
  const { scalars } = await ask(
    handshakeRequest({ mode: "threshold", groupSize: 1, privacyThreshold: 2 }),
    "threshold",
  );
  assert.equal(scalars.protection, "threshold");
});

test("in a simulation each client has a budget of its own in the folder, and says that it protects nobody", async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "bounds.csv"), BOUNDS);
  const environment = { FEDKMEANS_SIMULATION: "1" };
  const config = { "state-dir": join(folder, "budgets") };
  const { said } = await deployed(folder, { config, environment });
  assert.deepEqual(
    readdirSync(join(folder, "budgets")).sort(),
    ISLANDS.map((island) => island),
  );
  for (const island of ISLANDS) {
    assert.ok(
      said.some(
        (line) =>
          line.startsWith(`${island} notice: FEDKMEANS_SIMULATION is 1: `) &&
          line.endsWith("the noise protects nobody"),
      ),
    );
    assert.ok(openBudget(join(folder, "budgets", island)).state().spent.size > 40);
  }
  const { ask } = clientOf(folder, "Dream", { "state-dir": undefined }, environment);
  await assert.rejects(
    ask(handshakeRequest(WANTED)),
    /state-dir is missing: a folder in which a simulation keeps a budget for each client$/,
  );
});

test("a check says what a client would give with noise, what is spent and what fits, and spends nothing", async (context) => {
  const folder = site(context, 5);
  const before = [...filesOf(folder), ...budgets(folder)];
  const check = (config: object, env: Record<string, string> = {}) => {
    const pairs = Object.entries({ ...configOf(folder, "Biscoe"), ...config });
    const text = pairs
      .map(([key, value]) => `${key}=${typeof value === "number" ? value : `'${value}'`}`)
      .join(" ");
    return fedkmeans(["flower", "client", "--check", "--node-config", text], { env, cwd: folder });
  };
  const { status, stdout, stderr } = check({});
  assert.equal(status, 0, stderr);
  const lines = stdout.trimEnd().split("\n");
  assert.deepEqual(lines.slice(2, 10), [
    "columns  bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g",
    `bounds   ${join(folder, "bounds.csv")}: bill_length_mm 25 to 65, bill_depth_mm 10 to 25, flipper_length_mm 150 to 250, body_mass_g 2000 to 6000`,
    "outside  2 of 167 rows; what is outside is clipped, and no server is told",
    "rows     350 declared of all clients (declared-rows)",
    "limit    epsilon 5 (epsilon-limit) at delta 0.000001 (delta), of all runs together",
    "spent    nothing by these 167 rows",
    "left     a run of epsilon 5",
    `budget   ${join(folder, "budgets", "Biscoe")}`,
  ]);
  assert.match(
    stdout,
    /^leaves {3}answers with noise: epsilon 4 \(epsilon\) or less a run, at delta 0\.000001 \(delta\) or less$/m,
  );
  assert.deepEqual([...filesOf(folder), ...budgets(folder)], before);
  await deployed(folder);
  const after = budgets(folder);
  const left = check({});
  assert.match(
    left.stdout,
    /^spent {4}epsilon (4|3\.99\d*) by these 167 rows\nleft {5}a run of epsilon 2\.\d+$/m,
  );
  assert.match(left.stdout, /^note {5}a run of epsilon 4 \(epsilon\) would be refused: 2\.\d+ is left$/m);
  assert.deepEqual(budgets(folder), after);
  const wrong = check({ bounds: "none.csv" });
  assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^fedkmeans: bounds none\.csv: cannot be read: .*\n$/);
  const simulated = check({ "state-dir": "new" }, { FEDKMEANS_SIMULATION: "1" });
  assert.match(
    simulated.stdout,
    /^budget {3}new.Biscoe: made in the first run, of epsilon 4 at delta 0\.000001$/m,
  );
  assert.match(simulated.stdout, /in a simulation it protects nobody$/m);
  assert.ok(!existsSync(join(folder, "new")));
  const full = site(context, 4);
  await deployed(full);
  const config = { "state-dir": join(full, "budgets", "Biscoe") };
  const spent = check(config);
  assert.deepEqual([spent.status, spent.stdout], [1, ""]);
  assert.match(
    spent.stderr,
    /^fedkmeans: .*Biscoe: its rows have spent all that they may \(epsilon-limit 4\)\n$/,
  );
});

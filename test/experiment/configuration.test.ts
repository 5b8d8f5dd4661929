import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readConfigurationFile } from "#src/cli/configuration-file.js";
import { nameSettings, UsageError } from "#src/errors.js";
import { configurationOfRecord, configure, recordedConfiguration } from "#src/experiment/configuration.js";
import { DATA_SETTINGS, RESUMABLE } from "#src/experiment/setting-groups.js";
import { type Configuration, SETTING_NAMES, SETTINGS } from "#src/experiment/settings.js";
import { temporaryFolder } from "../support/temporary.js";

function read(context: TestContext, toml: string, environment: Record<string, string> = {}) {
  const path = join(temporaryFolder(context), "config.toml");
  writeFileSync(path, toml);
  return readConfigurationFile(path, environment).settings;
}

test("a file's keys are the options' names", (context) => {
  const toml = `
[fedkmeans]
data = "data/penguins"
label-column = "species"
k-global = 5
tolerance = 1e-3
drop-empty = false
algorithm = "lloyd"
log-dir = "elsewhere"
columns = ["bill, long", "mass"]
drop-columns = "id, name"
`;
  assert.deepEqual(read(context, toml), {
    data: "data/penguins",
    labelColumn: "species",
    kGlobal: 5,
    tolerance: 1e-3,
    dropEmpty: false,
    algorithm: "lloyd",
    logDir: "elsewhere",
    columns: ["bill, long", "mass"],
    dropColumns: ["id", "name"],
  });
});

const FLOWER = `
[project]
name = "app"
[tool.flwr.app.config]
data-source = "test_data"
k-global = 4
max-iterations = 7
log-dir = "logs"
`;

test("a Flower app's pyproject.toml is read, with the folder of TEST_DATA_PATH", (context) => {
  assert.deepEqual(read(context, FLOWER, { TEST_DATA_PATH: "some/folder" }), {
    data: "some/folder",
    kGlobal: 4,
    maxIterations: 7,
    logDir: "logs",
  });
  const plain = FLOWER.replace("test_data", "data/penguins");
  assert.equal(read(context, plain, { TEST_DATA_PATH: "some/folder" }).data, "data/penguins");
});

test("keys of a Flower app's own are passed over and named; its rounds are the most there are", (context) => {
  const path = join(temporaryFolder(context), "pyproject.toml");
  writeFileSync(
    path,
    `
[tool.flwr.app.config]
num-server-rounds = 25
penalty = "l2"
fraction-evaluate = 0.5
model.name = "small"
model.lora.rank = 32
data.name = "of another kind"
k-global = 4
verbose = false
[tool.flwr.app.config.static]
dataset.name = "alpaca"
`,
  );
  assert.deepEqual(readConfigurationFile(path, {}), {
    settings: { maxIterations: 25, kGlobal: 4 },
    video: undefined,
    passedOver: ["penalty", "fraction-evaluate", "model", "data", "verbose", "static"],
  });
});

test("[fedkmeans] goes before [tool.flwr.app.config]", (context) => {
  assert.deepEqual(read(context, `${FLOWER}\n[fedkmeans]\nk-global = 9\n`), { kGlobal: 9 });
});

const REFUSED: [string, string, RegExp][] = [
  [
    "an unknown key",
    "[fedkmeans]\nk-globl = 3",
    /^unknown key k-globl in .*config\.toml: did you mean k-global\?$/,
  ],
  ["a key in snake case", "[fedkmeans]\nk_global = 3", /^unknown key k_global in/],
  [
    "zero clusters",
    "[fedkmeans]\nk-global = 0",
    /^k-global in .*config\.toml must be an integer of at least 1, found 0$/,
  ],
  [
    "a fraction of a round",
    "[fedkmeans]\nmax-iterations = 2.5",
    /^max-iterations in .* an integer .*, found 2\.5$/,
  ],
  ["a number as text", '[fedkmeans]\nk-global = "3"', /^k-global in .* an integer .*, found "3"$/],
  [
    "a tolerance of NaN",
    "[fedkmeans]\ntolerance = nan",
    /^tolerance in .* a number of at least 0, found NaN$/,
  ],
  [
    "an endless deadline",
    "[fedkmeans]\ndeadline = inf",
    /^deadline in .* a number of at least 0\.001, found Infinity$/,
  ],
  [
    "a deadline no timer holds",
    "[fedkmeans]\ndeadline = 1e9",
    /^deadline in .* at most 2147483, found 1000000000$/,
  ],
  [
    "names that are numbers",
    "[fedkmeans]\ncolumns = [1]",
    /^columns in .* must be a list of names, found \[1\]$/,
  ],
  [
    "a name twice",
    '[fedkmeans]\ncolumns = ["a", "b", "a"]',
    /^columns in .* must be different names, found "a" twice$/,
  ],
  ["an empty name", '[fedkmeans]\ndrop-columns = "a,,b"', /^drop-columns in .* found "a,,b"$/],
  ["a flag as text", '[fedkmeans]\nweighted = "yes"', /^weighted in .* must be true or false, found "yes"$/],
  [
    "an unknown algorithm",
    '[fedkmeans]\nalgorithm = "em"',
    /^algorithm in .* must be fkm or lloyd or best-lloyd or k-fed or dp-lloyd, found "em"$/,
  ],
  ["an empty path", '[fedkmeans]\ndata = ""', /^data in .* must be a text that is not empty, found ""$/],
  ["a list", "[fedkmeans]\nk-global = [3]", /^k-global in .*, found \[3\]$/],
  [
    "Flower's name in a table of ours",
    "[fedkmeans]\nnum-server-rounds = 3",
    /^unknown key num-server-rounds in/,
  ],
  [
    "two names of the rounds",
    "[tool.flwr.app.config]\nnum-server-rounds = 3\nmax-iterations = 3",
    /has both max-iterations and num-server-rounds: keep one of them$/,
  ],
  [
    "no number of rounds",
    '[tool.flwr.app.config]\nnum-server-rounds = "many"',
    /^num-server-rounds in .* must be an integer of at least 0, found "many"$/,
  ],
  ["two names of the data", '[fedkmeans]\ndata = "a"\ndata-source = "b"', /has both data and data-source/],
  ["test_data without a folder", FLOWER, /data-source in .* is "test_data", but TEST_DATA_PATH is not set/],
  ["no table", 'title = "x"', /config\.toml has no table \[fedkmeans\] or \[tool\.flwr\.app\.config\]$/],
  ["a table that is a value", "fedkmeans = 3", /has no table \[fedkmeans\]/],
  ["what is not TOML", "[fedkmeans]\nk-global = \n", /config\.toml, line 2: /],
];

for (const [what, toml, message] of REFUSED) {
  test(`${what} in a file is refused in one line that names it`, (context) => {
    assert.throws(
      () => read(context, toml),
      (error: Error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}

test("a file that is not there is wrong usage", () => {
  assert.throws(
    () => readConfigurationFile("/nowhere.toml", {}),
    /^UsageError: cannot read the configuration file/,
  );
});

test("what is not given has the default that --help states", () => {
  const { data, ...rest } = configure({ data: "x" });
  assert.equal(data, "x");
  assert.deepEqual(rest, {
    labelColumn: null,
    clientColumn: null,
    columns: null,
    dropColumns: [],
    delimiter: null,
    header: "auto",
    missing: "refuse",
    logDir: "logs",
    kGlobal: 3,
    kLocal: null,
    algorithm: "fkm",
    start: "k-means++",
    maxIterations: 100,
    tolerance: 1e-4,
    localIterations: 1,
    dropEmpty: true,
    weighted: true,
    asPublished: false,
    restarts: 10,
    privacy: "groups",
    groupSize: 5,
    groupScale: "std",
    privacyThreshold: null,
    epsilon: null,
    epsilonLimit: null,
    delta: null,
    bounds: null,
    declaredRows: null,
    stateDir: null,
    normalize: true,
    pca: true,
    pcaComponents: null,
    randomState: 42,
    minClients: 2,
    deadline: 300,
    carrier: "auto",
    threads: null,
    recordClientData: true,
    recordLedger: true,
    recordLocalMeans: true,
    saveLabels: false,
    twin: false,
    stability: 0,
    maxSilhouetteSamples: 20000,
  });
});

/** Refused in these words, as a cell reads them. */
function refuses(given: Partial<Configuration>, message: RegExp): void {
  assert.throws(
    () => configure(given),
    (error: Error) => {
      assert.match(
        nameSettings(String(error), (name) => name),
        message,
      );
      return true;
    },
  );
}

test("settings that contradict each other are refused by name", () => {
  const data = "x";
  refuses({}, /^UsageError: data is missing/);
  refuses(
    { data, algorithm: "lloyd", localIterations: 2 },
    /^UsageError: localIterations must be 1 with algorithm lloyd.*found 2$/,
  );
  refuses({ data, start: "random", normalize: false }, /^UsageError: start random draws in/);
  configure({ data, start: "random", normalize: false, pcaComponents: 1 });
  refuses(
    { data, pca: false, pcaComponents: 2 },
    /^UsageError: pcaComponents clusters in principal components: it needs pca, which is off$/,
  );
  refuses({ data, start: "kmeans" }, /^UsageError: start must be .* found "kmeans"$/);
  for (const [unknown, rest] of [
    ["kglobal", "did you mean kGlobal\\?$"],
    ["toString", "expected one of data, "],
  ]) {
    refuses(
      { data, [unknown]: 3 } as Partial<Configuration>,
      new RegExp(`^UsageError: unknown setting ${unknown}: ${rest}`),
    );
  }
});

test("no server sets what is the clients' own, or how their data is read", () => {
  const of = (owner: string) => SETTING_NAMES.filter((name) => SETTINGS[name].of === owner);
  assert.deepEqual(of("client"), [
    "privacy",
    "groupSize",
    "groupScale",
    "privacyThreshold",
    "epsilon",
    "epsilonLimit",
    "delta",
    "bounds",
    "declaredRows",
    "recordClientData",
    "recordLedger",
    "saveLabels",
  ]);
  assert.deepEqual(of("data"), ["data", ...DATA_SETTINGS]);
  assert.deepEqual(RESUMABLE, ["data", "deadline", "carrier", "threads"]);
});

test("a configuration goes through its record and back, without how it was executed", () => {
  const configuration = configure({ data: "x", pcaComponents: 2, dropEmpty: false, threads: 8, deadline: 5 });
  const record = JSON.parse(JSON.stringify(recordedConfiguration(configuration)));
  for (const name of ["threads", "carrier", "deadline", "log_dir"]) assert.equal(name in record, false);
  const back = configurationOfRecord({ ...record, added_later: 1 }, {}, "summary");
  assert.deepEqual(back, { ...configuration, threads: null, deadline: 300 });
  assert.equal(configurationOfRecord(record, { threads: 3 }, "summary").threads, 3);
  assert.throws(
    () => configurationOfRecord({ ...record, k_global: "3" }, {}, "summary"),
    /^UsageError: k_global in summary must be an integer/,
  );
});

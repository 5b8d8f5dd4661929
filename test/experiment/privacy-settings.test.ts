import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readConfigurationFile } from "#src/cli/configuration-file.js";
import { nameSettings, UsageError } from "#src/errors.js";
import { configurationOfRecord, configure, recordedConfiguration } from "#src/experiment/configuration.js";
import { policyOf } from "#src/experiment/privacy-settings.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import * as fk from "#src/index.js";
import { groupsPolicy, type Policy, thresholdPolicy } from "#src/privacy/policy.js";
import { fedkmeans } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const of = (given: Partial<Configuration>): Policy => policyOf(configure({ data: "x", ...given }));

test("without a word of it clients give groups of five; each mode has a number of its own", () => {
  assert.deepEqual(of({}), groupsPolicy(5));
  assert.deepEqual(of({ privacy: "groups" }), groupsPolicy(5));
  assert.deepEqual(of({ groupSize: 12, groupScale: "range" }), groupsPolicy(12, "range"));
  assert.deepEqual(of({ groupSize: 1 }), groupsPolicy(1));
  assert.deepEqual(of({ privacy: "threshold" }), thresholdPolicy(2));
  assert.deepEqual(of({ privacy: "threshold", privacyThreshold: 0 }), thresholdPolicy(0));
});

test("as published implies the published threshold of one row, and takes what means the same", () => {
  assert.deepEqual(of({ asPublished: true }), thresholdPolicy(1));
  assert.deepEqual(of({ asPublished: true, privacy: "threshold" }), thresholdPolicy(1));
  assert.deepEqual(of({ asPublished: true, privacy: "threshold", privacyThreshold: 0 }), thresholdPolicy(0));
  assert.deepEqual(of({ asPublished: true, privacy: "groups", groupSize: 1 }), groupsPolicy(1));
});

/** Settings that do not go together, and what is said of them by the names of a program. */
const DP = { privacy: "dp", epsilon: 1, declaredRows: 100, bounds: "bounds.csv" } as const;

const REFUSED: [Partial<Configuration>, string][] = [
  [{ privacyThreshold: 2 }, "privacyThreshold needs privacy to be threshold, found groups"],
  [{ privacyThreshold: 0 }, "privacyThreshold needs privacy to be threshold, found groups"],
  [
    { privacy: "groups", privacyThreshold: 2, groupSize: 5 },
    "privacyThreshold needs privacy to be threshold, found groups",
  ],
  [{ privacy: "threshold", groupSize: 5 }, "groupSize needs privacy to be groups, found threshold"],
  [{ privacy: "threshold", groupSize: 1 }, "groupSize needs privacy to be groups, found threshold"],
  [{ privacy: "threshold", groupScale: "range" }, "groupScale needs privacy to be groups, found threshold"],
  [
    { asPublished: true, groupScale: "std" },
    "groupScale needs privacy to be groups, found threshold, which asPublished implies",
  ],
  [
    { groupSize: 1, groupScale: "range" },
    "groupScale needs groupSize to be 2 or more, found 1: rows are in no groups",
  ],
  [{ asPublished: true, privacy: "groups" }, "asPublished sends single rows: it needs groupSize 1, found 5"],
  [
    { asPublished: true, groupSize: 5 },
    "groupSize needs privacy to be groups, found threshold, which asPublished implies",
  ],
  [
    { asPublished: true, privacyThreshold: 2 },
    "asPublished sends single rows: privacyThreshold must be 0 or 1 with it, found 2",
  ],
  [{ groupSize: 0 }, "groupSize must be an integer of at least 1, found 0"],
  [{ groupSize: 2.5 }, "groupSize must be an integer of at least 1, found 2.5"],
  [{ privacy: "k-anonymity" } as never, 'privacy must be threshold or groups or dp, found "k-anonymity"'],
  [{ epsilon: 1 }, "epsilon needs privacy to be dp, found groups"],
  [{ privacy: "threshold", declaredRows: 9 }, "declaredRows needs privacy to be dp, found threshold"],
  [{ ...DP, groupSize: 5 }, "groupSize needs privacy to be groups, found dp"],
  [{ ...DP, epsilon: 0 }, "epsilon must be a number above 0, found 0"],
  [{ ...DP, epsilon: -1 }, "epsilon must be a number above 0, found -1"],
  [{ ...DP, declaredRows: 0 }, "declaredRows must be an integer of at least 1, found 0"],
  [
    { ...DP, delta: 0.01 },
    "delta must be below 1 / declaredRows = 0.01, found 0.01: else a row could be published outright",
  ],
  [{ ...DP, epsilonLimit: 0.5 }, "epsilonLimit must be at least epsilon, which is 1, found 0.5"],
  [
    { ...DP, epsilon: null } as never,
    "epsilon is missing: what a run may spend of its rows' privacy, 1 say, which privacy dp needs",
  ],
  [
    { ...DP, declaredRows: null } as never,
    "declaredRows is missing: the number of rows of all clients, as agreed, a round figure, which privacy dp needs",
  ],
  [
    { ...DP, bounds: null } as never,
    "bounds is missing: a CSV file of feature,low,high, public bounds, which privacy dp needs",
  ],
  [{ ...DP, asPublished: true }, "asPublished goes with algorithm fkm and start k-means++ only"],
];

for (const [given, message] of REFUSED) {
  test(`refused, naming both: ${JSON.stringify(given)}`, () => {
    assert.throws(
      () => configure({ data: "x", ...given }),
      (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(
          nameSettings(error.message, (name) => name),
          message,
        );
        return true;
      },
    );
  });
}

/** A configuration file with these lines in its table. */
function fileOf(context: TestContext, ...lines: string[]): string {
  const path = join(temporaryFolder(context), "c.toml");
  writeFileSync(path, ["[fedkmeans]", ...lines, ""].join("\n"));
  return path;
}

test("the same is refused of options, of a file, and of the two together, each by its own name, with exit code 2", (context) => {
  const cwd = temporaryFolder(context);
  const refusal = (config: string | null, ...args: string[]) => {
    const from = config === null ? [] : ["--config", config];
    const { status, stdout, stderr } = fedkmeans(["run", "--data", PENGUINS, ...from, ...args], { cwd });
    assert.deepEqual([status, stdout, readdirSync(cwd)], [2, "", []]);
    return stderr;
  };
  assert.equal(
    refusal(null, "--privacy-threshold", "5"),
    "fedkmeans: --privacy-threshold needs --privacy to be threshold, found groups\n",
  );
  assert.equal(
    refusal(null, "--privacy", "threshold", "--group-size", "5"),
    "fedkmeans: --group-size needs --privacy to be groups, found threshold\n",
  );
  const file = fileOf(context, "privacy-threshold = 5");
  assert.match(
    refusal(file),
    new RegExp(`^fedkmeans: privacy-threshold in ${file} needs .*privacy to be threshold, found groups`),
  );
  const both = fileOf(context, 'privacy = "threshold"', "privacy-threshold = 5");
  assert.match(
    refusal(both, "--group-size", "5"),
    new RegExp(`^fedkmeans: --group-size needs privacy in ${both} to be groups, found threshold\n$`),
  );
  assert.deepEqual(readConfigurationFile(both, {}).settings, { privacy: "threshold", privacyThreshold: 5 });
});

test("in a notebook and in a study they are refused by the names that cells use", async (context) => {
  const logDir = temporaryFolder(context);
  await assert.rejects(fk.run({ data: PENGUINS, privacyThreshold: 5, logDir }), {
    name: "UsageError",
    message: "privacyThreshold needs privacy to be threshold, found groups",
  });
  const study = { seeds: 1, threads: 1 };
  const { summary } = await fk.sweep({ data: PENGUINS }, { privacyThreshold: [1, 3], groupSize: [4] }, study);
  for (const cell of summary) {
    assert.equal(cell.error, "privacyThreshold needs privacy to be threshold, found groups");
  }
  await assert.rejects(fk.chooseK({ data: PENGUINS, privacyThreshold: 5 }, { kValues: [2, 3], seeds: 2 }), {
    name: "UsageError",
    message: "privacyThreshold needs privacy to be threshold, found groups",
  });
  const modes = await fk.sweep(
    { data: PENGUINS, labelColumn: "species" },
    { privacy: ["groups", "threshold"], privacyThreshold: [4] },
    study,
  );
  assert.deepEqual(
    modes.summary.map(({ nCompleted, error }) => [nCompleted, error]),
    [
      [0, "privacyThreshold needs privacy to be threshold, found groups"],
      [1, null],
    ],
  );
  assert.deepEqual(readdirSync(logDir), []);
});

test("a record says what was held to, and one of a version that had only a threshold is of that mode", () => {
  for (const given of [
    {},
    { groupSize: 9 },
    { groupSize: 1 },
    { groupScale: "range" },
    { privacy: "threshold" },
    { asPublished: true },
  ] as const) {
    const configuration = configure({ data: "x", ...given });
    const record = JSON.parse(JSON.stringify(recordedConfiguration(configuration)));
    assert.deepEqual(configurationOfRecord(record, {}, "summary"), configuration);
  }
  const { privacy, group_size, group_scale, ...earlier } = recordedConfiguration(
    configure({ data: "x", privacy: "threshold", privacyThreshold: 7 }),
  );
  assert.deepEqual(policyOf(configurationOfRecord(earlier, {}, "summary")), thresholdPolicy(7));
  const scaled = { ...earlier, group_scale: "std" };
  assert.deepEqual(policyOf(configurationOfRecord(scaled, {}, "summary")), thresholdPolicy(7));
});

test("groups of one and a threshold of one row are rows, both: the same hash and metrics of every algorithm", async (context) => {
  const settings = { data: PENGUINS, labelColumn: "species", kGlobal: 3, carrier: "inline" } as const;
  for (const algorithm of ["fkm", "lloyd", "best-lloyd", "k-fed"] as const) {
    for (const more of [{}, { pcaComponents: 2, randomState: 5 }]) {
      const outcome = async (policy: Partial<Configuration>) => {
        const logDir = temporaryFolder(context);
        const { runHash, metrics, metricsOfPoints } = await run({
          ...settings,
          algorithm,
          ...more,
          ...policy,
          logDir,
        });
        return { runHash, metrics, metricsOfPoints };
      };
      const rows = await outcome({ groupSize: 1 });
      assert.equal(rows.metricsOfPoints, null);
      assert.deepEqual(await outcome({ privacy: "threshold", privacyThreshold: 1 }), rows, algorithm);
      assert.notEqual((await outcome({})).runHash, rows.runHash);
    }
  }
});

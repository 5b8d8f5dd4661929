import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { run } from "#src/experiment/run.js";
import * as fk from "#src/index.js";
import { temporaryFolder } from "../support/temporary.js";

/** Rows about 0 and about 10; every seventh lacks its first value. */
function tableOf(site: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const at = i % 2 === 0 ? 0.25 : 10.25;
    const a = i % 7 === 3 ? "" : `${at + (i % 5)}`.replace(".", ",");
    return `${site};${a};${`${at - (i % 3)}`.replace(".", ",")};${i % 2 === 0 ? "low" : "high"};note ${i}`;
  });
}

const HEADER = "site;a;b;kind;note";
const SETTINGS = { kGlobal: 2, labelColumn: "kind", dropColumns: ["note"], missing: "drop" } as const;

function dataOf(context: TestContext): { folder: string; file: string; logDir: string } {
  const folder = temporaryFolder(context);
  const [north, south] = [tableOf("North", 40), tableOf("South", 30)];
  writeFileSync(join(folder, "North.csv"), [HEADER, ...north].join("\n"));
  writeFileSync(join(folder, "South.csv"), [HEADER, ...south].join("\n"));
  const file = join(temporaryFolder(context), "all.csv");
  writeFileSync(file, [HEADER, ...north, ...south].join("\n"));
  return { folder, file, logDir: temporaryFolder(context) };
}

test("one file of all clients gives the run that a file each gives, on threads as inline", async (context) => {
  const { folder, file, logDir } = dataOf(context);
  const runs = [
    await run({ ...SETTINGS, data: folder, dropColumns: ["note", "site"], logDir, carrier: "inline" }),
    await run({ ...SETTINGS, data: file, clientColumn: "site", logDir, carrier: "inline" }),
    await run({ ...SETTINGS, data: file, clientColumn: "site", logDir, threads: 2 }),
  ];
  for (const result of runs) {
    assert.equal(result.runHash, runs[0].runHash);
    assert.equal(result.metrics.adjustedRandIndex, 1);
    assert.deepEqual(result.labels, { columns: ["kind"], nClasses: 2, nClients: 2 });
    assert.match(result.notices[0], /^60 rows as 9 groups of 5 to 9 /);
    const ofFiles = result.notices.filter((text) => /decimal commas|missing values/.test(text));
    assert.deepEqual(ofFiles, [
      "numbers have decimal commas: 1,5 is read as 1.5",
      'client North: 6 of 40 rows are left out for missing values: 6 in column "a"',
      'client South: 4 of 30 rows are left out for missing values: 4 in column "a"',
    ]);
    const log = readFileSync(join(result.experimentDir, "client_logs", "client_North.log"), "utf8");
    assert.match(log, /notice: 6 of 40 rows are left out for missing values: 6 in column "a"\n/);
    const server = readFileSync(join(result.experimentDir, "server_logs", "server.log"), "utf8");
    assert.doesNotMatch(server, /left out/);
  }
});

test("a run without labels has none, and its report speaks of none", async (context) => {
  const { file, logDir } = dataOf(context);
  const settings = { ...SETTINGS, labelColumn: "none", dropColumns: ["note", "kind"], logDir };
  const result = await run({ ...settings, data: file, clientColumn: "site", carrier: "inline" });
  assert.deepEqual([result.labels, result.metrics.adjustedRandIndex], [null, null]);
});

test("data that was loaded keeps how it is read, for its rows and for a run", async (context) => {
  const { file, logDir } = dataOf(context);
  const data = await fk.load(file, { clientColumn: "site", labelColumn: "kind", columns: ["b"] });
  assert.deepEqual([data.featureNames, data.nSamples, data.missing], [["b"], 70, "refuse"]);
  assert.deepEqual((await fk.rows(data))[1], { client: "North", kind: "high", b: 9.25 });
  assert.deepEqual(data.notices, ["numbers have decimal commas: 1,5 is read as 1.5"]);
  const result = await fk.run({ data, kGlobal: 2, carrier: "inline", logDir });
  assert.deepEqual(result.featureNames, ["b"]);
});

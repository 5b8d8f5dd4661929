import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { writeNpy } from "#src/directory/npy.js";
import { makeState } from "#src/federation/client/make-state.js";
import { merged } from "#src/federation/client/points.js";
import { readState } from "#src/federation/client/state-file.js";
import { openState } from "#src/federation/client/state-folder.js";
import { randomStream } from "#src/numerics/random.js";
import { groupsPolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { FUZZ_SEED, fuzzCases } from "../../support/fuzz.js";
import { drawRows, fewestRows } from "../../support/site.js";
import { GROUPS, partition, stateOf } from "../../support/state.js";
import { TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

const ROWS = drawRows(21, 80);

test("a state is its owner's alone, and says nothing of a single row", async (context) => {
  const folder = join(temporaryFolder(context), "deep", "state");
  await stateOf(folder, partition(ROWS.slice(0, 40)));
  assert.deepEqual(readdirSync(folder), ["state.json"]);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, "state.json")).mode & 0o777, 0o600);
  const text = readFileSync(join(folder, "state.json"), "utf8");
  for (const value of ROWS.flat()) assert.ok(!text.includes(String(value)));
  // The same rows under another secret are other hashes.
  const other = join(temporaryFolder(context), "state");
  const state = await stateOf(other, partition(ROWS.slice(0, 40)));
  const [{ rows }] = state.groups().groups;
  for (const hash of rows) assert.ok(!text.includes(hash));
});

test("columns are dealt by the rows that are grouped first, for good", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  const rows = (count: number, factor: number) =>
    partition(drawRows(23, count).map(([x, y], i) => [i % 3, Math.round(factor * x) / 1000, y]));
  const dealing = () => readState(folder)!.dealing;
  const state = await stateOf(folder, rows(4, 0));
  assert.deepEqual([dealing(), state.groups().batches.length], [[2, 0, 1], 0]);
  await state.update(rows(40, 1));
  assert.deepEqual([dealing(), state.groups().batches.length], [[2, 1, 0], 1]);
  await state.update(rows(60, 0), { mayRetireMost: true });
  assert.deepEqual(dealing(), [2, 1, 0]);
});

test("the points of a run are fixed where it begins; what changes counts from the next", async (context) => {
  const state = await stateOf(join(temporaryFolder(context), "s"), partition(ROWS.slice(0, 40)));
  const load = (rows: typeof ROWS) => () => partition(rows);
  const first = await state.beginRun("one", load(ROWS.slice(0, 40)));
  assert.equal(
    first.weights!.reduce((sum, weight) => sum + weight),
    40,
  );
  const [group] = state.groups().groups;
  const change = await state.update(partition(ROWS.slice(1)), { groupSize: 7, wait: 7 });
  assert.ok(change.retired > 0 && change.merged > 0 && change.made > 0 && group.weight >= 5);
  assert.deepEqual(state.pointsOf("one"), first);
  // It has begun: no row is looked at any more.
  const again = await state.beginRun("one", () => assert.fail("no rows are read"));
  assert.deepEqual(again, first);
  const second = await state.beginRun("two", load(ROWS.slice(1)));
  assert.notDeepEqual(second, first);
  assert.ok(second.weights!.every((weight) => weight >= 7));
  assert.throws(() => state.pointsOf("three"), /no points of the run "three": it has not begun here/);
});

test("a run may be about some of the grouping columns, and about no others", async (context) => {
  const rows = drawRows(22, 40, 3);
  const folder = join(temporaryFolder(context), "s");
  const state = await stateOf(folder, partition(rows, ["a", "b", "c"]));
  const all = await state.beginRun("one", () => partition(rows, ["a", "b", "c"]));
  const some = state.pointsOf("one", ["c", "a"]);
  assert.deepEqual(some.columns, ["c", "a"]);
  assert.deepEqual([...some.points.data.subarray(0, 2)], [all.points.data[2], all.points.data[0]]);
  assert.deepEqual([...some.spreads!], [all.spreads![2], all.spreads![0]]);
  assert.throws(() => state.pointsOf("one", ["d"]), /columns must be among those .* \(a, b, c\), found d/);
  // Columns are found by name, whatever stands beside them.
  const moved = rows.map(([a, b, c], i) => [i, c, b, a]);
  assert.equal(state.changeBy(partition(moved, ["id", "c", "b", "a"])).retired, 0);
  assert.throws(
    () => state.changeBy(partition(moved, ["id", "c", "b", "A"])),
    /the rows have no column "a": .*\(a, b, c\)/,
  );
  assert.throws(() => state.changeBy(partition(moved)), /the rows have 4 columns, the groups of the state 3/);
});

test("a run may have larger groups than the state, for itself alone", async (context) => {
  const rows = partition(
    ROWS,
    null,
    ROWS.map((_, i) => "ab"[i % 2]),
  );
  const state = await stateOf(join(temporaryFolder(context), "s"), rows);
  const own = await state.beginRun("own", () => rows);
  const larger = await state.beginRun("larger", () => rows, { runGroupSize: 12 });
  assert.ok(own.groupSize === 5 && own.weights!.some((weight) => weight < 12));
  assert.ok(larger.groupSize === 12 && larger.weights!.every((weight) => weight >= 12));
  assert.deepEqual(larger, {
    ...merged(own, { groupSize: 12, groupScale: "std" }),
    columns: null,
    labelColumn: null,
    groupSize: 12,
  });
  assert.deepEqual(await state.beginRun("again", () => rows), own);
  const tooLarge = await state.beginRun("too large", () => rows, { runGroupSize: 81 });
  assert.deepEqual([tooLarge.points.nRows, state.groups().settings.groupSize], [0, 5]);
  await assert.rejects(
    state.beginRun("x".repeat(201), () => rows),
    /by 1 to 200 characters, found 201/,
  );
});

test("rows that were used in groups are not used under less protection", async (context) => {
  const state = await stateOf(join(temporaryFolder(context), "s"), partition(ROWS));
  state.checkPolicy(thresholdPolicy(2));
  await state.beginRun("r", () => partition(ROWS));
  state.checkPolicy(groupsPolicy(5));
  state.checkPolicy(groupsPolicy(6));
  assert.throws(
    () => state.checkPolicy(groupsPolicy(4)),
    /groupSize 4 protects rows less than the setting\sgroupSize 5/,
  );
  assert.throws(() => state.checkPolicy(thresholdPolicy(9)), {
    name: "UsageError",
    message: /privacy threshold protects rows less than/,
  });
  const ofRows = await stateOf(join(temporaryFolder(context), "rows"), partition(ROWS), { groupSize: 1 });
  await ofRows.beginRun("r", () => partition(ROWS));
  ofRows.checkPolicy(thresholdPolicy(2));
});

test("the same numbers are the same rows, whatever the format of the file", async (context) => {
  const folder = temporaryFolder(context);
  const load = (path: string, options: object = {}) =>
    createPartitionLoader()({
      client: "p",
      path,
      table: { ...TABLE_DEFAULTS, ...options },
      clientColumn: null,
    });
  const columns = ["a", "b", "c"];
  const parquet = await load(join("test", "data", "formats", "parquet", "snappy.parquet"), {
    columns,
    missing: "drop",
  });
  const { data, nRows } = parquet.rows;
  const lines = Array.from({ length: nRows }, (_, i) => data.slice(3 * i, 3 * i + 3).join(","));
  writeFileSync(join(folder, "p.csv"), `${columns.join(",")}\n${lines.toReversed().join("\n")}\n`);
  // With a 0 of the other sign.
  const npy = writeNpy({ shape: [nRows, 3], data: data.map((x) => (x === 0 ? -0 : x)) });
  writeFileSync(join(folder, "p.npy"), npy);
  const state = await stateOf(join(folder, "s"), parquet, { groupSize: 4 });
  const before = state.groups();
  for (const file of ["p.csv", "p.npy"]) {
    const { retired, waiting } = await state.update(await load(join(folder, file)));
    assert.deepEqual([file, retired, waiting], [file, 0, 0]);
    assert.deepEqual(state.groups(), before);
  }
});

test("a state is made once, in a folder of its own", async (context) => {
  const folder = temporaryFolder(context);
  const rows = partition(ROWS);
  await makeState(join(folder, "s"), rows, GROUPS);
  const text = readFileSync(join(folder, "s", "state.json"), "utf8");
  await assert.rejects(makeState(join(folder, "s"), rows, GROUPS), /stateDir .* has a state already/);
  assert.equal(readFileSync(join(folder, "s", "state.json"), "utf8"), text);
  writeFileSync(join(folder, "mine.txt"), "");
  await assert.rejects(
    makeState(folder, rows, GROUPS),
    /must be a new or an empty folder, found "(mine.txt|s)"/,
  );
  assert.throws(
    () => openState(folder),
    /state\.json: no such file: make a state first, with fedkmeans groups/,
  );
  await assert.rejects(makeState(join(folder, "mine.txt"), rows, GROUPS), /^RunError: .*mine\.txt/);
  assert.deepEqual(readdirSync(folder).sort(), ["mine.txt", "s"]);
});

test("a torn, changed or foreign state is refused in one line, and left as it is", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  await stateOf(folder, partition(ROWS));
  const file = join(folder, "state.json");
  const whole = readFileSync(file, "utf8");
  const [header, body] = whole.split("\n");
  const cases: [string, RegExp][] = [
    ["", /no state of a client's groups$/],
    ["{}", /no state of a client's groups$/],
    [
      '{"what":"fedkmeans state","format":1}\n{}\n',
      /written by another version of fedkmeans: format 2 expected/,
    ],
    [whole.slice(0, -1), /not as it was written: torn or changed/],
    [whole.slice(0, whole.length / 2), /not as it was written/],
    [`${header}\n${body.replace('"weight":5', '"weight":6')}\n`, /not as it was written/],
    [`${whole}more\n`, /not as it was written/],
    [`${header}\n{}\n`, /not as it was written/],
  ];
  for (const [text, message] of cases) {
    writeFileSync(file, text);
    for (const act of [() => openState(folder), () => openState(folder).changeBy(partition(ROWS))]) {
      assert.throws(act, { name: "RunError", message });
    }
    await assert.rejects(makeState(folder, partition(ROWS), GROUPS), /has a state already/);
    assert.equal(readFileSync(file, "utf8"), text);
  }
  const bytes = Buffer.from(whole);
  const random = randomStream(FUZZ_SEED, "damage");
  for (let i = 0; i < fuzzCases(100); i++) {
    const damaged = Buffer.from(bytes);
    damaged[Math.floor(bytes.length * random.uniform())] ^= 1 << Math.floor(7 * random.uniform());
    writeFileSync(file, damaged);
    assert.throws(() => openState(folder), { name: "RunError" });
  }
  truncateSync(file, 2 ** 28 + 1);
  assert.throws(() => openState(folder), /state\.json: cannot be read: more than 268435456 bytes/);
  const folders = join(temporaryFolder(context), "s");
  mkdirSync(join(folders, "state.json"), { recursive: true });
  assert.throws(() => openState(folders), /state\.json: cannot be read: no regular file but a folder/);
});

/** Runs a program in another process, which has `state` open and rows to begin runs with. */
function elsewhere(folder: string, program: string): Promise<string> {
  const source = `
const { openState } = require(${JSON.stringify(require.resolve("#src/federation/client/state-folder.js"))});
const { drawRows } = require(${JSON.stringify(require.resolve("../../support/site.js"))});
const { partition } = require(${JSON.stringify(require.resolve("../../support/state.js"))});
const state = openState(${JSON.stringify(folder)});
const rows = drawRows(21, 200);
(async () => { ${program} })();`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.on("close", (code) => (code === 0 ? resolve(output) : reject(new Error(errors))));
  });
}

test("a client that is a new process for each message has the same points in each", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  const state = await stateOf(folder, partition(ROWS.slice(0, 60)));
  const show = "process.stdout.write(JSON.stringify(Array.from(points.points.data)))";
  const begun = await elsewhere(
    folder,
    `const points = await state.beginRun("r", () => partition(rows.slice(0, 60))); ${show}`,
  );
  await state.update(partition(ROWS.slice(1)));
  const message = `const points = state.pointsOf("r"); ${show}`;
  assert.deepEqual(await Promise.all([elsewhere(folder, message), elsewhere(folder, message)]), [
    begun,
    begun,
  ]);
  assert.equal(JSON.parse(begun).length, 2 * state.pointsOf("r").points.nRows);
});

test("processes that begin runs at once, with other rows each, make one partition", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  const state = await stateOf(folder, partition(ROWS.slice(0, 20)));
  const first = state.groups().groups.map(({ rows }) => rows);
  const begin = (i: number) =>
    `await state.beginRun("r${i}", () => partition(rows.slice(0, ${60 + 20 * i})), { wait: 5, mayRetireMost: true });
     process.stdout.write(JSON.stringify(state.groups().groups.map((group) => group.rows)));`;
  const seen = await Promise.all([0, 1, 2, 3, 4].map((i) => elsewhere(folder, begin(i))));
  const groups = seen.flatMap((text) => JSON.parse(text) as string[][]);
  const last = state.groups().groups.map(({ rows }) => rows);
  assert.ok(last.length > 4);
  const released = [...first, ...groups, ...last].filter((rows) => rows.length > 0);
  assert.ok(fewestRows(released) >= 5);
  for (let i = 0; i < 5; i++) assert.ok(state.pointsOf(`r${i}`).points.nRows >= 1);
  assert.deepEqual(readdirSync(folder), ["state.json"]);
});

test("a copy of a state is a state: an older one cannot be told, a folder that cannot be written says so", async (context) => {
  const folder = temporaryFolder(context);
  await stateOf(join(folder, "s"), partition(ROWS.slice(0, 40)));
  cpSync(join(folder, "s"), join(folder, "backup"), { recursive: true });
  assert.deepEqual(openState(join(folder, "backup")).groups(), openState(join(folder, "s")).groups());
  if (process.getuid?.() === 0) return;
  chmodSync(join(folder, "s"), 0o500);
  await assert.rejects(
    openState(join(folder, "s")).update(partition(ROWS)),
    /cannot write .*permission denied/,
  );
  chmodSync(join(folder, "s"), 0o700);
});

test("the rows of a run are those its points stand for, whatever comes or goes since", async (context) => {
  const rows = partition(ROWS);
  const state = await stateOf(join(temporaryFolder(context), "s"), rows);
  const points = await state.beginRun("run", () => rows);
  const { rows: all, leftOut } = state.rowsOf("run", rows);
  assert.deepEqual([all, leftOut], [rows.rows, []]);
  // A row leaves, and so does its group; others come first, and are grouped among themselves.
  const others = drawRows(77, 40);
  const later = partition([...others, ...ROWS.slice(1)]);
  await state.update(later);
  assert.ok((await state.beginRun("next", () => later)).points.nRows > points.points.nRows);
  const held = state.rowsOf("run", later);
  const gone = ROWS.length - held.rows.nRows;
  assert.ok(gone >= 5 && gone <= 9, `${gone} rows`);
  assert.deepEqual(held.leftOut.slice(0, 40), [...others.keys()]);
  assert.equal(held.leftOut.length, 40 + gone - 1);
  const isLeft = new Set(held.leftOut);
  const kept = [...others, ...ROWS.slice(1)].filter((_, i) => !isLeft.has(i));
  assert.deepEqual([...held.rows.data], kept.flat());
  assert.throws(() => state.rowsOf("none", later), /it has not begun here/);
});

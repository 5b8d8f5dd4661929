import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openState } from "#src/federation/client/state-folder.js";
import { fedkmeans } from "../support/command.js";
import { drawRows, type Row } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

const ROWS = drawRows(51, 60);

const csv = (rows: readonly Row[]) =>
  ["a,b,ward", ...rows.map(([a, b], i) => `${a},${b},${i % 3 === 0 ? "N" : "S"}`), ""].join("\n");

/** A folder with a client's file of 40 rows, and its state of these. */
function folderOf(context: TestContext) {
  const cwd = temporaryFolder(context);
  const groups = (...args: string[]) => fedkmeans(["groups", ...args, "--state-dir", "s"], { cwd });
  const bring = (rows: readonly Row[]) => writeFileSync(join(cwd, "rows.csv"), csv(rows));
  const points = (...args: string[]) => {
    const { status, stdout, stderr } = groups(...args, "--points", "-");
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
  bring(ROWS.slice(0, 40));
  assert.equal(groups("rows.csv", "--label-column", "ward").status, 0);
  return { cwd, groups, points, bring, state: () => readFileSync(join(cwd, "s", "state.json"), "utf8") };
}

test("points of a run are those of the state, bit by bit, in an order that tells nothing of groups", (context) => {
  const { cwd, points } = folderOf(context);
  const first = points("rows.csv", "--run", "r");
  assert.deepEqual(Object.keys(first), [
    "schema_version",
    "run",
    "group_size",
    "feature_names",
    "points",
    "weights",
    "spreads",
    "label_column",
    "classes",
    "label_counts",
  ]);
  const { points: own, weights, spreads, columns, groupSize } = openState(join(cwd, "s")).pointsOf("r");
  assert.deepEqual([first.run, first.group_size, first.feature_names], ["r", groupSize, columns]);
  const key = (row: readonly number[], weight: number) => `${row.join(" ")} of ${weight}`;
  const stored = Array.from(weights!, (weight, i) => key([...own.data.subarray(2 * i, 2 * i + 2)], weight));
  assert.deepEqual(
    first.points.map((row: number[], i: number) => key(row, first.weights[i])).sort(),
    stored.sort(),
  );
  assert.deepEqual(first.spreads, [...spreads!]);
  const firsts = first.points.map(([a]: number[]) => a);
  assert.deepEqual(
    firsts,
    [...firsts].sort((a, b) => a - b),
  );
  // Labels are the owner's to share.
  assert.deepEqual([first.label_column, first.classes, first.label_counts], [null, null, null]);
});

test("points of a run stay as they were at its beginning, whatever rows come, and without the file", (context) => {
  const { points, bring, state, groups } = folderOf(context);
  const first = points("rows.csv", "--run", "r");
  bring(ROWS.slice(3));
  const before = state();
  assert.deepEqual(points("rows.csv", "--run", "r"), first);
  assert.deepEqual(points("--run", "r"), first);
  assert.equal(state(), before);
  const next = points("rows.csv", "--run", "next");
  assert.notDeepEqual(next.points, first.points);
  assert.deepEqual(points("--run", "r"), first);
  const { status, stderr } = groups("--run", "never", "--points", "-");
  assert.deepEqual([status, /no points of the run "never"/.test(stderr)], [1, true]);
});

test("labels are counts of the rows behind points, and a server's larger groups are of the run alone", (context) => {
  const { points } = folderOf(context);
  const shared = points("rows.csv", "--run", "r", "--share-labels");
  assert.equal(shared.label_column, "ward");
  assert.deepEqual([...shared.classes].sort(), ["N", "S"]);
  const sums = shared.label_counts.map((counts: number[]) => counts.reduce((sum, count) => sum + count, 0));
  assert.deepEqual(sums, shared.weights);
  const total = (c: string) =>
    shared.label_counts.reduce((sum: number, row: number[]) => sum + row[shared.classes.indexOf(c)], 0);
  assert.deepEqual([total("N"), total("S")], [14, 26]);
  const larger = points("rows.csv", "--run", "larger", "--run-group-size", "9");
  assert.equal(larger.group_size, 9);
  assert.ok(larger.weights.every((weight: number) => weight >= 9));
  assert.equal(points("--run", "larger", "--run-group-size", "5").group_size, 9);
  assert.equal(points("rows.csv", "--run", "after").group_size, 5);
});

test("a file of points is its owner's alone; what does not go together is refused and nothing is written", (context) => {
  const { cwd, groups, state } = folderOf(context);
  const { status, stdout, stderr } = groups("rows.csv", "--run", "r", "--points", "p.json");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^p\.json: \d+ points of 40 rows\n$/);
  assert.equal(statSync(join(cwd, "p.json")).mode & 0o777, 0o600);
  const before = state();
  for (const [args, message] of [
    [["--points", "q.json"], /^fedkmeans: --points needs --run\n$/],
    [["rows.csv", "--run", "q"], /^fedkmeans: --run needs --points\n$/],
    [
      ["rows.csv", "--run", "q", "--points", "q.json", "--group-size", "9"],
      /--group-size does not go with --run/,
    ],
    [["rows.csv", "--run", "q", "--points", "q.json", "--dry-run"], /--dry-run does not go with --run/],
    [["rows.csv", "--run", "q", "--points", "-", "--json"], /--json does not go with --run/],
  ] as const) {
    const refused = groups(...args);
    assert.deepEqual([refused.status, refused.stdout], [2, ""]);
    assert.match(refused.stderr, message);
  }
  assert.equal(state(), before);
  assert.ok(!existsSync(join(cwd, "q.json")));
});

test("a run from whose points rare rows could be proven does not begin unless its owner lets it", (context) => {
  const { cwd } = folderOf(context);
  const rows = Array.from({ length: 30 }, (_, i) => `${i < 3 ? 1 : 0},0,0`);
  writeFileSync(join(cwd, "yes.csv"), `x,y,z\n${rows.join("\n")}\n`);
  const yes = (...args: string[]) => fedkmeans(["groups", "yes.csv", ...args, "--state-dir", "yes"], { cwd });
  assert.equal(yes().status, 0);
  const refused = yes("--run", "r", "--points", "p.json");
  assert.deepEqual([refused.status, refused.stdout], [1, ""]);
  assert.match(refused.stderr, /accept it with --allow-proven/);
  assert.ok(!existsSync(join(cwd, "p.json")));
  assert.equal(yes("--run", "r", "--points", "p.json", "--allow-proven").status, 0);
});

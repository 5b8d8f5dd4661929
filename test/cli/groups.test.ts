import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { fedkmeans } from "../support/command.js";
import { drawRows, type Row } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

const ROWS = drawRows(50, 60);

const csv = (rows: readonly Row[]) =>
  ["id,a,b,ward", ...rows.map(([a, b], i) => `${i},${a},${b},${i % 3 === 0 ? "N" : "S"}`), ""].join("\n");

/** A folder with a client's file and, unless told, its state of the first 40 rows. */
function folderOf(context: TestContext, isMade = true): (args: string[], rows?: readonly Row[]) => Outcome {
  const cwd = temporaryFolder(context);
  const bring = (args: string[], rows?: readonly Row[]) => {
    if (rows !== undefined) writeFileSync(join(cwd, "rows.csv"), csv(rows));
    const { status, stdout, stderr } = fedkmeans(["groups", ...args, "--state-dir", "s"], { cwd });
    const file = join(cwd, "s", "state.json");
    return { status, stdout, stderr, cwd, state: existsSync(file) ? readFileSync(file, "utf8") : null };
  };
  if (isMade) {
    const columns = ["--drop-columns", "id", "--label-column", "ward"];
    const { status, stderr } = bring(["rows.csv", ...columns], ROWS.slice(0, 40));
    assert.equal(status, 0, stderr);
  }
  return bring;
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cwd: string;
  readonly state: string | null;
}

test("groups makes a state, shows it, and says what a later file changes: in counts and names, never a value", (context) => {
  const bring = folderOf(context);
  const shown = bring([]);
  assert.match(
    shown.stdout,
    /^columns {2}a, b\ngroups {3}\d+ of 5 to \d rows, 40 rows in all \(--group-size 5, --group-scale std\)\nwaiting {2}0 rows; from 20 on they are grouped \(--wait\)\nretired {2}0 rows, .*\n$/,
  );
  // One row leaves and three come; the grouping columns and the labels are those of the state.
  const dry = bring(["rows.csv", "--dry-run"], ROWS.slice(1, 43));
  assert.equal(dry.state, shown.state);
  assert.match(
    dry.stdout,
    /^1 group retired for good, as 1 row of it is gone\n\n[\s\S]*waiting {2}3 rows;[\s\S]*s: not stored \(--dry-run\)\n$/,
  );
  assert.match(
    dry.stderr,
    /^note: 1 row of groups gone and 3 rows new: if these are the same rows in another unit .* gives rows away: then do not store it\n$/,
  );
  const stored = bring(["rows.csv"]);
  assert.match(
    stored.stderr,
    /gives rows away: then put the folder back from a backup before any run begins; --dry-run says/,
  );
  assert.equal(stored.stdout, dry.stdout.replace("not stored (--dry-run)", "stored"));
  assert.notEqual(stored.state, shown.state);
  const grown = JSON.parse(bring(["rows.csv", "--json"], ROWS.slice(1)).stdout);
  assert.deepEqual(
    [
      grown.group_size,
      grown.waiting_rows,
      grown.change.made_groups > 1,
      grown.change.grouped_rows,
      grown.change.stored,
    ],
    [5, 0, true, 20, true],
  );
  assert.equal(grown.rows, 60 - grown.retired_rows);
  const merged = JSON.parse(bring(["rows.csv", "--json", "--group-size", "9"]).stdout);
  assert.ok(merged.smallest_group >= 9 && merged.change.merged_groups === grown.groups);
  for (const { stdout, stderr, state } of [shown, dry, stored]) {
    for (const value of ROWS.flat()) assert.ok(!`${stdout}${stderr}${state}`.includes(String(value)));
  }
});

test("an array without names is looked up by the order of its columns", (context) => {
  const bring = folderOf(context);
  const { cwd } = bring([]);
  const rows = writeNpy({ shape: [40, 2], data: Float64Array.from(ROWS.slice(0, 40).flat()) });
  writeFileSync(join(cwd, "rows.npy"), rows);
  const { status, stdout } = bring(["rows.npy"]);
  assert.deepEqual([status, stdout.split("\n")[0]], [0, "no group changed"]);
});

test("rows with a missing value leave before they are grouped, where the owner says so", (context) => {
  const bring = folderOf(context, false);
  const { cwd } = bring([]);
  writeFileSync(join(cwd, "rows.csv"), csv(ROWS).replace(`\n3,${ROWS[3][0]},`, "\n3,,"));
  const args = ["rows.csv", "--drop-columns", "id,ward"];
  assert.match(bring(args).stderr, /a missing value; 1 of 60 rows has one: .*--missing drop\n$/);
  assert.deepEqual(readdirSync(cwd), ["rows.csv"]);
  const { stdout, stderr } = bring([...args, "--missing", "drop"]);
  assert.match(stdout, /59 rows in all/);
  assert.match(stderr, /1 of 60 rows is left out/);
});

test("too few rows make no group; fewer than two groups' worth make their mean; both are said", (context) => {
  const bring = folderOf(context, false);
  const args = ["rows.csv", "--drop-columns", "id,ward"];
  const few = bring(args, ROWS.slice(0, 4));
  assert.match(few.stdout, /groups {3}none \(--group-size 5/);
  assert.match(few.stdout, /waiting {2}4 rows; from 5 on they are grouped \(--group-size\)/);
  assert.match(few.stderr, /no group of 5 rows: the client takes part with nothing/);
  assert.match(bring(args, ROWS.slice(0, 9)).stderr, /the one point of the 9 rows is their mean/);
});

test("a group size that no rows were grouped by may become smaller, as nothing is known of them", (context) => {
  const bring = folderOf(context, false);
  const args = ["rows.csv", "--drop-columns", "id,ward"];
  const mistyped = bring([...args, "--group-size", "50"], ROWS.slice(0, 15));
  assert.match(mistyped.stdout, /groups {3}none [\s\S]*waiting {2}15 rows; from 50 on they are grouped/);
  const mended = bring(["rows.csv", "--group-size", "5"]);
  assert.match(mended.stdout, /^\d groups? made of 15 rows\n[\s\S]*15 rows in all \(--group-size 5, /);
  const smaller = bring(["rows.csv", "--group-size", "4"]);
  assert.match(smaller.stderr, /--group-size must be at least 5, that of the state, found 4/);
  // All rows leave: that there were groups is not forgotten.
  assert.equal(bring(["rows.csv", "--allow-retiring"], ROWS.slice(15, 18)).status, 0);
  assert.equal(bring(["rows.csv", "--group-size", "4"]).status, 2);
});

test("preview shows what a run with the state would get: its groups, the rows that wait, and those that are retired", (context) => {
  const bring = folderOf(context);
  const { cwd, state } = bring(["--json"]);
  writeFileSync(join(cwd, "rows.csv"), csv(ROWS.slice(1, 43)));
  const { groups, rows, retired_rows } = JSON.parse(bring(["rows.csv", "--dry-run", "--json"]).stdout);
  const preview = (...args: string[]) =>
    fedkmeans(["preview", "rows.csv", "--state-dir", "s", ...args], { cwd });
  const { stdout, status } = preview();
  assert.equal(status, 0);
  assert.match(stdout, new RegExp(`mean and number of rows of ${groups} groups of 5 to \\d`));
  assert.match(stdout, new RegExp(`^[ab] +\\d+ of \\d+ \\(\\d+ %\\) +\\d+ of ${rows} `, "m"));
  assert.match(stdout, new RegExp(`^Accuracy.*: ${rows} rows / `, "m"));
  assert.doesNotMatch(stdout, /^id /m);
  // Three new ones; and what is left of the group of which one is gone.
  assert.match(stdout, /^Would wait: 3 rows, of which nothing would leave\.$/m);
  assert.match(
    stdout,
    new RegExp(`^Retired: ${retired_rows - 1} rows, of groups of which a row is gone;`, "m"),
  );
  assert.equal(rows + 3 + retired_rows - 1, 42);
  assert.match(preview("--group-size", "6").stderr, /--group-size must be 5, that of the state, found 6/);
  assert.match(preview("--columns", "a").stderr, /--columns a: the rows of the state are grouped by a,b;/);
  assert.equal(bring([]).state, state);
});

const REFUSED: Record<string, { args: string[]; rows?: readonly Row[]; status: number; message: RegExp }> = {
  "a smaller group": {
    args: ["rows.csv", "--group-size", "4"],
    status: 2,
    message: /--group-size must be at least 5, that of the state, found 4/,
  },
  "another scale": {
    args: ["rows.csv", "--group-scale", "range"],
    status: 2,
    message: /--group-scale must be std/,
  },
  "a larger group than there are rows": {
    args: ["rows.csv", "--group-size", "41"],
    status: 2,
    message: /must be at most 40, the rows in groups of the state, found 41/,
  },
  "too short a wait": {
    args: ["rows.csv", "--wait", "4"],
    status: 2,
    message: /--wait must be at least --group-size 5, found 4/,
  },
  "fewer columns": {
    args: ["rows.csv", "--columns", "a"],
    status: 2,
    message: /--columns a: the rows of the state are grouped by a,b;/,
  },
  "a column dropped": {
    args: ["rows.csv", "--drop-columns", "b"],
    status: 2,
    message: /--drop-columns b: the rows of the state are grouped by a,b;/,
  },
  "another file": {
    args: ["rows.csv"],
    rows: drawRows(51, 40),
    status: 1,
    message: /groups would be retired for good, .* --allow-retiring retires them$/,
  },
  "a folder": { args: ["."], status: 2, message: /the file of one client expected, found a folder/ },
  "no such file": { args: ["nowhere.csv"], status: 2, message: /nowhere\.csv: no such file or folder/ },
  "a group of none": {
    args: ["rows.csv", "--group-size", "0"],
    status: 2,
    message: /--group-size must be an integer of at least 1, found 0/,
  },
};

test("what would be another partition is refused in one line, and the state stays", (context) => {
  const bring = folderOf(context);
  const { state } = bring([]);
  for (const [what, { args, rows, status, message }] of Object.entries(REFUSED)) {
    const outcome = bring(args, rows ?? ROWS.slice(0, 40));
    assert.match(outcome.stderr, /^fedkmeans: [^\n]{10,500}\n$/, what);
    assert.match(outcome.stderr.trimEnd(), message);
    assert.deepEqual([outcome.status, outcome.stdout, outcome.state], [status, "", state], what);
    assert.deepEqual(readdirSync(join(outcome.cwd, "s")), ["state.json"]);
  }
  const { status, stdout } = bring(["rows.csv", "--allow-retiring"], drawRows(51, 40));
  assert.match(
    stdout,
    /^\d+ groups retired for good, as 40 rows of them are gone\n\d+ groups made of 40 rows\n/,
  );
  assert.equal(status, 0);
});

test("a folder of something else, or without a state, is refused", (context) => {
  const bring = folderOf(context, false);
  const none = bring([]);
  assert.match(
    none.stderr,
    /s.state\.json: no such file: make a state first, with fedkmeans groups DATA --state-dir s\n$/,
  );
  assert.equal(none.status, 1);
  writeFileSync(join(none.cwd, "rows.csv"), csv(ROWS));
  const args = ["groups", "rows.csv", "--drop-columns", "id,ward", "--state-dir", "."];
  const { status, stderr } = fedkmeans(args, { cwd: none.cwd });
  assert.match(
    stderr,
    /^fedkmeans: --state-dir must be a new or an empty folder, found "rows\.csv" in \.\n$/,
  );
  assert.equal(status, 2);
  assert.deepEqual(readdirSync(none.cwd), ["rows.csv"]);
});

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { ask, budgetRows, mu2Of } from "../support/budget.js";
import { fedkmeans } from "../support/command.js";
import { drawRows } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

const ROWS = drawRows(50, 40);
const LIMITS = ["--epsilon-limit", "1", "--delta", "1e-6"];

test("budget makes a budget once, shows what runs have spent of it, and what is left to the rows of a file", (context) => {
  const cwd = temporaryFolder(context);
  const budget = (...args: string[]) => fedkmeans(["budget", ...args, "--state-dir", "s"], { cwd });
  const refused = (status: number, message: RegExp, ...args: string[]) => {
    const found = budget(...args);
    assert.deepEqual([found.status, found.stdout], [status, ""]);
    assert.match(found.stderr, message);
    assert.equal(found.stderr.split("\n").length, 2, "one line");
  };
  refused(
    1,
    /s\/budget\.json: no such file: make a budget first, with fedkmeans budget --state-dir s --epsilon-limit E/,
  );
  refused(2, /--delta needs --epsilon-limit: a budget has both/, "--delta", "1e-6");
  refused(2, /--epsilon-limit must be .*above 0, found 0/, "--epsilon-limit", "0", "--delta", "1e-6");
  assert.deepEqual(readdirSync(cwd), []);
  assert.equal(
    budget(...LIMITS).stdout,
    "limit    epsilon 1 (--epsilon-limit) at delta 0.000001 (--delta), of all runs together\n" +
      "columns  those of the first rows that spend\nspent    nothing\nruns     none\ns: made\n",
  );
  assert.match(budget(...LIMITS).stdout, /s: is there already, and stays as it is\n$/);
  refused(
    2,
    /--epsilon-limit 2: the budget in s was made with 1, for good/,
    "--epsilon-limit",
    "2",
    "--delta",
    "1e-6",
  );
  refused(2, /--delta 1e-7: the budget in s was made with 0\.000001, for good/, ...LIMITS, "--delta", "1e-7");

  const rows = budgetRows(ROWS, ["a", "b"]);
  const folder = openBudget(join(cwd, "s"));
  ask(folder, rows, 0.5, { run: "first", questions: 2 });
  ask(folder, rows, 0.5, { run: "first", questions: 2, question: 1 });
  ask(folder, budgetRows(ROWS.slice(0, 3), ["a", "b"]), 0.2, { run: "few" });
  const shown = budget().stdout.split("\n");
  assert.match(shown[1], /^columns {2}a, b$/);
  assert.match(shown[2], /^spent {4}3 different rows: epsilon 0\.54\d+$/);
  assert.deepEqual(shown.slice(3), [
    "         37 different rows: epsilon 0.5",
    "runs     first: epsilon 0.5, 2 of 2 questions answered, and kept",
    "         few: epsilon 0.2, 1 of 1 question answered, and kept",
    "",
  ]);

  const line = (row: readonly number[], i: number) => `${i},${row.join(",")},${i % 2 === 0 ? "N" : "S"}`;
  const csv = (of: typeof ROWS) => ["id,a,b,ward", ...of.map(line), ""].join("\n");
  const npy = (of: typeof ROWS) => writeNpy({ shape: [of.length, 2], data: Float32Array.from(of.flat()) });
  writeFileSync(join(cwd, "all.csv"), csv(ROWS.toReversed()));
  writeFileSync(join(cwd, "all.npy"), npy(ROWS));
  writeFileSync(join(cwd, "late.npy"), npy(ROWS.slice(3)));
  writeFileSync(join(cwd, "new.csv"), csv(drawRows(51, 9)));
  const all = /^limit .*\nspent {4}epsilon 0\.54\d+ by these 40 rows\nleft {5}a run of epsilon 0\.8\d+\n$/;
  for (const file of ["all.csv", "all.npy"]) assert.match(budget(file).stdout, all, file);
  assert.match(budget("late.npy").stdout, /\nspent {4}epsilon 0\.5 by these 37 rows\n/);
  assert.match(budget("new.csv").stdout, /\nspent {4}nothing by these 9 rows\nleft {5}a run of epsilon 1\n$/);
  refused(1, /the rows have a column "ward"|the rows have a column "id"/, "all.csv", "--columns", "a,b,id");
  refused(1, /the rows have no column "b"/, "all.csv", "--columns", "a");
  mkdirSync(join(cwd, "files"));
  refused(2, /files: the file of one client expected, found a folder/, "files");

  const { data, spent, runs } = JSON.parse(budget("all.csv", "--json").stdout);
  assert.equal(data.mu_squared, mu2Of(0.5) + mu2Of(0.2));
  assert.equal(data.rows, 40);
  assert.deepEqual(
    spent.map(({ different_rows }: { different_rows: number }) => different_rows),
    [3, 37],
  );
  assert.deepEqual(
    runs.map(({ run, answered }: { run: string; answered: number }) => [run, answered]),
    [
      ["first", 2],
      ["few", 1],
    ],
  );
  const text = readFileSync(join(cwd, "s", "budget.json"), "utf8");
  for (const value of ROWS.flat()) assert.ok(!`${text}${shown.join()}`.includes(String(value)));
});

test("a folder of the budgets of a simulation's clients is no budget, and says where they are", (context) => {
  const cwd = temporaryFolder(context);
  makeBudget(join(cwd, "states", "client_a"), { epsilonLimit: 1, delta: 1e-6 });
  makeBudget(join(cwd, "states", "client_b"), { epsilonLimit: 1, delta: 1e-6 });
  const { status, stdout, stderr } = fedkmeans(["budget", "--state-dir", "states"], { cwd });
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(
    stderr,
    /^fedkmeans: states has 2 budgets of a simulation's clients, one a folder: look at states.client_a\n$/,
  );
  assert.equal(fedkmeans(["budget", "--state-dir", join("states", "client_a")], { cwd }).status, 0);
});

test("budget stands beside the groups of the same rows, and says what has left under them", (context) => {
  const cwd = temporaryFolder(context);
  writeFileSync(join(cwd, "rows.csv"), ["a,b", ...ROWS.map(String), ""].join("\n"));
  const groups = (...args: string[]) =>
    fedkmeans(["groups", "rows.csv", "--state-dir", "s", ...args], { cwd });
  assert.equal(groups().status, 0);
  assert.equal(groups("--run", "r", "--points", "points.json").status, 0);
  const { status, stderr } = fedkmeans(["budget", "--state-dir", "s", ...LIMITS], { cwd });
  assert.equal(status, 0);
  assert.match(
    stderr,
    /^note: points of its rows have been used in 1 run under --privacy groups: --privacy dp protects only/,
  );
  ask(openBudget(join(cwd, "s")), budgetRows(ROWS, ["a", "b"]), 0.5);
  const after = groups("--run", "s", "--points", "more.json");
  assert.deepEqual([after.status, after.stdout], [2, ""]);
  assert.match(
    after.stderr,
    /--privacy groups protects rows less than --privacy dp, under which they have been used: s\n$/,
  );
});

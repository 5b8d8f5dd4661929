import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const FILE = `[fedkmeans]
data = ${JSON.stringify(resolve("data/penguins"))}
label-column = "species"
privacy = "dp"
epsilon = 0.1
declared-rows = 340
bounds = "bounds.csv"
video = true
`;

test("a dry run prints the plan and its warning, as text or JSON, and leaves nothing behind", (context) => {
  const cwd = temporaryFolder(context);
  writeFileSync(join(cwd, "private.toml"), FILE);
  writeFileSync(join(cwd, "bounds.csv"), "feature,low,high\nbill_length_mm,25,65\nbody_mass_g,2000,7000\n");
  const dry = (...args: string[]) =>
    fedkmeans(["run", "--config", "private.toml", "--dry-run", ...args], { cwd });
  const text = dry("--k-global", "5");
  assert.deepEqual([text.status, text.stderr], [0, ""]);
  assert.match(text.stdout, /^3 clients \(Biscoe, Dream, Torgersen\), 2 features, 5 clusters\n/);
  assert.match(
    text.stdout,
    /\ntoo small an epsilon for so few rows: .* enough would be --epsilon 0\.\d+, or \d+ rows/,
  );
  assert.match(text.stdout, /\nround 6 +5 +\d+\.\d % +0\.1 +\d+ +\d\.\d+\n/);
  assert.match(text.stdout, /\nbody_mass_g +2000 +7000 +\d+\n/);
  const told = JSON.parse(dry("--json").stdout);
  assert.equal(told.epsilon, 0.1);
  assert.ok(told.questions.length > 6 && told.questions[0].mean_error > 0 && told.features[0].mean_error > 0);
  for (const [args, message] of [
    [["--report"], /^fedkmeans: --dry-run makes nothing: leave --report out\n$/],
    [
      ["--privacy", "groups"],
      /^fedkmeans: epsilon in private\.toml needs --privacy to be dp, found groups\n$/,
    ],
  ] as [string[], RegExp][]) {
    const { status, stdout, stderr } = dry(...args);
    assert.match(stderr, message);
    assert.deepEqual([status, stdout], [2, ""]);
  }
  const { status, stderr } = fedkmeans(["run", "--data", resolve("data/penguins"), "--dry-run"], { cwd });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^fedkmeans: --dry-run tells of noise: it needs --privacy dp, found groups; .* preview shows\n$/,
  );
  assert.deepEqual(readdirSync(cwd).sort(), ["bounds.csv", "private.toml"]);
});

test("a run says what it is, and that noise outweighs rows, before it asks anything", (context) => {
  const cwd = temporaryFolder(context);
  writeFileSync(join(cwd, "private.toml"), FILE.replace("video = true", ""));
  writeFileSync(join(cwd, "bounds.csv"), "feature,low,high\nbill_length_mm,25,65\nbody_mass_g,2000,7000\n");
  const run = (...more: string[]) => fedkmeans(["run", "--config", "private.toml", ...more], { cwd });
  const { status, stderr } = run("--k-global", "5", "--max-iterations", "2");
  assert.equal(status, 0);
  const lines = stderr.trimEnd().split("\n");
  assert.match(lines[0], /^handshake: 3 clients, 342 rows, 2 features$/);
  assert.match(
    lines[1],
    /^note: epsilon 0\.1, delta 1e-6 for any single row, of 340 declared: each client answers \d /,
  );
  assert.match(
    lines[2],
    /^note: --max-iterations leaves out 4 of 6 planned rounds: the run spends epsilon 0\.0\d+,/,
  );
  assert.match(lines[3], /^note: too small an epsilon for so few rows: .* enough would be --epsilon 0\.\d+/);
  assert.match(lines[4], /^note: a simulation: .* its noise protects none of them/);
  assert.equal(lines[5], "normalization: by the bounds, without asking");
  assert.equal(lines[6], "round 0: start");
  const [name] = readdirSync(join(cwd, "logs"));
  const again = fedkmeans(["rerun", join("logs", name)], { cwd });
  assert.deepEqual([again.status, again.stdout], [1, ""]);
  assert.match(again.stderr, /^fedkmeans: .* cannot be run again: its clients answered with noise .*\n$/);
});

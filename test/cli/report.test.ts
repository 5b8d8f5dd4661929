import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = ["run", "--data", "data/penguins", "--label-column", "species"];

test("a run ends with its report, beside its directory, which is the one that the command makes of it", (context) => {
  const logs = temporaryFolder(context);
  const { stdout, status, stderr } = fedkmeans([...PENGUINS, "--log-dir", logs, "--report", "--json"]);
  assert.equal(status, 0, stderr);
  const { experiment_dir, report } = JSON.parse(stdout);
  assert.equal(report, `${experiment_dir}.html`);
  const again = join(logs, "again.html");
  assert.equal(fedkmeans(["report", experiment_dir, "--output", again]).stdout, `${again}\n`);
  assert.equal(readFileSync(again, "utf8"), readFileSync(report, "utf8"));
  assert.equal(fedkmeans(["verify", experiment_dir]).status, 0);
});

test("a title, a note and no rows; in Markdown; inside the directory it is part of what is verified", (context) => {
  const logs = temporaryFolder(context);
  const { experiment_dir } = JSON.parse(fedkmeans([...PENGUINS, "--log-dir", logs, "--json"]).stdout);
  const note = join(logs, "note.txt");
  writeFileSync(note, "# Aim\n\nTo <b>see</b>.\n\n- one\n- two\n");
  const output = join(experiment_dir, "report.md");
  const args = [
    "report",
    experiment_dir,
    "--title",
    "Three islands",
    "--note",
    note,
    "--no-rows",
    "--output",
    output,
  ];
  assert.equal(fedkmeans(args).status, 0);
  const text = readFileSync(output, "utf8");
  assert.match(text, /^# Three islands\n/);
  assert.match(text, /### Aim\n\nTo \\<b\\>see\\<\/b\\>\.\n\n- one\n- two\n/);
  assert.match(text, /Each client's groups of rows by cluster/);
  assert.ok("report.md" in json(experiment_dir, "manifest.json").files);
  assert.equal(fedkmeans(["verify", experiment_dir]).status, 0);
});

test("what cannot be done is said in one line, and nothing is left", (context) => {
  const folder = temporaryFolder(context);
  const refused: [string[], number, RegExp][] = [
    [["report", folder], 1, /is no experiment directory/],
    [
      ["report", folder, "--output", "x.doc"],
      2,
      /--output must be a file that ends in \.html, \.md, \.json, \.pdf, found "x\.doc"/,
    ],
    [
      ["report", folder, "--note", join(folder, "gone")],
      2,
      /--note must be a file of text in UTF-8, found .*gone/,
    ],
    [[...PENGUINS, "--log-dir", folder, "--report", "x.txt"], 2, /--output must be a file/],
  ];
  for (const [args, code, said] of refused) {
    const { status, stderr } = fedkmeans(args);
    assert.equal(status, code, stderr);
    assert.match(stderr, said);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
  assert.deepEqual(readdirSync(folder), []);
  assert.ok(!existsSync("x.doc"));
});

test("a report replaces no file of the run, and no pipe, device or folder; a link stays one", {
  skip: process.platform === "win32" ? "no pipes in folders here" : false,
}, (context) => {
  const logs = temporaryFolder(context);
  const { experiment_dir } = JSON.parse(fedkmeans([...PENGUINS, "--log-dir", logs, "--json"]).stdout);
  const at = (name: string) => join(logs, name);
  execFileSync("mkfifo", [at("pipe.html")]);
  mkdirSync(at("folder.html"));
  symlinkSync("pipe.html", at("to-pipe.html"));
  const summary = join(experiment_dir, "experiment_summary.json");
  const before = readFileSync(summary, "utf8");
  const refused: [string[], number, RegExp][] = [
    [["--output", summary], 2, /the other files there are of the run/],
    [["--output", join(experiment_dir, "pca", "mean.npy"), "--format", "html"], 2, /are of the run/],
    [["--output", join(experiment_dir, "report.json")], 2, /are of the run/],
    [["--output", at("pipe.html")], 1, /cannot write .*pipe\.html: no regular file but a pipe/],
    [["--output", at("to-pipe.html")], 1, /cannot write .*to-pipe\.html: no regular file but a pipe/],
    [["--output", at("folder.html")], 1, /cannot write .*folder\.html: no regular file but a folder/],
    [["--output", at("gone/x.html")], 1, /there is no folder .*gone/],
    [["--output", at(`${"x".repeat(245)}.html`)], 1, /the name is too long/],
    [
      ["--note", at("pipe.html")],
      2,
      /--note must be a file of text in UTF-8, found .*: no regular file but a pipe/,
    ],
    [["--check", at("x.html"), "--output", at("y.html")], 2, /cannot be used with option '--output <FILE>'/],
  ];
  const names = readdirSync(logs);
  for (const [args, code, said] of refused) {
    const { status, stderr } = fedkmeans(["report", experiment_dir, ...args]);
    assert.equal(status, code, stderr);
    assert.match(stderr, said);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
  const early = fedkmeans([...PENGUINS, "--log-dir", logs, "--report", at("gone/x.html")]);
  assert.equal(early.status, 1);
  assert.deepEqual(readdirSync(logs), names);
  assert.equal(readFileSync(summary, "utf8"), before);
  assert.equal(fedkmeans(["verify", experiment_dir]).status, 0);
  writeFileSync(at("real.html"), "old");
  symlinkSync("real.html", at("link.html"));
  assert.equal(fedkmeans(["report", experiment_dir, "--output", at("link.html")]).status, 0);
  assert.ok(lstatSync(at("link.html")).isSymbolicLink());
  assert.match(readFileSync(at("real.html"), "utf8"), /^<!doctype html>/);
  assert.equal(fedkmeans(["report", experiment_dir, "--check", at("link.html")]).status, 0);
});

test("--rerun runs it again, and says on the page whether it came out the same", (context) => {
  const logs = temporaryFolder(context);
  const data = join(logs, "data");
  cpSync("data/penguins", data, { recursive: true });
  const args = ["run", "--data", data, "--label-column", "species", "--log-dir", join(logs, "l"), "--json"];
  const { experiment_dir } = JSON.parse(fedkmeans(args).stdout);
  const output = join(logs, "report.md");
  const said = fedkmeans(["report", experiment_dir, "--rerun", "--output", output]);
  assert.equal(said.status, 0, said.stderr);
  assert.match(readFileSync(output, "utf8"), /yes: run again on \d{4}-\d\d-\d\d: the same, to the last bit/);
  const moved = join(logs, "moved");
  renameSync(data, moved);
  const lost = fedkmeans(["report", experiment_dir, "--rerun", "--output", output]);
  assert.match(lost.stderr, /are not there any more: say where they are with --data$/m);
  assert.equal(
    fedkmeans(["report", experiment_dir, "--rerun", "--data", moved, "--output", output]).status,
    0,
  );
  assert.equal(fedkmeans(["report", experiment_dir, "--data", moved, "--output", output]).status, 2);
  renameSync(moved, data);
  rmSync(join(data, "Dream.csv"));
  const refused = fedkmeans(["report", experiment_dir, "--rerun", "--output", join(logs, "other.md")]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^fedkmeans: .*Dream/);
  assert.ok(!existsSync(join(logs, "other.md")));
});

test("--check tells the page of a directory from others", (context) => {
  const logs = temporaryFolder(context);
  const made = fedkmeans([...PENGUINS, "--log-dir", join(logs, "a"), "--report", "--json"]);
  const { experiment_dir, report } = JSON.parse(made.stdout);
  const same = fedkmeans(["report", experiment_dir, "--check", report]);
  assert.equal(same.status, 0, same.stderr);
  writeFileSync(report, readFileSync(report, "utf8").replace("3 clusters", "4 clusters"));
  const changed = fedkmeans(["report", experiment_dir, "--check", report]);
  assert.equal(changed.status, 1);
  assert.match(changed.stdout, /is not of .*: line \d+ of the page has/);
});

test("several directories are compared: settings, metrics, agreement", (context) => {
  const logs = temporaryFolder(context);
  const runs = ["2", "3"].map(
    (k) =>
      JSON.parse(fedkmeans([...PENGUINS, "--k-global", k, "--log-dir", logs, "--json"]).stdout)
        .experiment_dir,
  );
  const made = fedkmeans(["report", ...runs, "--format", "md"]);
  assert.equal(made.status, 0, made.stderr);
  assert.equal(made.stdout, `${join(logs, "comparison.md")}\n`);
  const text = readFileSync(join(logs, "comparison.md"), "utf8");
  assert.match(text, /\*\*2\*\* runs of the same data\. Their settings differ in k-global\./);
  assert.match(text, /\| \*\*A\*\* \| 1\.000 \| 0\.\d{3} \|/);
  assert.match(text, /Without a partner: of B \d/);
  assert.equal(fedkmeans(["report", ...runs, "--rerun"]).status, 2);
});

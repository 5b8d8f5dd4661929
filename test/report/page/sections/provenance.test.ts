import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { VERSION } from "#src/files/package-root.js";
import { run } from "#src/index.js";
import { readFacts } from "#src/report/page/facts.js";
import { reportHtml } from "#src/report/page/html.js";
import { data } from "#src/report/page/sections/data.js";
import { environment } from "#src/report/page/sections/environment.js";
import { reproduce } from "#src/report/page/sections/reproduce.js";
import { shellCommand } from "#src/report/page/shell.js";
import { deployPenguins } from "../../../support/deployment.js";
import { documentOf, penguinRun, tablesOf, wordsOf } from "../../../support/report.js";
import { temporaryFolder } from "../../../support/temporary.js";

function changeSummary(directory: string, change: (summary: Record<string, unknown>) => void): void {
  const path = join(directory, "experiment_summary.json");
  const summary = JSON.parse(readFileSync(path, "utf8"));
  change(summary);
  writeFileSync(path, JSON.stringify(summary));
}

test("the environment is what the summary says, and what it does not say is said to be unknown", async (context) => {
  const directory = await penguinRun(context);
  const before = wordsOf(environment(readFacts(directory)));
  assert.match(before, new RegExp(`fedkmeans \\| ${VERSION.replaceAll(".", "\\.")}`));
  assert.match(before, new RegExp(`Node ${process.versions.node.replaceAll(".", "\\.")}|Deno`));
  assert.match(before, /a program or a notebook made the run/);
  changeSummary(directory, (summary) => {
    summary.command = ["fedkmeans", "run", "--data", "my data/it's"];
    delete summary.environment;
    delete summary.finished;
  });
  const words = wordsOf(environment(readFacts(directory)));
  assert.match(words, /processor \| not recorded/);
  assert.match(words, /finished \| not recorded/);
  assert.ok(words.includes("`fedkmeans run --data 'my data/it'\\''s'`"));
});

test("a command line is as a shell takes it", () => {
  const command = ["a", "--b=c", "d e", "$(f)", "", "it's", "ü"];
  assert.equal(shellCommand(command), "a --b=c 'd e' '$(f)' '' 'it'\\''s' 'ü'");
});

test("data are their files with their hashes, and features as they were standardized", async (context) => {
  const directory = await penguinRun(context);
  const facts = readFacts(directory);
  const [files, features] = tablesOf(data(facts));
  assert.equal(files.data!.rows.length, 3);
  assert.deepEqual(
    files.data!.rows.map((row) => row.at(-1)),
    facts.summary.partitions!.map(({ sha256 }) => sha256),
  );
  assert.equal(features.data!.rows[0][0], "bill_length_mm");
  assert.ok(Math.abs((features.data!.rows[0][2] as number) - 43.92) < 0.01);
  assert.match(wordsOf(data(facts)), /Labels are in the column species/);
});

test("of clients elsewhere no file is known, and the run cannot be made again", async (context) => {
  const { directory } = await deployPenguins(context);
  const facts = readFacts(directory);
  assert.match(wordsOf(data(facts)), /no file and no hash of a file is known here/);
  assert.equal(tablesOf(data(facts)).length, 1);
  const words = wordsOf(reproduce(facts, null));
  assert.doesNotMatch(words, /npx fedkmeans rerun/);
  assert.match(words, /cannot be made again from here/);
});

test("how to reproduce says what verifying found, and what came of a rerun, with its date", async (context) => {
  const directory = await penguinRun(context);
  const rerun = { isSame: true, said: ["the same run hash"], at: "2026-11-27T09:00:00.000Z" };
  const words = wordsOf(reproduce(readFacts(directory), rerun));
  assert.ok(words.includes(`npm install fedkmeans@${VERSION}`));
  assert.match(words, /npx fedkmeans rerun experiment_\S+ --data DATA/);
  assert.match(words, /\*\*Verified\*\* when this page was made/);
  assert.match(words, /\*\*Run again, the same\*\* \(2026-11-27 09:00 UTC\): the same run hash/);
  writeFileSync(join(directory, "final_means.npy"), "x");
  const changed = wordsOf(reproduce(readFacts(directory), null));
  assert.match(changed, /\*\*Not as it was written\*\*: .*final\\_means\.npy/);
  assert.match(changed, /It was not run again when this page was made/);
});

test("a run in memory, an export, one that was cut short and another program's each make a whole report", async (context) => {
  const rows = Array.from({ length: 30 }, (_, i) => [i % 7, (i * i) % 11]);
  const logDir = temporaryFolder(context);
  const inMemory = await run({ data: { "a/<b>": rows, b: rows }, logDir, kGlobal: 2 });
  const memory = reportHtml(documentOf(inMemory.experimentDir));
  assert.match(memory, /The rows were in memory/);
  assert.doesNotMatch(memory, /npx fedkmeans rerun/);

  const directory = await penguinRun(context);
  const exported = join(logDir, "exported");
  exportDirectory(directory, exported);
  const ofExport = reportHtml(documentOf(exported));
  assert.match(ofExport, /left out when this was exported/);
  assert.match(ofExport, /This directory was exported/);

  changeSummary(directory, (summary) => {
    Object.assign(summary, { status: "aborted", reason: "no answers", results: null, finished: null });
  });
  rmSync(join(directory, "manifest.json"));
  const aborted = reportHtml(documentOf(directory));
  // Its ledgers are of a run that was evaluated, whatever the summary says.
  assert.match(aborted, /Counts of labels left, for the evaluation/);
  for (const client of ["Biscoe", "Dream", "Torgersen"]) {
    const ledger = join(directory, "client_ledger", `client_${client}.jsonl`);
    const lines = readFileSync(ledger, "utf8").split("\n");
    writeFileSync(ledger, lines.filter((line) => !line.includes('"evaluation/')).join("\n"));
  }
  assert.match(reportHtml(documentOf(directory)), /No counts of labels left: .* which was not reached/);
  rmSync(join(directory, "federated_kmeans_metrics.json"));
  // Without metrics the sizes of clusters are those of the rows that the directory holds.
  const [profile] = tablesOf(documentOf(directory).sections.find(({ id }) => id === "clusters")!);
  assert.deepEqual(
    [profile.header[1], profile.rows.map((row) => row[1].text[0])],
    ["rows", ["152", "123", "67"]],
  );
  assert.match(aborted, /The run was not completed; results are of round \d/);
  assert.match(aborted, /The directory has no manifest, as the run has not completed/);

  changeSummary(directory, (summary) => {
    for (const name of Object.keys(summary)) {
      if (!["clients", "n_samples"].includes(name)) delete summary[name];
    }
  });
  const foreign = reportHtml(documentOf(directory));
  assert.match(foreign, /does not say what the settings were/);
  // What a foreign program did is not known: neither where clients were, nor what left them, nor how it ended.
  assert.doesNotMatch(foreign, /simulation|no row left|without pooling|filter|not converged|cut short/);
  // But for the page's own script.
  assert.doesNotMatch(foreign.slice(0, foreign.indexOf("<script>")), /undefined|NaN|\[object/);
});

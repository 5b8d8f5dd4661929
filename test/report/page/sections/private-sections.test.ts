import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { comparisonOf } from "#src/report/page/comparison.js";
import { readFacts } from "#src/report/page/facts.js";
import { reportMarkdown } from "#src/report/page/markdown.js";
import { deployPrivatePenguins, privatePenguinRun } from "../../../support/private-penguins.js";
import { documentOf, tablesOf } from "../../../support/report.js";
import { temporaryFolder } from "../../../support/temporary.js";

const NOWHERE = /null|undefined|NaN|\[object/;

test("a simulation's page keeps what noise told apart from what only the experimenter knows", async (context) => {
  const directory = await privatePenguinRun(context, { twin: true });
  const page = documentOf(directory);
  const text = reportMarkdown(page);
  for (const said of [
    /noise protected none of them/,
    /completed, as planned/,
    /Metrics of the rows, for the experimenter/,
    /no server of such a run knows it/,
    /Numbers of rows are the experimenter's/,
    /public bounds that rows were clipped to/,
    /cannot be made again from here: its noise came from the operating system/,
    /no two runs come to the same/,
  ]) {
    assert.match(text, said);
  }
  assert.doesNotMatch(
    text,
    /npx fedkmeans rerun|has not converged|same bytes come out|tolerance<|standardized/,
  );
  const profiles = tablesOf({ blocks: page.sections.flatMap(({ blocks }) => blocks) }).find(({ caption }) =>
    caption.startsWith("What each cluster is like"),
  )!;
  const { metrics, last, normalization } = readFacts(directory);
  const column = (name: string) => profiles.data!.rows.map((row) => row[profiles.data!.header.indexOf(name)]);
  assert.deepEqual(column("rows"), metrics!.clusterSizes);
  assert.deepEqual(column("noisy_rows"), metrics!.noisy!.sizes);
  // Half of 65 - 25 mm is what one unit of the box is.
  assert.equal(normalization!.std[0], 20);
  assert.deepEqual(
    column("standard error of bill_length_mm"),
    last.standardErrors!.map((error) => 20 * error),
  );
});

test("a deployment's page, and that of an export, have no number of rows but noisy and declared ones", async (context) => {
  const { directory } = await deployPrivatePenguins(context);
  const out = join(temporaryFolder(context), "out");
  exportDirectory(await privatePenguinRun(context), out);
  for (const one of [directory, out]) {
    const page = documentOf(one);
    const text = reportMarkdown({ ...page, attachments: [] });
    assert.match(text, /340 rows, as declared/);
    assert.match(text, /No metric is known/);
    assert.match(text, /rows, noisy/);
    assert.doesNotMatch(text, /\b342 rows|rows by cluster/);
    assert.doesNotMatch(text.replaceAll(/`[^`]*`/g, ""), NOWHERE);
    assert.doesNotMatch(text, /adjusted Rand|Metrics/);
  }
});

test("runs of several epsilons are compared by it, and metrics are said to be a simulation's", async (context) => {
  const settings = [{ epsilon: 1 }, { epsilon: 8 }];
  const runs = [];
  for (const more of settings) runs.push(readFacts(await privatePenguinRun(context, more)));
  const text = reportMarkdown(comparisonOf(runs, { title: null, showsRows: true }));
  assert.match(text, /\| epsilon \|.*converged, or as planned/);
  assert.match(text, /\| 1 \| 6 \| yes \|/);
  assert.match(text, /Those of A and B, under differential privacy, only a simulation can tell/);
});

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { run } from "#src/experiment/run.js";
import { run as runCell } from "#src/index.js";
import { comparisonOf } from "#src/report/page/comparison.js";
import { readFacts } from "#src/report/page/facts.js";
import { reportHtml } from "#src/report/page/html.js";
import { reportMarkdown } from "#src/report/page/markdown.js";
import { reportOf } from "#src/report/page/report.js";
import { temporaryFolder } from "../../support/temporary.js";

const OPTIONS = { title: null, showsRows: true, rerun: null, note: null };

async function penguins(context: TestContext, more: object = {}): Promise<string> {
  const logDir = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species", logDir, ...more };
  return (await run(settings)).experimentDir;
}

test("the same directory gives the same page, which asks for nothing and says what the run found", async (context) => {
  const directory = await penguins(context, { twin: true });
  const page = reportHtml(reportOf(readFacts(directory), OPTIONS));
  assert.equal(reportHtml(reportOf(readFacts(directory), OPTIONS)), page);
  assert.doesNotMatch(page, /\b(?:src|href)="(?!#|data:|https:\/\/)|url\(|@import/);
  const text = reportMarkdown(reportOf(readFacts(directory), OPTIONS));
  assert.match(text, /3 clients with 342 rows of 4 features found \*\*3 clusters\*\* in 1 round/);
  assert.match(text, /yes: \d+ files as they were written/);
  assert.match(text, /\| Gentoo \| 0 \| 123 \| 0 \|/);
});

test("a directory that was changed says so at the top", async (context) => {
  const directory = await penguins(context);
  appendFileSync(join(directory, "final_means.npy"), "x");
  const { sections } = reportOf(readFacts(directory), OPTIONS);
  const badges = sections[0].blocks.flatMap((block) => (block.type === "badges" ? block.badges : []));
  const [bad] = badges.filter(({ state }) => state === "bad");
  assert.match(bad.text, /^not as it was written: .*final_means\.npy/);
});

test("k-FED has one exchange and no rounds, and where a directory lies is not told", async (context) => {
  const directory = await penguins(context, { algorithm: "k-fed" });
  appendFileSync(join(directory, "final_means.npy"), "x");
  const text = reportMarkdown(reportOf(readFacts(directory), OPTIONS));
  assert.match(text, /found \*\*3 clusters\*\* in a single exchange, without pooling a row/);
  assert.doesNotMatch(text, /0 rounds|converged/);
  const [head] = reportOf(readFacts(directory), OPTIONS).sections;
  assert.ok(!JSON.stringify(head).includes(directory));
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ACTING = /[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/;

test("the caption of the convergence is of what is drawn, and every word of a client's index is there", async (context) => {
  const one = reportMarkdown(reportOf(readFacts(await penguins(context)), OPTIONS));
  // It converged in its first round: of one movement there is no curve.
  assert.doesNotMatch(one, /How far the global means moved/);
  assert.match(one, /The means moved by [\d.]{1,6}(?:e-\d+)?, at most the tolerance/);
  assert.match(one, /clients weighted by their rows/);
  const several = reportMarkdown(
    reportOf(readFacts(await penguins(context, { privacy: "threshold" })), OPTIONS),
  );
  assert.match(
    several,
    /How far the global means moved in each round .*without movement stands at the bottom/,
  );
});

test("runs are said to be of the same data where their directories say so", async (context) => {
  const directory = await penguins(context);
  const exported = join(temporaryFolder(context), "exported");
  exportDirectory(directory, exported);
  const said = (...directories: string[]) =>
    reportMarkdown(comparisonOf(directories.map(readFacts), { title: null, showsRows: false }));
  assert.doesNotMatch(said(directory, exported), /of the same data|of different data/);
  const other = await penguins(context, { kGlobal: 2 });
  assert.match(said(directory, other), /\*\*2\*\* runs of the same data\. Their settings differ in k-global/);
});

test("names from data are no markup", async (context) => {
  const rows = [
    [1, 2],
    [3, 4],
    [9, 9],
    [8, 9],
    [1, 1],
  ];
  const data = { "<b>north</b>": rows, "`*south*`|": rows, "&lt;\u202etsae\u0007": rows };
  const { experimentDir } = await runCell({
    data,
    logDir: temporaryFolder(context),
    kGlobal: 2,
    groupSize: 1,
  });
  const document = reportOf(readFacts(experimentDir), OPTIONS);
  const page = reportHtml(document);
  assert.doesNotMatch(page, /<b>north/);
  assert.match(page, /&lt;b&gt;north/);
  const text = reportMarkdown(document);
  assert.ok(text.includes("\\`\\*south\\*\\`\\|"));
  // What turns text around, or is no text, is written as its escape; and no reference to a character is taken for one.
  const shown = page.replaceAll(/<script[\s\S]*?<\/script>| data-csv='[^']*'/g, "");
  for (const said of [shown, text]) assert.doesNotMatch(said, ACTING);
  assert.match(shown, /&amp;lt;\\u202etsae\\u0007/);
  assert.ok(text.includes("\\&lt;\\\\u202etsae\\\\u0007"));
});

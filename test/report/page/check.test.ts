import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { enterInManifest } from "#src/directory/manifest.js";
import { attachmentsOf } from "#src/report/page/attachments.js";
import { checkReport } from "#src/report/page/check.js";
import { reportHtml } from "#src/report/page/html.js";
import { reportJson } from "#src/report/page/json.js";
import { documentOf, penguinRun } from "../../support/report.js";
import { temporaryFolder } from "../../support/temporary.js";

test("a page is of its directory, with its options, wherever it lies", async (context) => {
  const directory = await penguinRun(context);
  const options = {
    title: "Three </script> & islands",
    note: "# A note\n\nof `mine`",
    showsRows: false,
    rerun: { isSame: true, said: ["the same run hash"], at: "2026-11-27T09:00:00.000Z" },
  };
  const page = reportHtml(documentOf(directory, options));
  const outside = join(temporaryFolder(context), "page.html");
  writeFileSync(outside, page);
  assert.deepEqual(checkReport(outside, directory), {
    isSame: true,
    said: `${outside} is of ${directory}: every byte is the same`,
  });
  const inside = join(directory, "report.html");
  writeFileSync(inside, page);
  enterInManifest(directory, [inside]);
  assert.ok(checkReport(inside, directory).isSame);
  assert.ok(checkReport(outside, directory).isSame);
});

test("a page that was changed, or of another run, is told from the directory's, and how", async (context) => {
  const [directory, other] = [await penguinRun(context), await penguinRun(context, { kGlobal: 2 })];
  const path = join(temporaryFolder(context), "page.html");
  const page = reportHtml(documentOf(directory));
  writeFileSync(path, page);
  assert.match(
    checkReport(path, other).said,
    /the page is of run [0-9a-f]{12}, the directory of run [0-9a-f]{12}$/,
  );
  writeFileSync(path, page.replace("3 clients with 342 rows", "3 clients with 343 rows"));
  const changed = checkReport(path, directory);
  assert.equal(changed.isSame, false);
  assert.match(changed.said, /line \d+ of the page has ".*343 rows.*", the directory gives ".*342 rows/);
  assert.doesNotMatch(changed.said, /\n/);
  writeFileSync(path, page);
  appendFileSync(join(directory, "server_logs", "server.log"), "x");
  assert.match(checkReport(path, directory).said, /not as it was written: .*server\.log/);
  writeFileSync(path, "<html></html>");
  assert.throws(() => checkReport(path, directory), /a page that fedkmeans report made of one run expected/);
});

test("the record of a page that is no longer one is named", async (context) => {
  const directory = await penguinRun(context);
  const path = join(temporaryFolder(context), "page.html");
  writeFileSync(path, reportHtml(documentOf(directory)).replace('"shows_rows": true', '"shows_rows": 1'));
  assert.throws(
    () => checkReport(path, directory),
    /report\.json: options: shows_rows: true or false expected/,
  );
});

test("as JSON a report has its facts, its texts and its tables with numbers as they are", async (context) => {
  const directory = await penguinRun(context);
  const report = JSON.parse(reportJson(documentOf(directory)));
  const metrics = JSON.parse(readFileSync(join(directory, "federated_kmeans_metrics.json"), "utf8"));
  assert.equal(report.facts.metrics.adjustedRandIndex, metrics.adjusted_rand_index);
  const ids = report.sections.map(({ id }: { id: string }) => id);
  for (const id of ["summary", "what-left", "methods", "data", "configuration", "environment", "reproduce"]) {
    assert.ok(ids.includes(id), id);
  }
  const page = attachmentsOf(reportHtml(documentOf(directory)));
  assert.deepEqual(
    report.attachments["ro-crate-metadata.json"],
    JSON.parse(page.get("ro-crate-metadata.json")!),
  );
});

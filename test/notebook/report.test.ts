import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { temporaryFolder } from "../support/temporary.js";

const ROWS = [
  [1, 2],
  [3, 4],
  [9, 9],
  [8, 9],
];
const DATA = { north: ROWS, south: ROWS };

test("a report of a cell is refused in a line where an option is none, and nothing is written", async (t) => {
  const logDir = temporaryFolder(t);
  const result = await fk.run({ data: DATA, kGlobal: 2, groupSize: 1, logDir });
  const before = readdirSync(logDir);
  const refused = (of: unknown, options: unknown, message: RegExp) =>
    assert.rejects(fk.report(of as typeof result, options as object), { name: "UsageError", message });
  await refused(result, { tite: "Islands" }, /^unknown option tite of report: did you mean title\?$/);
  await refused(result, { format: "xml" }, /^format of report must be html, md, json, pdf, found "xml"$/);
  await refused(result, { title: 5 }, /^title of report must be text, found 5$/);
  await refused(result, { rows: "no" }, /^rows of report must be true or false, found "no"$/);
  await refused(result, null, /^options of report must be an object, found null$/);
  await refused([], {}, /^report: at least one run expected, found none$/);
  await assert.rejects(fk.report(result, { rerun: true }), {
    message: /its rows were in memory; give them as data$/,
  });
  await refused(result, { data: DATA }, /^data is what rerun runs on, and needs it$/);
  assert.deepEqual(readdirSync(logDir), before);
  const { reportPath } = await fk.report(result, { output: join(logDir, "a.md") });
  assert.ok(existsSync(reportPath));
  const again = await fk.report(result, { output: join(logDir, "b.md"), rerun: true, data: DATA });
  assert.match(readFileSync(again.reportPath, "utf8"), /yes: run again on .*: the same, to the last bit/);
});

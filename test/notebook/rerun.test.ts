import assert from "node:assert/strict";
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

test("rows in memory are run again when they are given, and no setting makes another run of it", async (t) => {
  const logDir = temporaryFolder(t);
  const result = await fk.run({ data: DATA, kGlobal: 2, groupSize: 1, logDir });
  assert.equal((await fk.rerun(result, { data: DATA })).isSame, true);
  await assert.rejects(fk.rerun(result), { message: /its rows were in memory; give them as data$/ });
  await assert.rejects(fk.rerun(result, { data: DATA, kGlobal: 3 } as object), {
    name: "UsageError",
    message: /^unknown option kGlobal of rerun: /,
  });
});

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "#src/index.js";
import { makeReport } from "#src/report/page/make-report.js";
import { temporaryFolder } from "../support/temporary.js";

const MOST_BYTES = 3e6;

test("the page of 10,000 clients and 100 rounds has less than 3 MB", async (context) => {
  const folder = temporaryFolder(context);
  let state = 1;
  const uniform = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const data = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, client) => [
      `clinic ${client}`,
      Array.from({ length: 4 }, () => [uniform(), uniform(), uniform()]),
    ]),
  );
  const { experimentDir, rounds } = await run({
    data,
    kGlobal: 40,
    algorithm: "lloyd",
    start: "random",
    tolerance: 0,
    groupSize: 1,
    recordLocalMeans: false,
    logDir: folder,
  });
  assert.equal(rounds, 100);
  const path = await makeReport(
    [experimentDir],
    { output: join(folder, "r.html"), format: null, title: null, note: null, showsRows: true, reruns: false },
    new AbortController().signal,
  );
  assert.ok(statSync(path).size < MOST_BYTES, `${statSync(path).size} bytes`);
});

import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { LOCK_FILE } from "#src/directory/layout.js";
import { verify } from "#src/directory/verify.js";
import { rerun } from "#src/experiment/rerun/rerun.js";
import { resume, run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { filesOf, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { drawRows } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

const CLIENTS = ["a", "b", "c"];

/** Of a run under differential privacy, of clients that a thread has several of. */
function settingsOf(context: TestContext): Configuration {
  const data = temporaryFolder(context);
  const bounds = join(temporaryFolder(context), "bounds.csv");
  writeFileSync(bounds, "feature,low,high\nx,-20,20\ny,-20,20\n");
  for (const [i, client] of CLIENTS.entries()) {
    writeFileSync(join(data, `${client}.csv`), ["x,y", ...drawRows(i, 40).map(String), ""].join("\n"));
  }
  const privately = { privacy: "dp", epsilon: 2, declaredRows: 120, bounds };
  return { data, logDir: temporaryFolder(context), carrier: "inline", ...privately } as Configuration;
}

const FINAL = "final_means.npy";
const RERUN = /cannot be run again: its clients answered with noise .*, which nobody can draw again/;

function repliesOf(directory: string): Record<string, string> {
  const files = filesOf(directory).filter((file) => /^client_budgets\/.*\.json$/.test(file));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(directory, file), "latin1")]));
}

test("from the same replies a run comes to the same bytes, cut short anywhere, on any carrier and number of threads", async (context) => {
  const settings = settingsOf(context);
  const copies = temporaryFolder(context);
  let directory = "";
  const cuts: string[] = [];
  const whole = await run(settings, {
    onDirectory: (path) => {
      directory = path;
    },
    onEvent: (event) => {
      if (event.type !== "normalization" && event.type !== "round") return;
      const cut = join(copies, String(cuts.length), basename(directory));
      cpSync(directory, cut, { recursive: true });
      rmSync(join(cut, LOCK_FILE), { force: true });
      cuts.push(cut);
    },
  });
  assert.equal(whole.rounds, 6);
  const expected = promisedBytes(directory);
  const replies = repliesOf(directory);
  assert.ok(Object.keys(replies).length > 3 * whole.rounds);
  const ways = [
    { carrier: "threads", threads: 1 },
    { carrier: "inline" },
    { carrier: "threads", threads: 8 },
  ] as const;
  for (const [i, way] of ways.entries()) {
    const cut = cuts[2 * i];
    rmSync(join(cut, "client_budgets"), { recursive: true, force: true });
    cpSync(join(directory, "client_budgets"), join(cut, "client_budgets"), { recursive: true });
    const resumed = await resume(cut, way);
    assert.equal(resumed.runHash, whole.runHash);
    assert.deepEqual(promisedBytes(cut), expected, `cut ${2 * i}, ${JSON.stringify(way)}`);
    assert.deepEqual(repliesOf(cut), replies, "nothing more was spent");
  }
});

test("an interrupted run goes on with the replies it had; it is not run again, nor does a seed repeat its noise", async (context) => {
  const settings = settingsOf(context);
  const interruption = new AbortController();
  const reason = new Error("enough");
  const onEvent = (event: { type: string; round?: { round: number } }) => {
    if (event.type === "round" && event.round!.round === 2) interruption.abort(reason);
  };
  await assert.rejects(run(settings, { signal: interruption.signal, onEvent }), reason);
  const directory = onlyDirectory(settings.logDir);
  const before = repliesOf(directory);
  await assert.rejects(rerun(directory), RERUN);
  assert.deepEqual(repliesOf(directory), before);
  const resumed = await resume(directory, { carrier: "threads", threads: 2 });
  assert.equal(resumed.rounds, 6);
  const after = repliesOf(directory);
  for (const [file, text] of Object.entries(before)) {
    if (file.includes("replies")) assert.equal(after[file], text, file);
  }
  assert.equal(verify(directory).status, "completed");
  await assert.rejects(rerun(directory), RERUN);
  const logDir = temporaryFolder(context);
  const again = await run({ ...settings, logDir });
  assert.notDeepEqual(
    readFileSync(join(again.experimentDir, FINAL)),
    readFileSync(join(directory, FINAL)),
    "of one seed, and of other noise",
  );
});

test("a run that lost its budgets is not gone on with", async (context) => {
  const settings = settingsOf(context);
  const interruption = new AbortController();
  const reason = new Error("enough");
  const onEvent = (event: { type: string; round?: { round: number } }) => {
    if (event.type === "round" && event.round!.round === 2) interruption.abort(reason);
  };
  await assert.rejects(run(settings, { signal: interruption.signal, onEvent }), reason);
  const directory = onlyDirectory(settings.logDir);
  rmSync(join(directory, "client_budgets"), { recursive: true });
  await assert.rejects(
    resume(directory, { carrier: "inline" }),
    /answer otherwise than before the run was cut short/,
  );
  assert.equal(existsSync(join(directory, FINAL)), false);
});

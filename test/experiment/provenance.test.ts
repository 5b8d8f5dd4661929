import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSummary } from "#src/directory/read-summary.js";
import { resume, run } from "#src/experiment/run.js";
import { VERSION } from "#src/files/package-root.js";
import { fedkmeans } from "../support/command.js";
import { generatedFolder, json, onlyDirectory } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

test("a command line's run says when, where, how and by what program it was made", async (context) => {
  const data = await generatedFolder(context);
  const logs = temporaryFolder(context);
  const before = Date.now();
  const args = ["run", "--data", data, "--log-dir", logs, "--json"];
  assert.equal(fedkmeans(args).status, 0);
  const { provenance } = readSummary(onlyDirectory(logs));
  const [started, finished] = [provenance.started, provenance.finished].map((time) => Date.parse(time!));
  assert.ok(before <= started && started <= finished && finished <= Date.now());
  assert.deepEqual(provenance.command, ["fedkmeans", ...args]);
  assert.equal(provenance.working_directory, process.cwd());
  assert.deepEqual(provenance.resumed, []);
  const { fedkmeans: version, runtime, runtime_version, platform, processors } = provenance.environment!;
  assert.deepEqual(
    [version, runtime, runtime_version, platform],
    [VERSION, "Node", process.versions.node, process.platform],
  );
  assert.ok(processors >= 1);
});

test("a program's run has no command line; one that was cut short keeps when it began", async (context) => {
  const data = await generatedFolder(context);
  const { experimentDir, runHash } = await run({ data, logDir: temporaryFolder(context) });
  const whole = json(experimentDir, "experiment_summary.json");
  assert.equal(whole.command, null);
  const cut = join(temporaryFolder(context), "cut");
  cpSync(experimentDir, cut, { recursive: true });
  rmSync(join(cut, "manifest.json"));
  const { manifest, ...rest } = whole;
  const running = { ...rest, status: "running", results: null, finished: null };
  writeFileSync(join(cut, "experiment_summary.json"), JSON.stringify(running));
  const resumed = await resume(cut);
  assert.equal(resumed.runHash, runHash);
  const { provenance } = readSummary(cut);
  assert.equal(provenance.started, whole.started);
  assert.equal(provenance.resumed.length, 1);
  assert.ok(provenance.resumed[0] <= provenance.finished!);
});

test("an aborted run says when it ended", async (context) => {
  const data = await generatedFolder(context);
  const logDir = temporaryFolder(context);
  const controller = new AbortController();
  const onEvent = () => controller.abort(new Error("enough"));
  await assert.rejects(run({ data, logDir }, { signal: controller.signal, onEvent }));
  const { status, provenance } = readSummary(onlyDirectory(logDir));
  assert.equal(status, "aborted");
  assert.notEqual(provenance.finished, null);
});

test("a directory of a version that recorded nothing of it is read; one that says it wrongly is refused", async (context) => {
  const data = await generatedFolder(context);
  const { experimentDir } = await run({ data, logDir: temporaryFolder(context) });
  const path = join(experimentDir, "experiment_summary.json");
  const whole = JSON.parse(readFileSync(path, "utf8"));
  const { started, resumed, finished, command, working_directory, environment, ...older } = whole;
  writeFileSync(path, JSON.stringify(older));
  assert.deepEqual(readSummary(experimentDir).provenance, {
    started: null,
    resumed: [],
    finished: null,
    command: null,
    working_directory: null,
    environment: null,
  });
  writeFileSync(path, JSON.stringify({ ...whole, started: "yesterday" }));
  assert.throws(
    () => readSummary(experimentDir),
    /^RunError: .*started: a time such as .* expected, found "yesterday"$/,
  );
});

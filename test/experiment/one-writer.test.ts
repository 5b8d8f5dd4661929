import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { resume, run } from "#src/experiment/run.js";
import { temporaryName } from "#src/files/leftovers.js";
import { placeOfIds, startOf } from "#src/files/this-process.js";
import { filesOf, generatedFolder, json, promisedBytes } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

/** A process that has ended, by id. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

/** A run that was interrupted, and its settings. */
async function interruptedRun(context: TestContext): Promise<string> {
  const data = await generatedFolder(context);
  const controller = new AbortController();
  let directory = "";
  const settings = { data, logDir: temporaryFolder(context), carrier: "inline" } as const;
  await assert.rejects(
    run(settings, {
      signal: controller.signal,
      onDirectory: (path) => {
        directory = path;
      },
      onEvent: (event) => event.type === "round" && controller.abort(),
    }),
  );
  return directory;
}

test("a directory that a run or a resume writes is refused to others, by process, until it ends", async (context) => {
  const data = await generatedFolder(context);
  const settings = { data, logDir: temporaryFolder(context), carrier: "inline" } as const;
  const refused: Promise<void>[] = [];
  let directory = "";
  const held = new RegExp(`is being written by process ${process.pid} since .*: wait for its end or stop it`);
  const refuse = () => refused.push(assert.rejects(resume(directory), held));
  const controller = new AbortController();
  await assert.rejects(
    run(settings, {
      signal: controller.signal,
      onDirectory: (path) => {
        directory = path;
      },
      onEvent(event) {
        if (event.type !== "round") return;
        refuse();
        controller.abort();
      },
    }),
    /^AbortError/,
  );
  const [first, second] = await Promise.allSettled([resume(directory), resume(directory)]);
  assert.equal(first.status, "fulfilled");
  assert.match(String((second as PromiseRejectedResult).reason), held);
  await Promise.all(refused);
  assert.equal(refused.length, 1);
  assert.equal(verify(directory).status, "completed");
  assert.ok(!filesOf(directory).some((file) => file.startsWith(".")));
});

test("a lock is taken over from a process that is gone, and from none that may be at work", async (context) => {
  const directory = await interruptedRun(context);
  const lock = {
    pid: process.pid,
    host: hostname(),
    place: placeOfIds(),
    start: startOf(process.pid),
    since: new Date().toISOString(),
  };
  const attempt = async (holder: object | string) => {
    const copy = join(temporaryFolder(context), "copy");
    cpSync(directory, copy, { recursive: true });
    writeFileSync(join(copy, ".lock"), typeof holder === "string" ? holder : JSON.stringify(holder));
    return resume(copy, { carrier: "inline" });
  };
  const another = { ...lock, place: "00000000", host: "elsewhere" };
  await assert.rejects(attempt(lock), /being written by process/);
  await assert.rejects(attempt({ ...another }), /by process \d+ on elsewhere since .* remove .*\.lock$/);
  // A clock that says this machine has started since: the process cannot be.
  for (const holder of [
    { ...lock, pid: deadProcess() },
    { ...another, host: hostname(), since: "2001-01-01T00:00:00.000Z" },
    "",
    '{"pid": "1"',
  ]) {
    assert.ok((await attempt(holder)).rounds > 0, JSON.stringify(holder));
  }
  if (process.platform === "linux") {
    // A process of the same id that started at another time.
    assert.ok((await attempt({ ...lock, start: "1" })).rounds > 0);
  }
});

/** Runs in another process that kills itself instead of making its nth change to the file system. */
function runUntilChange(folder: string, settings: object, nth: number): string {
  const program = `
const fs = require("node:fs");
let left = ${nth};
for (const name of ["mkdirSync", "renameSync", "writeFileSync", "appendFileSync", "openSync", "rmSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (name === "openSync" && args[1] !== "w") return real(...args);
    if (left-- === 0) process.kill(process.pid, "SIGKILL");
    return real(...args);
  };
}
void require(${JSON.stringify(require.resolve("#src/experiment/run.js"))}).run(${JSON.stringify(settings)});
`;
  const file = join(folder, "program.cjs");
  writeFileSync(file, program);
  const { signal, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  assert.equal(signal, "SIGKILL", stderr);
  return stderr;
}

test("a run that is killed at its beginning leaves nothing to be seen, or what resumes; the next sweeps it", async (context) => {
  const data = await generatedFolder(context);
  const settings = { data, carrier: "inline", maxIterations: 1 } as const;
  const whole = await run({ ...settings, logDir: temporaryFolder(context) });
  const expected = promisedBytes(whole.experimentDir);
  let unseen = 0;
  let seen = 0;
  for (let nth = 0; seen < 4; nth++) {
    const folder = temporaryFolder(context);
    const logDir = join(folder, "logs");
    mkdirSync(logDir);
    runUntilChange(folder, { ...settings, logDir }, nth);
    const names = readdirSync(logDir);
    const visible = names.filter((name) => !name.startsWith("."));
    if (visible.length === 0) unseen += 1;
    else {
      seen += 1;
      assert.deepEqual(names, visible);
      const directory = join(logDir, visible[0]);
      assert.equal(json(directory, "experiment_summary.json").status, "running");
      await resume(directory, { carrier: "inline" });
      assert.deepEqual(promisedBytes(directory), expected, `killed before change ${nth}`);
    }
    if (nth % 3 === 0) continue;
    await run({ ...settings, logDir });
    assert.equal(readdirSync(logDir).length, visible.length + 1, "nothing of the killed run is left over");
  }
  assert.ok(unseen > 4);
});

test("what a killed process of this machine left is swept, what another may be writing is not", async (context) => {
  const data = await generatedFolder(context);
  const logDir = temporaryFolder(context);
  const name = temporaryName(".experiment_20200101_000000.1");
  const of = (place: string, pid: number) => name.replace(/[0-9a-f]{8}\.\d+\.tmp$/, `${place}.${pid}.tmp`);
  const kept = [
    of(placeOfIds(), process.pid),
    of("00000000", deadProcess()),
    "mine.tmp",
    ".experiment_1.tmp",
  ];
  const swept = [of(placeOfIds(), deadProcess()), of("00000001", process.pid)];
  for (const folder of [...kept, ...swept]) mkdirSync(join(logDir, folder));
  utimesSync(join(logDir, swept[1]), new Date(0), new Date(0));
  const { experimentDir } = await run({ data, logDir, carrier: "inline", maxIterations: 1 });
  assert.deepEqual(readdirSync(logDir).sort(), [...kept, experimentDir.split("/").at(-1)].sort());
});

test("a killed generation's files are swept by the next", async (context) => {
  const folder = await generatedFolder(context);
  const before = filesOf(folder);
  const left = temporaryName(join(folder, ".client_0.npz")).replace(
    `.${process.pid}.tmp`,
    `.${deadProcess()}.tmp`,
  );
  writeFileSync(left, "half");
  const { writeDataset } = await import("#src/data/generators/dataset-write.js");
  const { generateBlobs } = await import("#src/data/generators/generate-blobs.js");
  const options = { numClients: 3, samplesPerClient: 40 };
  await writeDataset(generateBlobs(options), folder, { scheme: "blobs", options });
  assert.deepEqual(filesOf(folder), before);
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { resume, run } from "#src/experiment/run.js";
import { hashFile, identifyFile } from "#src/files/file-hash.js";
import { filesOf, generatedFolder, json, onlyDirectory } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

/** A run that was interrupted in its second round, and its data. */
async function interruptedRun(context: TestContext, data: string, more: object = {}): Promise<string> {
  const controller = new AbortController();
  const logDir = temporaryFolder(context);
  const settings = {
    data,
    logDir,
    kGlobal: 4,
    tolerance: 0,
    maxIterations: 4,
    carrier: "inline",
    ...more,
  } as const;
  await assert.rejects(
    run(settings, {
      signal: controller.signal,
      onEvent: (event) => event.type === "round" && event.round.round === 2 && controller.abort(),
    }),
    /^AbortError/,
  );
  return onlyDirectory(logDir);
}

/** Every file and its bytes, to see that a refusal left no trace. */
function contentsOf(directory: string): [string, string][] {
  return filesOf(directory).map((file) => [file, readFileSync(join(directory, file), "base64")]);
}

test("a summary identifies each client's file by name, rows, columns, size and SHA-256", async (context) => {
  const { experimentDir } = await run({
    data: "data/penguins",
    labelColumn: "species",
    carrier: "inline",
    maxIterations: 1,
    logDir: temporaryFolder(context),
  });
  const bytes = readFileSync("data/penguins/Dream.csv");
  assert.deepEqual(json(experimentDir, "experiment_summary.json").partitions[1], {
    client: "Dream",
    file: "Dream.csv",
    rows: 124,
    columns: 4,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
});

test("a run is resumed with its own data only, wherever they lie, and a refusal changes nothing", async (context) => {
  const data = await generatedFolder(context, { overlapFactor: 1 });
  const directory = await interruptedRun(context, data);
  const before = contentsOf(directory);
  const file = (folder: string, client: number) => join(folder, `client_${client}.npz`);
  const others: [(folder: string) => void, RegExp][] = [
    [
      (folder) => {
        const bytes = readFileSync(file(folder, 1));
        bytes[200] ^= 1;
        writeFileSync(file(folder, 1), bytes);
      },
      /client "1" began with client_1\.npz of 40 rows, \d+ bytes, SHA-256 [0-9a-f]{64}, found client_1\.npz of \d+ bytes, SHA-256 [0-9a-f]{64}/,
    ],
    [(folder) => rmSync(file(folder, 2)), /it began with 3 clients, found 2: without "2"/],
    [
      (folder) => cpSync(file(folder, 2), file(folder, 3)),
      /it began with 3 clients, found 4: with "3", which it did not have/,
    ],
    [(folder) => renameSync(file(folder, 0), file(folder, 9)), /without "0" and with "9"/],
    [
      (folder) => {
        cpSync(file(folder, 0), join(folder, "kept"));
        renameSync(file(folder, 1), file(folder, 0));
        renameSync(join(folder, "kept"), file(folder, 1));
      },
      /client "0" began with/,
    ],
  ];
  for (const [change, message] of others) {
    const other = join(temporaryFolder(context), "other");
    cpSync(data, other, { recursive: true });
    change(other);
    for (const carrier of ["inline", "threads"] as const) {
      await assert.rejects(resume(directory, { data: other, carrier }), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /can only be resumed with the data it began with/);
        return error.name === "RunError";
      });
    }
    assert.deepEqual(contentsOf(directory), before);
  }
  const moved = join(temporaryFolder(context), "moved");
  cpSync(data, moved, { recursive: true });
  assert.equal((await resume(directory, { data: moved })).experimentDir, directory);
});

test("rows that were added to a file which all clients share are other data", async (context) => {
  const folder = temporaryFolder(context);
  const data = join(folder, "all.csv");
  const rows = Array.from({ length: 60 }, (_, i) => `${"abc"[i % 3]},${(i * 7) % 11},${(i * 5) % 13}`);
  writeFileSync(data, ["site,x,z", ...rows, ""].join("\n"));
  const directory = await interruptedRun(context, data, { clientColumn: "site", groupSize: 1 });
  const { partitions } = json(directory, "experiment_summary.json");
  assert.deepEqual(
    partitions.map(({ client, rows, sha256 }: { client: string; rows: number; sha256: string }) => [
      client,
      rows,
      sha256,
    ]),
    ["a", "b", "c"].map((client) => [client, 20, hashFile(data).sha256]),
  );
  appendFileSync(data, "b,1,2\n");
  await assert.rejects(resume(directory), /client "a" began with all\.csv of 20 rows/);
});

test("a directory without SHA-256 of its data is resumed with the same clients, rows and features", async (context) => {
  const data = await generatedFolder(context, { overlapFactor: 1 });
  const directory = await interruptedRun(context, data);
  const path = join(directory, "experiment_summary.json");
  const { partitions, ...summary } = json(directory, "experiment_summary.json");
  writeFileSync(path, JSON.stringify(summary));
  const fewer = await generatedFolder(context, { samplesPerClient: 39 });
  await assert.rejects(
    resume(directory, { data: fewer }),
    /client "0" began with 40 rows of 2 features, found 39 of 2/,
  );
  const wider = await generatedFolder(context, { numFeatures: 3 });
  await assert.rejects(resume(directory, { data: wider }), /began with 40 rows of 2 features, found 40 of 3/);
  assert.equal((await resume(directory)).experimentDir, directory);
});

test("a file is hashed whole, whatever its size is to a chunk's, and a folder is none", async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, "file");
  const { signal } = new AbortController();
  for (const size of [0, 1, 2 ** 20 - 1, 2 ** 20, 17 * 2 ** 20 + 3]) {
    const bytes = Buffer.alloc(size, "fedkmeans ");
    writeFileSync(path, bytes);
    const expected = { size, sha256: createHash("sha256").update(bytes).digest("hex") };
    assert.deepEqual(hashFile(path), expected);
    assert.deepEqual(await identifyFile(path, signal), expected);
  }
  mkdirSync(join(folder, "sub"));
  assert.throws(() => hashFile(join(folder, "sub")), /no regular file but a folder/);
  await assert.rejects(identifyFile(path, AbortSignal.abort(new Error("stopped"))), /stopped/);
});

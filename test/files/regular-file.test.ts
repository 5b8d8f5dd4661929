import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { readConfigurationFile } from "#src/cli/configuration-file.js";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { writeNpy } from "#src/directory/npy.js";
import { UsageError } from "#src/errors.js";
import { readStart } from "#src/experiment/start-file.js";
import { readRegularText } from "#src/files/regular-file.js";
import { readNotebook } from "#src/jupyter/notebook-file.js";
import { Journal } from "#src/study/journal.js";
import { runOnNodeAndDeno } from "../support/deno.js";
import { COLUMN_DEFAULTS, TABLE_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

/** Windows has neither. */
const skip = process.platform === "win32" ? "no named pipes in folders here" : false;

/** A pipe without a writer: whoever opens it to read waits for ever. */
function pipe(path: string): string {
  execFileSync("mkfifo", [path]);
  return path;
}

test("a pipe, a socket, a device and a folder are no regular files, also behind a link", {
  skip,
}, async (context) => {
  const folder = temporaryFolder(context);
  const at = (name: string) => join(folder, name);
  pipe(at("pipe"));
  mkdirSync(at("folder"));
  symlinkSync(at("pipe"), at("link"));
  const server = createServer().listen(at("socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  context.after(() => server.close());
  for (const [path, kind] of [
    [at("pipe"), "a pipe (FIFO)"],
    [at("link"), "a pipe (FIFO)"],
    [at("socket"), "a socket"],
    [at("folder"), "a folder"],
    ["/dev/null", "a device"],
  ]) {
    assert.throws(() => readRegularText(path), { message: `no regular file but ${kind}` }, path);
  }
});

test("Deno tells a pipe and a folder from a file as Node does", { skip }, (context) => {
  const folder = temporaryFolder(context);
  pipe(join(folder, "pipe"));
  writeFileSync(join(folder, "file"), "text");
  const { node, deno } = runOnNodeAndDeno(
    folder,
    `
const { readRegularText } = require(${JSON.stringify(require.resolve("#src/files/regular-file.js"))});
for (const name of ["file", "pipe", "."]) {
  try { console.log(readRegularText(${JSON.stringify(`${folder}/`)} + name)); } catch (error) { console.log(error.message); }
}
`,
  );
  assert.equal(node, "text\nno regular file but a pipe (FIFO)\nno regular file but a folder\n");
  assert.equal(deno, node);
});

let opens: [what: string, file: string, open: (path: string) => unknown][];
before(() => {
  const load = (path: string) =>
    createPartitionLoader()({ client: "a", path, table: TABLE_DEFAULTS, clientColumn: null });
  opens = [
    ["a client's .csv", "a.csv", load],
    ["a client's .npy", "a.npy", load],
    ["a client's .npz", "a.npz", load],
    [
      "the one .csv of all clients",
      "all.csv",
      (path) => listPartitions(path, { ...COLUMN_DEFAULTS, clientColumn: "site" }),
    ],
    ["a folder's client", "client_z.csv", (path) => listPartitions(dirname(path), COLUMN_DEFAULTS)],
    ["a start", "start.npy", readStart],
    ["a configuration", "run.toml", (path) => readConfigurationFile(path, {})],
    ["a notebook", "a.ipynb", readNotebook],
    ["a study's journal", "runs.jsonl", (path) => new Journal(path)],
  ];
});

test("every file that a user names is refused, not waited for, if it is a pipe", {
  skip,
}, async (context) => {
  for (const [what, file, open] of opens) {
    const path = pipe(join(temporaryFolder(context), file));
    await assert.rejects(
      async () => open(path),
      (error) => {
        assert.ok(error instanceof UsageError, `${what}: ${error}`);
        assert.match(error.message, /no regular file but a pipe \(FIFO\)$/, what);
        assert.ok(error.message.includes(path), what);
        return true;
      },
      what,
    );
  }
});

test("a link to a file is read as the file", (context) => {
  const folder = temporaryFolder(context);
  const start = { shape: [1, 2], data: Float64Array.of(1, 2) };
  writeFileSync(join(folder, "start.npy"), writeNpy(start));
  symlinkSync(join(folder, "start.npy"), join(folder, "link.npy"));
  assert.deepEqual(readStart(join(folder, "link.npy")), { data: start.data, nRows: 1, nColumns: 2 });
});

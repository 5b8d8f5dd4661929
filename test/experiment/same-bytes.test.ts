import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { json, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const DENO = [join(process.cwd(), "node_modules", ".bin", "deno"), "run", "--allow-all", "--quiet"];

/** How a run is executed, by name. */
const WAYS: [string, string[], string[]][] = [
  ["inline on Node", [process.execPath], ["--carrier", "inline"]],
  ["1 thread on Node", [process.execPath], ["--threads", "1"]],
  ["2 threads on Node", [process.execPath], ["--threads", "2"]],
  ["8 threads on Node", [process.execPath], ["--threads", "8"]],
  ["inline on Deno", DENO, ["--carrier", "inline"]],
  ["2 threads on Deno", DENO, ["--threads", "2"]],
];

const PENGUINS = ["--data", "data/penguins", "--label-column", "species", "--k-global", "4"];

/** What is run; between them all phases, both algorithms, both kinds of start. */
const RUNS: [string, string[]][] = [
  ["fkm", PENGUINS],
  ["fkm in 3 principal components", [...PENGUINS, "--pca-components", "3", "--local-iterations", "2"]],
  ["lloyd from a random start", [...PENGUINS, "--algorithm", "lloyd", "--start", "random"]],
  ["lloyd in a principal component", [...PENGUINS, "--algorithm", "lloyd", "--pca-components", "1"]],
];

for (const [what, args] of RUNS) {
  test(`${what}: the same bytes for 1, 2 and 8 threads, inline, on Node and on Deno`, (context) => {
    let first: { hash: string; bytes: Record<string, string> } | null = null;
    for (const [way, runtime, more] of WAYS) {
      const logs = temporaryFolder(context);
      const { status, stdout, stderr } = fedkmeans(["run", ...args, ...more, "--log-dir", logs, "--json"], {
        runtime,
      });
      assert.equal(status, 0, `${way}: ${stderr}`);
      const directory = onlyDirectory(logs);
      const hash = JSON.parse(stdout).run_hash as string;
      assert.equal(json(directory, "experiment_summary.json").results.run_hash, hash);
      const found = { hash, bytes: promisedBytes(directory) };
      first ??= found;
      assert.equal(found.hash, first.hash, way);
      assert.deepEqual(found.bytes, first.bytes, way);
    }
    assert.ok(Object.keys(first!.bytes).length > 20);
  });
}

test("another seed, another algorithm or other data give another run hash", (context) => {
  const hashes = [
    PENGUINS,
    [...PENGUINS, "--random-state", "43"],
    [...PENGUINS, "--algorithm", "lloyd"],
    [...PENGUINS, "--no-normalize"],
  ].map((args) => {
    const logs = temporaryFolder(context);
    const { stdout } = fedkmeans(["run", ...args, "--carrier", "inline", "--log-dir", logs, "--json"]);
    return JSON.parse(stdout).run_hash as string;
  });
  assert.equal(new Set(hashes).size, hashes.length);
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { run } from "#src/experiment/run.js";
import { fedkmeans } from "../support/command.js";
import { json, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { gaussianClusters } from "../support/matrices.js";
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

const ALL = WAYS.map(([way]) => way);
const SOME = ["inline on Node", "8 threads on Node", "2 threads on Deno"];

/** What is run, and how; between them all phases, both algorithms, both kinds of start, groups and rows. */
const RUNS: [string, string[], string[]][] = [
  ["fkm", PENGUINS, ALL],
  ["fkm from rows", [...PENGUINS, "--group-size", "1"], SOME],
  ["fkm in 3 principal components", [...PENGUINS, "--pca-components", "3", "--local-iterations", "2"], SOME],
  ["lloyd from a random start", [...PENGUINS, "--algorithm", "lloyd", "--start", "random"], SOME],
  ["lloyd in a principal component", [...PENGUINS, "--algorithm", "lloyd", "--pca-components", "1"], ALL],
];

/** Runs the same every way, and compares what the directories hold. */
function assertSameBytes(context: TestContext, args: readonly string[], ways: readonly string[]): void {
  let first: { hash: string; bytes: Record<string, string> } | null = null;
  for (const [way, runtime, more] of WAYS) {
    if (!ways.includes(way)) continue;
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
}

for (const [what, args, ways] of RUNS) {
  test(`${what}: the same bytes ${ways.join(", ")}`, (context) => assertSameBytes(context, args, ways));
}

test("a client that all threads work on has the same bytes", (context) => {
  const data = temporaryFolder(context);
  const d = 5;
  for (const [client, n] of [60_000, 3000, 40].entries()) {
    const rows = gaussianClusters(`client ${client}`, n, d, 6, 2);
    writeFileSync(join(data, `client_${client}.npy`), writeNpy({ data: rows, shape: [n, d] }));
  }
  for (const algorithm of ["fkm", "lloyd"]) {
    const args = ["--data", data, "--k-global", "6", "--algorithm", algorithm, "--max-iterations", "4"];
    args.push("--group-size", algorithm === "fkm" ? "1" : "2");
    assertSameBytes(context, args, [
      "inline on Node",
      "2 threads on Node",
      "8 threads on Node",
      "2 threads on Deno",
    ]);
  }
});

test("components of many features are searched for with the same bytes", (context) => {
  const data = temporaryFolder(context);
  const d = 401;
  for (const [client, n] of [30, 45, 1].entries()) {
    const rows = gaussianClusters(`wide client ${client}`, n, d, 3, 1);
    writeFileSync(join(data, `client_${client}.npy`), writeNpy({ data: rows, shape: [n, d] }));
  }
  assertSameBytes(context, ["--data", data, "--pca-components", "3", "--max-iterations", "3"], SOME);
});

test("another seed, another k or another scale give another run hash", async (context) => {
  const penguins = { data: "data/penguins", labelColumn: "species", carrier: "inline" } as const;
  const hashes = new Set<string>();
  for (const change of [{}, { randomState: 43 }, { kGlobal: 4 }, { normalize: false }]) {
    hashes.add((await run({ ...penguins, ...change, logDir: temporaryFolder(context) })).runHash);
  }
  assert.equal(hashes.size, 4);
});

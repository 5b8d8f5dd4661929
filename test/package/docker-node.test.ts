import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { textOf } from "../docs/pages.js";
import { COMMAND, fedkmeans } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

/** The entry point of a node's image, with the image's folders in one of its own, and a SuperNode that only says how it was started. */
function image(context: TestContext) {
  const root = temporaryFolder(context);
  for (const data of ["2d", "10d"]) {
    const features = data.replace("d", "");
    const { status, stderr } = fedkmeans([
      "generate",
      "--num-clients",
      "3",
      "--num-features",
      features,
      "--output-dir",
      join(root, "data", data),
    ]);
    assert.equal(status, 0, stderr);
  }
  const bin = join(root, "bin");
  mkdirSync(bin);
  mkdirSync(join(root, "state"));
  const programs = {
    fedkmeans: `exec '${process.execPath}' '${COMMAND}' "$@"`,
    "flower-supernode": 'echo "started with $* as $FEDKMEANS_PARTITION_ID of $FEDKMEANS_NUM_PARTITIONS"',
    entry: textOf("docker/supernode.sh").replaceAll(/=\/(data|state)\//g, `='${root}'/$1/`),
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const start = (env: Record<string, string>) => {
    const path = [bin, process.env.PATH].join(delimiter);
    const { status, stdout, stderr } = spawnSync(join(bin, "entry"), ["--insecure"], {
      encoding: "utf8",
      env: { ...process.env, PATH: path, ...env },
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  return { start, state: (data: string) => join(root, "state", data) };
}

test("a node of generated data makes its states where there is none, and never again", (context) => {
  const { start, state } = image(context);
  const first = start({ PARTITION: "1" });
  assert.match(first, /client_1\.npz, this once$/m);
  assert.match(first, /^started with --insecure as 1 of 3$/m);
  const made = ["2d", "10d"].map((data) => readFileSync(join(state(data), "state.json")));

  assert.equal(start({ PARTITION: "1" }), "started with --insecure as 1 of 3\n");
  assert.deepEqual(
    ["2d", "10d"].map((data) => readFileSync(join(state(data), "state.json"))),
    made,
  );
});

test("a node of other data has no state made for it", (context) => {
  const { start, state } = image(context);
  assert.equal(start({}), "started with --insecure as  of \n");
  assert.ok(!existsSync(state("2d")));
});

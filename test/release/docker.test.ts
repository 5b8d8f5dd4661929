import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { textOf } from "../docs/pages.js";
import { temporaryFolder } from "../support/temporary.js";

const { LINTERS } = process.env;
const skip = LINTERS === undefined && "LINTERS names no folder with hadolint and check-jsonschema";

function lint(program: string, ...args: string[]): { status: number | null; said: string } {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(join(LINTERS!, program), args, { encoding: "utf8", env });
  return { status, said: stdout + stderr };
}

const lintDockerfile = (file: string) => lint("hadolint", "--failure-threshold", "style", file);
const lintCompose = (file: string) =>
  lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file);

test("hadolint finds nothing in the Dockerfile, and would", { skip }, (context) => {
  assert.deepEqual(lintDockerfile("docker/Dockerfile"), { status: 0, said: "" });
  const file = join(temporaryFolder(context), "Dockerfile");
  writeFileSync(file, textOf("docker/Dockerfile").replaceAll("--no-cache-dir ", ""));
  assert.match(lintDockerfile(file).said, /DL3042/);
});

test("compose.yaml follows the Compose specification, and would not with another key", {
  skip,
}, (context) => {
  assert.equal(lintCompose("docker/compose.yaml").status, 0, lintCompose("docker/compose.yaml").said);
  const file = join(temporaryFolder(context), "compose.yaml");
  writeFileSync(file, textOf("docker/compose.yaml").replace("restart:", "restarts:"));
  assert.match(lintCompose(file).said, /restarts/);
});

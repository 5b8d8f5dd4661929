import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE_ROOT, VERSION } from "#src/files/package-root.js";
import { CLI, skipWithoutKernel } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

const skip = skipWithoutKernel("deno");

/** `fedkmeans kernel ...` with a data folder of Jupyter's own. */
function kernel(dataDir: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "kernel", ...args], {
    encoding: "utf8",
    env: { ...process.env, JUPYTER_PATH: "", JUPYTER_DATA_DIR: dataDir, ...env },
  });
  return { status, stdout, stderr };
}

const INSTALL = ["install", "--kernel", "deno"];

/** As another installation would have written the kernel. */
function moveKernel(dataDir: string, folder: string, version: string): void {
  const path = join(dataDir, "kernels", "fedkmeans-deno", "kernel.json");
  const spec = JSON.parse(readFileSync(path, "utf8"));
  spec.argv[1] = join(folder, "dist", "jupyter", "deno-launcher.js");
  spec.metadata.fedkmeans.version = version;
  mkdirSync(join(folder, "dist", "jupyter"), { recursive: true });
  writeFileSync(spec.argv[1], "");
  writeFileSync(path, JSON.stringify(spec));
}

test("kernel install says whose kernel it replaces, and nothing where it is its own", { skip }, (t) => {
  const dataDir = temporaryFolder(t);
  const other = join(temporaryFolder(t), "other", "node_modules", "fedkmeans");
  assert.doesNotMatch(kernel(dataDir, INSTALL).stdout, /replaces/);
  assert.doesNotMatch(kernel(dataDir, INSTALL).stdout, /replaces/);
  moveKernel(dataDir, other, "0.0.7");
  const { status, stdout } = kernel(dataDir, INSTALL);
  assert.equal(status, 0);
  assert.ok(
    stdout.includes(
      `\nIt replaces the one of ${other} (deno, fedkmeans 0.0.7); with --name both can be installed.\n`,
    ),
    stdout,
  );
});

test("kernel list names version and folder, and what a kernel lacks that cannot start", { skip }, (t) => {
  const dataDir = temporaryFolder(t);
  const other = join(temporaryFolder(t), "other");
  kernel(dataDir, INSTALL);
  moveKernel(dataDir, other, "0.0.7");
  kernel(dataDir, [...INSTALL, "--name", "mine"]);
  const fields = () =>
    kernel(dataDir, ["list"])
      .stdout.trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
  const theirs = ["fedkmeans-deno", "deno", "0.0.7", other];
  const mine = [...["mine", "deno", VERSION, PACKAGE_ROOT, "works"], join(dataDir, "kernels", "mine")];
  assert.deepEqual(fields(), [[...theirs, "works", join(dataDir, "kernels", "fedkmeans-deno")], mine]);
  rmSync(other, { recursive: true });
  const launcher = join(other, "dist", "jupyter", "deno-launcher.js");
  assert.deepEqual(fields(), [
    [...theirs, `broken: no ${launcher}`, join(dataDir, "kernels", "fedkmeans-deno")],
    mine,
  ]);
});

test("a kernel hides no other: neither Jupyter's own nor one of another folder", { skip }, (t) => {
  const dataDir = temporaryFolder(t);
  const elsewhere = temporaryFolder(t);
  mkdirSync(join(elsewhere, "kernels", "ir"), { recursive: true });
  writeFileSync(join(elsewhere, "kernels", "ir", "kernel.json"), '{"argv": ["R"], "display_name": "R"}');
  const refused = (name: string) => {
    const { status, stderr } = kernel(dataDir, [...INSTALL, "--name", name], { JUPYTER_PATH: elsewhere });
    return [status, stderr];
  };
  assert.deepEqual(refused("Python3"), [
    2,
    'fedkmeans: the name "Python3" would hide Jupyter\'s own Python kernel: choose another name\n',
  ]);
  assert.deepEqual(refused("IR"), [
    2,
    `fedkmeans: the name "IR" would hide the kernel ${join(elsewhere, "kernels", "ir")}: choose another name\n`,
  ]);
  assert.deepEqual(readdirSync(dataDir), []);
});

test("--sys-prefix installs for the Python of a virtual environment, and only there", { skip }, (t) => {
  const folder = temporaryFolder(t);
  const [dataDir, venv] = [join(folder, "data"), join(folder, "venv")];
  const made = spawnSync("/usr/bin/python3", ["-m", "venv", "--without-pip", venv], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  const env = { PYTHON: join(venv, "bin", "python"), VIRTUAL_ENV: venv };
  const directory = join(venv, "share", "jupyter", "kernels", "fedkmeans-deno");
  const installed = kernel(dataDir, [...INSTALL, "--sys-prefix"], env);
  assert.ok(installed.stdout.includes(`: ${directory}\n`), installed.stderr);
  assert.match(kernel(dataDir, ["list"], env).stdout, /^fedkmeans-deno .* works /);
  assert.equal(kernel(dataDir, ["list"]).stdout, "none; fedkmeans kernel install writes one\n");
  const removed = kernel(dataDir, ["uninstall", "fedkmeans-deno", "--sys-prefix"], env);
  assert.deepEqual(removed, { status: 0, stdout: `removed ${directory}\n`, stderr: "" });
});

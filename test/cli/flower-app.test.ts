import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { filesOf } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const APP = join(process.cwd(), "flower");

test("flower app copies the Flower app, without what Python compiled of it", (context) => {
  const folder = join(temporaryFolder(context), "new", "app");
  const { status, stdout, stderr } = fedkmeans(["flower", "app", folder]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /flwr run/);
  const sources = filesOf(APP).filter((file) => !file.includes("__pycache__"));
  assert.deepEqual(filesOf(folder).sort(), sources.sort());
  assert.ok(sources.includes("pyproject.toml"));
  for (const file of sources)
    assert.deepEqual(readFileSync(join(folder, file)), readFileSync(join(APP, file)), file);
});

test("flower app takes an empty folder, and leaves one with files as it is", (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "empty"));
  assert.equal(fedkmeans(["flower", "app", join(folder, "empty")]).status, 0);

  const full = join(folder, "full");
  mkdirSync(full);
  writeFileSync(join(full, "notes.txt"), "mine");
  for (const [path, found] of [
    [full, "files in it"],
    [join(full, "notes.txt"), "a file"],
  ]) {
    const { status, stderr } = fedkmeans(["flower", "app", path]);
    assert.equal(status, 2);
    assert.equal(stderr, `fedkmeans: ${path}: a new or an empty folder expected, found ${found}\n`);
  }
  assert.deepEqual(readdirSync(full), ["notes.txt"]);
  assert.deepEqual(readdirSync(folder).sort(), ["empty", "full"]);
});

test("flower app that cannot write fails with one line, and leaves nothing", (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "file"), "");
  const path = join(folder, "file", "app");
  const { status, stderr } = fedkmeans(["flower", "app", path]);
  assert.equal(status, 1);
  assert.match(stderr, /^fedkmeans: cannot write .*: .*\n$/);
  assert.deepEqual(readdirSync(folder), ["file"]);
});

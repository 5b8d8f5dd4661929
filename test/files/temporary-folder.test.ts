import assert from "node:assert/strict";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryName } from "#src/files/leftovers.js";
import { inTemporaryFolder } from "#src/files/temporary-folder.js";
import { temporaryFolder } from "../support/temporary.js";

test("a temporary folder is nobody else's to look into, and gone whatever comes of the work", async (context) => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = temporaryFolder(context);
  context.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  // What a process that was killed left: of this place, and of a number that no process has.
  const left = temporaryName(join(tmpdir(), "test-work.abc")).replace(/\d+\.tmp$/, "4194305.tmp");
  const folders: string[] = [];
  const work = async (folder: string) => {
    folders.push(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep", "file"), "rows");
    return 7;
  };
  mkdirSync(left);
  assert.deepEqual(
    await Promise.all([inTemporaryFolder("test-work", work), inTemporaryFolder("test-work", work)]),
    [7, 7],
  );
  const fail = async (folder: string) => {
    await work(folder);
    throw new Error("no");
  };
  await assert.rejects(inTemporaryFolder("test-work", fail), /^Error: no$/);
  assert.equal(new Set(folders).size, 3);
  assert.deepEqual([left, ...folders].filter(existsSync), []);
});

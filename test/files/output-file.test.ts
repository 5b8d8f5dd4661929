import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeFileAtomically } from "#src/files/atomic-write.js";
import { checkOutputFile } from "#src/files/output-file.js";
import { temporaryFolder } from "../support/temporary.js";

test("a file can be put in a folder that there is, in place of a file or where a link leads", (context) => {
  const folder = realpathSync(temporaryFolder(context));
  const at = (name: string) => join(folder, name);
  assert.equal(checkOutputFile(at("new")), at("new"));
  writeFileSync(at("file"), "old");
  assert.equal(checkOutputFile(at("file")), at("file"));
  symlinkSync("file", at("link"));
  assert.equal(checkOutputFile(at("link")), at("file"));
  mkdirSync(at("folder"));
  assert.throws(() => checkOutputFile(at("folder")), /cannot write .*folder: no regular file but a folder/);
  assert.throws(() => checkOutputFile(at("gone/x")), /cannot write .*x: there is no folder .*gone/);
  assert.throws(() => checkOutputFile(at("file/x")), { name: "RunError", message: /no folder/ });
});

test("what is written whole replaces no folder", (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "there"));
  const write = () => writeFileAtomically(join(folder, "there"), "text");
  assert.throws(write, { name: "RunError", message: /no regular file but a folder/ });
  writeFileAtomically(join(folder, "file"), "te", "xt");
  assert.equal(readFileSync(join(folder, "file"), "utf8"), "text");
});

import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "#src/files/make-folder.js";
import { temporaryFolder } from "../support/temporary.js";

test("a folder is made with those above it, is left as it is where it is there, and is no file", (t) => {
  const folder = temporaryFolder(t);
  const deep = join(folder, "a", "b", "c");
  makeFolder(deep);
  makeFolder(deep);
  assert.ok(statSync(deep).isDirectory());
  writeFileSync(join(folder, "file"), "");
  assert.throws(() => makeFolder(join(folder, "file")), { code: "EEXIST" });
  assert.throws(() => makeFolder(join(folder, "file", "below")), { code: "ENOTDIR" });
});

test("below a folder in which nothing can be made, making one ends with the system's error", {
  skip: existsSync("/proc/self") ? false : "there is no /proc",
}, () => {
  assert.throws(() => makeFolder("/proc/fedkmeans"), { code: "ENOENT" });
  assert.throws(() => makeFolder("/proc/fedkmeans/logs"), { code: "ENOENT" });
});

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { test } from "node:test";

/** Folders of tests that belong to no one folder of the sources. */
const OF_THEIR_OWN = ["docs", "flower", "fuzz", "package", "release", "support"];

for (const root of [".", "viz"]) {
  test(`tests stand in the folder of what they test: ${join(root, "test")}`, () => {
    const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
    const folders = new Set(files.filter((file) => file.endsWith(".test.ts")).map(dirname));
    assert.ok(folders.size > 5);
    const strangers = [...folders].filter(
      (folder) => !OF_THEIR_OWN.includes(folder.split(sep)[0]) && !existsSync(join(root, "src", folder)),
    );
    assert.deepEqual(strangers, []);
  });
}

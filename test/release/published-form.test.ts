import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/temporary.js";

/** Programs that look at a package as its users' tools will: entries, types, ways of resolving. */
const CHECKS = [
  ["publint@0.3", "--strict"],
  ["@arethetypeswrong/cli@0.18", "--no-color", "--no-emoji"],
];

for (const [program, ...options] of CHECKS) {
  const version = spawnSync("npx", ["--yes", program, "--version"], { encoding: "utf8" });
  const skip = version.status === 0 ? false : `npx cannot get ${program}`;
  test(`what npm packs passes ${program}`, { skip }, (context) => {
    const folder = temporaryFolder(context);
    for (const cwd of [".", "viz"]) {
      const args = ["pack", "--ignore-scripts", "--offline", "--pack-destination", folder];
      execFileSync("npm", args, { cwd, stdio: "ignore" });
    }
    const archives = readdirSync(folder);
    assert.equal(archives.length, 2);
    for (const archive of archives) {
      const checked = spawnSync("npx", ["--yes", program, join(folder, archive), ...options], {
        encoding: "utf8",
      });
      assert.equal(checked.status, 0, `${archive}: ${checked.stdout}${checked.stderr}`);
    }
  });
}

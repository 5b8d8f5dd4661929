import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/temporary.js";

/** A page of each entry. */
const PAGES = [
  "functions/fedkmeans.run.html",
  "interfaces/fedkmeans.RunResult.html",
  "modules/fedkmeans_directory.html",
  "functions/fedkmeans-viz.renderVideo.html",
];

test("the API reference of both packages is made without a warning", (context) => {
  const out = join(temporaryFolder(context), "api");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/docs.mjs", "--out", out], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  assert.equal(status, 0, stdout + stderr);
  assert.doesNotMatch(stdout + stderr, /warning|error/);
  for (const page of PAGES) assert.ok(existsSync(join(out, page)), page);
});

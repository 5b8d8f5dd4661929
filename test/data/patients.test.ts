import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/temporary.js";

test("the invented patients are those that their script writes", (t) => {
  const file = join(temporaryFolder(t), "patients.csv");
  execFileSync(process.execPath, [join("data", "build-patients.mjs"), file]);
  assert.equal(readFileSync(file, "utf8"), readFileSync(join("data", "patients", "patients.csv"), "utf8"));
});

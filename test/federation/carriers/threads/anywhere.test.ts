import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../support/temporary.js";

test("threads run on Deno from a folder that has no package.json", (t) => {
  const folder = temporaryFolder(t);
  const data = join(process.cwd(), "data", "penguins");
  writeFileSync(
    join(folder, "program.cjs"),
    `const { run } = require(${JSON.stringify(require.resolve("#src/experiment/run.js"))});
    const settings = { data: ${JSON.stringify(data)}, labelColumn: "species", carrier: "threads", threads: 2 };
    run(settings).then(({ converged }) => console.log(converged), (error) => console.log(error.message));`,
  );
  const deno = join(process.cwd(), "node_modules", ".bin", "deno");
  const args = ["run", "--allow-all", "--quiet", "program.cjs"];
  assert.equal(execFileSync(deno, args, { cwd: folder, encoding: "utf8" }), "true\n");
});

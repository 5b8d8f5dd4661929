import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COMMAND } from "../support/command.js";
import { json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const FULL = "/dev/full";
const VISUALIZE: string = join(process.cwd(), "viz", "bin", "visualize.js");
const PENGUINS: string = join(process.cwd(), "data", "penguins");

test("where standard output is full, every command says so in one line and fails", {
  skip: existsSync(FULL) ? false : "no /dev/full",
}, (context) => {
  const cwd = temporaryFolder(context);
  const full = openSync(FULL, "w");
  context.after(() => closeSync(full));
  const attempt = (program: string, args: readonly string[], stderr: "pipe" | number = "pipe") =>
    spawnSync(process.execPath, [program, ...args], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", full, stderr],
    });

  const run = attempt(COMMAND, [
    "run",
    "--data",
    PENGUINS,
    "--label-column",
    "species",
    "--max-iterations",
    "1",
    "--json",
  ]);
  const directory = join(cwd, "logs", readdirSync(join(cwd, "logs"))[0]);
  const outcomes: [string, ReturnType<typeof attempt>][] = [["fedkmeans", run]];
  for (const args of [["--help"], ["run", "--help"], ["--version"], ["verify", directory]]) {
    outcomes.push(["fedkmeans", attempt(COMMAND, args)]);
  }
  const draw = ["--experiment-dir", directory, "--rounds", "0", "--size", "640x360", "--frames-only"];
  for (const args of [["--help"], draw]) outcomes.push(["visualize", attempt(VISUALIZE, args)]);
  for (const [program, { status, stderr }] of outcomes) {
    assert.equal(stderr, `${program}: standard output: no space left on device\n`);
    assert.equal(status, 1);
  }
  assert.equal(json(directory, "experiment_summary.json").status, "completed");

  const usage = attempt(COMMAND, ["run", "--data", "nowhere"], full);
  assert.equal(usage.status, 2, "wrong usage stays wrong usage where nothing can be said");
});

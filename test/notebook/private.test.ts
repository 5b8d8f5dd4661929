import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as fk from "#src/index.js";
import { PENGUIN_BOUNDS } from "../support/private-penguins.js";
import { removedAfter } from "../support/temporary.js";

/* What a cell is shown of a run under differential privacy. */

const logDir = removedAfter(after);
let result: fk.RunResult;
before(async () => {
  const bounds = join(logDir, "bounds.csv");
  writeFileSync(bounds, PENGUIN_BOUNDS);
  const data = join(process.cwd(), "data", "penguins");
  const privately = { privacy: "dp", epsilon: 4, bounds, declaredRows: 340 } as const;
  result = await fk.run({
    data,
    labelColumn: "species",
    kGlobal: 3,
    carrier: "inline",
    logDir,
    ...privately,
  });
});

test("the directory verifies, and history has nothing that is withheld", () => {
  assert.equal(fk.verify(result.experimentDir).rounds, result.rounds + 1);
  const rounds = fk.history(result);
  assert.equal(rounds.length, result.rounds + 1);
  assert.ok(rounds.every((round) => round.inertia === null && !("meansWithheld" in round)));
});

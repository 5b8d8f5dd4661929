import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { run } from "#src/experiment/run.js";
import { knowledgeIn, totalOf } from "../support/attacks/directory.js";
import { solveRows } from "../support/attacks/passive.js";
import { json } from "../support/experiment.js";
import { hashesIn } from "../support/exports.js";
import { temporaryFolder } from "../support/temporary.js";

/* Whoever is handed a directory: of a simulation without the rows it recorded, or one that was exported. */

const ISLANDS = ["Biscoe", "Dream", "Torgersen"];

type Settings = Parameters<typeof run>[0];

/** Penguins in a folder of their own, the directory of a run over them less `client_data`, and its export. */
async function directories(context: TestContext, settings: Partial<Settings>) {
  const folder = temporaryFolder(context);
  const data = join(folder, "data");
  mkdirSync(data);
  for (const island of ISLANDS) cpSync(`data/penguins/${island}.csv`, join(data, `${island}.csv`));
  const { experimentDir } = await run({
    data,
    labelColumn: "species",
    logDir: join(folder, "logs"),
    carrier: "inline",
    kGlobal: 6,
    ...settings,
  } as Settings);
  const out = join(folder, "out");
  // Of rows there is nothing to export.
  if (!("groupSize" in settings || "privacy" in settings)) exportDirectory(experimentDir, out);
  rmSync(join(experimentDir, "client_data"), { recursive: true });
  return { data, directory: experimentDir, out };
}

function penguinsOf(island: string): number[][] {
  const [, ...lines] = readFileSync(`data/penguins/${island}.csv`, "utf8").trim().split("\n");
  return lines.map((line) => line.split(",").slice(0, 4).map(Number));
}

/** Rows that are solved for from what a directory has of local means, and how many of them are penguins. */
function solvedFrom(directory: string): { claims: number; right: number } {
  const sum = { claims: 0, right: 0 };
  for (const { id, name } of json(directory, "experiment_summary.json").clients) {
    const knowledge = knowledgeIn(directory, { id, nFeatures: 4 });
    assert.ok(knowledge.partitions.length > 1);
    const { mean, scale } = knowledge.partitions[0].transform.normalization!;
    const rows = penguinsOf(name);
    for (const { values } of solveRows(knowledge, totalOf(knowledge))) {
      const claim = values.map((x, j) => x * scale[j] + mean[j]);
      sum.claims += 1;
      sum.right += Number(rows.some((row) => row.every((x, j) => Math.abs(x - claim[j]) < 1e-6)));
    }
  }
  return sum;
}

/**
 * Who knows a client's file but for one cell tries every value that the cell may have: the one with which some hash of
 * the directory is the file's is right.
 */
function guessedByHash(directory: string, data: string): number | null {
  const hashes = hashesIn(directory);
  const [header, first, ...others] = readFileSync(join(data, "Dream.csv"), "utf8").split("\n");
  const fields = first.split(",");
  for (let mass = 2500; mass <= 6500; mass += 25) {
    const guess = [header, [...fields.slice(0, 3), mass, ...fields.slice(4)].join(","), ...others].join("\n");
    if (hashes.has(createHash("sha256").update(guess).digest("hex"))) return mass;
  }
  return null;
}

test("no row is solved for from a directory of groups, and of an exported one no hash confirms a guess", async (context) => {
  for (const algorithm of ["fkm", "lloyd", "best-lloyd"] as const) {
    const { data, directory, out } = await directories(context, { algorithm });
    for (const given of [directory, out]) {
      const { claims, right } = solvedFrom(given);
      context.diagnostic(
        `${algorithm}, ${given === out ? "exported" : "simulated"}: ${right} of ${claims} right`,
      );
      assert.equal(right, 0);
    }
    // What a simulation's own directory tells beside: the whole file, to whoever nearly has it.
    assert.equal(guessedByHash(directory, data), 3250);
    assert.equal(guessedByHash(out, data), null);
  }
});

test("rows are solved for from the directory of a run over rows, or behind a threshold", async (context) => {
  let right = 0;
  for (const settings of [{ groupSize: 1 }, { privacy: "threshold", privacyThreshold: 2 }] as const) {
    const { directory } = await directories(context, { algorithm: "lloyd", ...settings });
    const solved = solvedFrom(directory);
    context.diagnostic(`${Object.keys(settings)[0]}: ${solved.right} of ${solved.claims} right`);
    assert.ok(solved.right > 0);
    right += solved.right;
  }
  assert.ok(right > 5);
});

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chooseK, report, sweep } from "#src/index.js";
import type { ReportDocument, TableBlock } from "#src/report/page/document.js";
import { sweepDocument } from "#src/report/page/study/sweep-document.js";
import { readSweep } from "#src/report/page/study/sweep-facts.js";
import { temporaryFolder } from "../../../support/temporary.js";

function tablesOf({ sections }: ReportDocument): TableBlock[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.type === "table" ? [block] : [])));
}

/** A sweep of made figures: of two algorithms and three seeds. */
function madeSweep(folder: string): void {
  const cell = (algorithm: string, failed = 0) => ({
    keys: { algorithm },
    n_completed: 3 - failed,
    n_failed: failed,
    error: failed > 0 ? "too few, <b>clients</b>" : null,
    notes: [],
  });
  const summary = [cell("fkm"), cell("lloyd", 1)];
  writeFileSync(
    join(folder, "sweep.json"),
    JSON.stringify({ schema_version: 1, grid: ["algorithm"], summary }),
  );
  const runs = [
    "algorithm,seed,status,error,adjusted_rand_index",
    "fkm,0,completed,,0.5",
    "fkm,1,completed,,0.6",
    "fkm,2,completed,,0.7",
    "lloyd,0,completed,,0.9",
    "lloyd,1,completed,,0.6",
    'lloyd,2,failed,"too few, ""clients""",',
  ];
  writeFileSync(join(folder, "sweep.csv"), `${runs.join("\n")}\n`);
}

test("combinations have Student's interval, and settings are compared seed by seed", (context) => {
  const folder = temporaryFolder(context);
  madeSweep(folder);
  const [combinations, pairs] = tablesOf(sweepDocument(readSweep(folder), null));
  const [, , , mean, sd, low, high] = combinations.data!.rows[0] as number[];
  // t of two degrees of freedom: 4.30265
  const half = (4.30265 * 0.1) / Math.sqrt(3);
  const expectations: [number, number][] = [
    [mean, 0.6],
    [sd, 0.1],
    [low, 0.6 - half],
    [high, 0.6 + half],
  ];
  for (const [found, expected] of expectations) {
    assert.ok(Math.abs(found - expected) < 1e-6, `${found}`);
  }
  const [what, difference, , , n, higher, equal] = pairs.data!.rows[0];
  assert.deepEqual([what, n, higher, equal], ["algorithm: lloyd less fkm", 2, 1, 1]);
  assert.ok(Math.abs((difference as number) - 0.2) < 1e-12);
  const said = sweepDocument(readSweep(folder), null).sections[0].blocks[1];
  assert.ok(said.type === "warning" && said.items[0].join("").includes("<b>clients</b>"));
});

test("fk.report makes the page of a sweep and of a choice of k from their folders", async (context) => {
  const folder = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species" };
  const grid = { kGlobal: [2, 3] };
  const swept = await sweep(settings, grid, { seeds: [1, 2], output: join(folder, "sweep") });
  const chosen = await chooseK(settings, {
    kValues: [2, 3, 4],
    seeds: [1, 2],
    output: join(folder, "choice"),
  });
  for (const [result, said] of [
    [swept, /2 combinations|<strong>2<\/strong> combinations/],
    [chosen, /agreement of seeds/],
  ] as const) {
    const { reportPath } = await report(result);
    assert.match(readFileSync(reportPath, "utf8"), said);
  }
  await assert.rejects(report({ output: null } as never), /^UsageError: .*wrote no folder/);
});

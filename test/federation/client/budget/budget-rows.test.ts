import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpz } from "#src/data/formats/npz.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { writeNpy } from "#src/directory/npy.js";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { ask, LIMITS, mu2Of } from "../../../support/budget.js";
import { TABLE_DEFAULTS } from "../../../support/tables.js";
import { temporaryFolder } from "../../../support/temporary.js";

const PARQUET = join("test", "data", "formats", "parquet", "snappy.parquet");

test("the same numbers have spent the same, whatever the format of the file", async (context) => {
  const folder = temporaryFolder(context);
  const load = async (path: string, options: object = {}) => {
    const table = { ...TABLE_DEFAULTS, ...options };
    const { rows, featureNames } = await createPartitionLoader()({
      client: "p",
      path,
      table,
      clientColumn: null,
    });
    return { rows, columns: featureNames };
  };
  const columns = ["a", "b", "c"];
  const parquet = await load(PARQUET, { columns, missing: "drop" });
  const { nRows } = parquet.rows;
  // Thirds as well, which single precision has not in full.
  for (const [divided, more] of [
    [1, [PARQUET]],
    [3, []],
  ] as const) {
    const data = parquet.rows.data.map((x) => x / divided);
    const single = Float32Array.from(data);
    const shape = [nRows, 3];
    const cells = (all: Float64Array | Float32Array) =>
      Array.from({ length: nRows }, (_, i) => [...all.subarray(3 * i, 3 * i + 3)].map(String));
    const files = {
      "p.csv": `a,b,c\n${cells(data).toReversed().join("\n")}\n`,
      "p.tsv": `c\tb\ta\n${cells(data)
        .map((row) => row.toReversed().join("\t"))
        .join("\n")}\n`,
      "single.csv": `a,b,c\n${cells(single).join("\n")}\n`,
      // With a 0 of the other sign.
      "p.npy": writeNpy({ shape, data: data.map((x) => (x === 0 ? -0 : x)) }),
      "single.npy": writeNpy({ shape, data: single }),
      "p.npz": await writeNpz({ rows: { shape, data } }),
      "single.npz": await writeNpz({ rows: { shape, data: single } }),
    };
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
    const budget = new MemoryBudget(LIMITS);
    ask(budget, { columns, rows: { data, nRows, nColumns: 3 } }, 0.5);
    for (const path of [...Object.keys(files).map((name) => join(folder, name)), ...more]) {
      const { rows, columns: names } = await load(path, path === PARQUET ? { columns, missing: "drop" } : {});
      assert.equal(rows.nRows, nRows, path);
      for (let i = 0; i < nRows; i++) {
        const row = rows.data.subarray(3 * i, 3 * i + 3);
        const spent = budget.spentBy({ columns: names, rows: { data: row, nRows: 1, nColumns: 3 } });
        assert.equal(spent, mu2Of(0.5), `${path}, row ${i}`);
      }
    }
  }
});

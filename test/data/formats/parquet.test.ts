import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { SharedColumns } from "#src/data/formats/table.js";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { RunError, UsageError } from "#src/errors.js";
import { COLUMN_DEFAULTS, TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

/*
 * The files are what pandas 3.1 wrote (pyarrow 26) of 24 rows in groups of 10: a = i / 4, missing in row 2; b = i^2,
 * missing in row 5; c = i / 3 in single precision; flag = i is even; site = Nord, Süd, Ost in turn; label = k0 to k3 in
 * turn; year = 2000.0 and 2001.0 in turn; when = days; big = 2^53 + i. In twice.parquet two columns are named a.
 */

const FOLDER = join("test", "data", "formats", "parquet");
const KEPT: Partial<SharedColumns> = { dropColumns: ["when", "big", "site", "year"] };

function load(file: string, { clientColumn, ...options }: Partial<SharedColumns>) {
  const table = { ...TABLE_DEFAULTS, ...options };
  return createPartitionLoader()({ client: "p", path: file, table, clientColumn: clientColumn ?? null });
}

const fixture = (name: string) => join(FOLDER, `${name}.parquet`);

test("what pandas wrote is read, however it is compressed: numbers, truths, nulls and labels", async () => {
  for (const compression of ["snappy", "zstd", "gzip", "brotli"]) {
    const partition = await load(fixture(compression), { ...KEPT, missing: "drop" });
    const kept = Array.from({ length: 24 }, (_, i) => i).filter((i) => i !== 2 && i !== 5);
    assert.deepEqual(partition.featureNames, ["a", "b", "c", "flag"]);
    assert.deepEqual(
      [...partition.rows.data],
      kept.flatMap((i) => [i / 4, i * i, Math.fround(i / 3), i % 2 === 0 ? 1 : 0]),
      compression,
    );
    assert.equal(partition.labelColumn, "label");
    assert.deepEqual(
      Array.from(partition.labels!, (label) => partition.classes[label]),
      kept.map((i) => `k${i % 4}`),
    );
    assert.equal(
      partition.notices![0],
      '2 of 24 rows are left out for missing values: 1 in column "a", 1 in column "b"',
    );
  }
});

test("one Parquet file with a client column holds one client for each of its values", async () => {
  const options = {
    ...COLUMN_DEFAULTS,
    columns: ["c"],
    dropColumns: [],
    labelColumn: "year",
    clientColumn: "site",
  };
  const refs = await listPartitions(fixture("snappy"), options);
  assert.deepEqual(
    refs.map((ref) => "path" in ref && [ref.client, ref.nRows]),
    [
      ["Nord", 8],
      ["Ost", 8],
      ["Süd", 8],
    ],
  );
  const [nord, ost] = await Promise.all(refs.slice(0, 2).map(createPartitionLoader(refs.slice(0, 2))));
  assert.deepEqual([...nord.rows.data].slice(0, 3), [0, 1, 2]);
  assert.deepEqual([...ost.rows.data].slice(0, 2), [Math.fround(2 / 3), Math.fround(5 / 3)]);
  assert.deepEqual(nord.classes, ["2000", "2001"]);
});

test("what is no number, or no float64, is refused with its place and what to do", async () => {
  const refused: [Partial<SharedColumns>, RegExp][] = [
    [{ ...KEPT }, /row 2 \(counted from 0\), column "a": a missing value; 2 of 24 rows have one/],
    [
      { columns: ["c", "site"] },
      /row 0 .*column "site": a number expected, found "Nord"; leave text columns out/,
    ],
    [{ columns: ["when"] }, /column "when": a number expected, found "2020-01-01T00:00:00\.000Z"/],
    [
      { columns: ["big"] },
      /row 1 .*column "big": a whole number of at most 2\^53 expected.*found 9007199254740993/,
    ],
    [{ columns: ["d"] }, /no column "d": the columns are a, b, c, flag, site, label, year, when, big/],
  ];
  for (const [options, message] of refused) {
    await assert.rejects(load(fixture("snappy"), options), (error: Error) => {
      assert.ok(error instanceof RunError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});

test("two columns of one name are refused: the second would be read as the first", async () => {
  await assert.rejects(load(fixture("twice"), {}), /^RunError: .*twice\.parquet: two columns are named "a"$/);
});

test("the index that pandas saves is no feature", async () => {
  assert.deepEqual((await load(fixture("index"), {})).featureNames, ["a", "c"]);
});

test("a file in a folder is a client; a damaged one is refused in a line, and one that is gone is wrong usage", async (context) => {
  const folder = temporaryFolder(context);
  copyFileSync(fixture("index"), join(folder, "client_7.parquet"));
  const whole = readFileSync(fixture("zstd"));
  writeFileSync(join(folder, "client_8.parquet"), whole.subarray(0, 900));
  const torn = Uint8Array.from(whole);
  torn.fill(0xa5, 100, 600);
  writeFileSync(join(folder, "client_9.parquet"), torn);
  const refs = await listPartitions(folder, { ...COLUMN_DEFAULTS, columns: ["a", "c"] });
  assert.deepEqual(
    refs.map(({ client }) => client),
    ["7", "8", "9"],
  );
  const results = await Promise.allSettled(refs.map(createPartitionLoader(refs)));
  assert.equal(results[0].status, "fulfilled");
  for (const result of results.slice(1)) {
    const { reason } = result as PromiseRejectedResult;
    assert.ok(reason instanceof RunError);
    assert.match(reason.message, /parquet: damaged, or not a readable Parquet file: [^\n]+$/);
  }
  await assert.rejects(load("/nowhere/a.parquet", {}), UsageError);
});

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { RunError, UsageError } from "#src/errors.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { TABLE_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

/** Loads a file as one client's, and as that of several; every row that is read is finite, every failure one line. */
async function tryFile(path: string): Promise<void> {
  const table = { ...TABLE_DEFAULTS, missing: "drop" } as const;
  const attempts = [
    async () => [await createPartitionLoader()({ client: "a", path, table, clientColumn: null })],
    async () => {
      const refs = await listPartitions(path, { ...table, clientColumn: "site" });
      return Promise.all(refs.map(createPartitionLoader(refs)));
    },
  ];
  for (const attempt of attempts) {
    try {
      for (const { rows, labels } of await attempt()) {
        assert.equal(rows.data.length, rows.nRows * rows.nColumns);
        assert.ok(rows.nRows > 0 && rows.data.every(Number.isFinite));
        assert.ok(labels === null || (labels.length === rows.nRows && labels.every((label) => label >= 0)));
      }
    } catch (error) {
      assert.ok(error instanceof RunError || error instanceof UsageError, `${(error as Error).stack}`);
    }
  }
}

const scrap = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom("1", "2.5", "-3e4", "a", "site", "label", "", "NA", "0", "1,5", "é"),
  },
  { weight: 6, arbitrary: fc.constantFrom(",", ";", "\t", " ", "|") },
  { weight: 4, arbitrary: fc.constantFrom("\n", "\r\n", "\r") },
  {
    weight: 2,
    arbitrary: fc.constantFrom('"', '""', "#", "# x,y", "\0", "\uFEFF", "inf", "1e999", "9".repeat(20)),
  },
);

test("whatever a text file holds, it is read or refused", async (context) => {
  const folder = temporaryFolder(context);
  const text = fc.array(scrap, { maxLength: 60 }).map((parts) => Buffer.from(parts.join("")));
  const bytes = fc.oneof(
    text,
    fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  );
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.constantFrom("a.csv", "a.tsv", "a.csv.gz"),
      fc.nat(40),
      async (file, name, cut) => {
        const path = join(folder, name);
        const packed = name.endsWith("gz") ? gzipSync(file) : file;
        writeFileSync(path, cut < packed.length && cut > 35 ? packed.subarray(0, cut) : packed);
        await tryFile(path);
      },
    ),
    { seed: FUZZ_SEED, numRuns: fuzzCases(400) },
  );
});

test("a Parquet file with any byte changed, or cut anywhere, is read or refused", async (context) => {
  const path = join(temporaryFolder(context), "a.parquet");
  const whole = readFileSync(join("test", "data", "formats", "parquet", "zstd.parquet"));
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 4 }),
      fc.option(fc.nat(whole.length)),
      async (changes, cut) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        writeFileSync(path, cut === null ? bytes : bytes.subarray(0, cut));
        await tryFile(path);
      },
    ),
    { seed: FUZZ_SEED, numRuns: fuzzCases(150) },
  );
});

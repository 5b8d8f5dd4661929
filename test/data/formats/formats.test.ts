import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { csvFormat } from "#src/data/formats/csv/table.js";
import { anyOf, extensionsOf, FORMATS, formatOf } from "#src/data/formats/formats.js";
import { npzFormat } from "#src/data/formats/npz-table.js";
import { parquetFormat } from "#src/data/formats/parquet-table.js";
import { isPartitionFile } from "#src/data/partitions/partition-folder.js";

test("a file's format is told from the end of its name, in any case", () => {
  for (const format of FORMATS) {
    const compressed = format.mayBeGzip ? format.extensions.map((extension) => `${extension}.gz`) : [];
    for (const extension of [...format.extensions, ...compressed]) {
      assert.equal(formatOf(`folder.npz/a b${extension}`), format);
      assert.equal(formatOf(`A${extension.toUpperCase()}`), format);
      assert.ok(isPartitionFile(`a${extension}`));
      assert.equal(formatOf(`a${extension}.txt`), null);
      assert.equal(formatOf(`a${extension.slice(1)}`), null);
    }
  }
  assert.equal(formatOf("a.npz.gz"), null);
  assert.equal(isPartitionFile("a.npy.gz"), false);
  assert.equal(isPartitionFile(".csv"), false);
});

test("lists in messages name every extension of the formats", () => {
  const formats = [npzFormat, csvFormat, parquetFormat];
  assert.equal(anyOf(extensionsOf(formats, "plain")), ".npz, .csv, .tsv or .parquet");
  assert.equal(anyOf(extensionsOf(formats, "gzip")), ".npz, .csv, .tsv, .csv.gz, .tsv.gz or .parquet");
  assert.equal(anyOf(extensionsOf([npzFormat], "gzip")), ".npz");
});

test("the page on data names every extension", () => {
  const page = readFileSync("docs/data.md", "utf8");
  for (const extension of extensionsOf(FORMATS, "gzip"))
    assert.ok(page.includes(`\`${extension}\``), extension);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { anyOf, extensionsOf, FORMATS, formatOf } from "#src/data/formats/formats.js";
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

test("lists in messages name every format", () => {
  assert.equal(anyOf(extensionsOf(FORMATS, "plain")), ".npz, .npy, .csv, .tsv or .parquet");
  assert.deepEqual(extensionsOf(FORMATS, "gzip"), [
    ".npz",
    ".npy",
    ".csv",
    ".tsv",
    ".csv.gz",
    ".tsv.gz",
    ".parquet",
  ]);
  assert.equal(anyOf([".npz"]), ".npz");
});

test("the page on data names every extension", () => {
  const page = readFileSync("docs/data.md", "utf8");
  for (const extension of extensionsOf(FORMATS, "gzip"))
    assert.ok(page.includes(`\`${extension}\``), extension);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readNotebook } from "#src/jupyter/notebook-file.js";
import { NOTEBOOK_NAMES, NOTEBOOKS, outputsOf, testCommitted } from "../support/committed-notebook.js";

/** Those of which Deno is asked, too; the others are in test/release/. */
const ON_BOTH = ["01-quickstart.ipynb", "06-report.ipynb"];

for (const name of NOTEBOOK_NAMES) {
  testCommitted(name, "tslab");
  if (ON_BOTH.includes(name)) testCommitted(name, "deno");

  test(`notebooks/${name} is committed executed in order, names no machine, and has a parameters cell`, () => {
    const { cells, metadata } = readNotebook(join(NOTEBOOKS, name));
    assert.equal(metadata.papermill, undefined, "execute it with --no-record");
    const code = cells.filter((cell) => cell.cell_type === "code");
    assert.deepEqual(
      code.map((cell) => cell.execution_count),
      code.map((_, i) => i + 1),
    );
    assert.equal(code.filter((cell) => cell.metadata.tags?.includes("parameters")).length, 1);
    assert.ok(code.filter((cell) => (cell.outputs ?? []).length > 0).length >= 5);
    const changing = code.filter((cell) => cell.metadata.tags?.includes("nbval-ignore-output"));
    assert.ok(changing.length <= code.length / 2, "a notebook of which most may change is not tested");
    const text = JSON.stringify(code.flatMap((cell) => outputsOf(cell)));
    assert.doesNotMatch(text, /\/(home|root|tmp|work|Users)\//);
  });
}

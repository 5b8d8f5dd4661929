import assert from "node:assert/strict";
import { test } from "node:test";
import { ALGORITHM_NAMES } from "#src/workflow/clustering/algorithms.js";
import { textOf } from "./pages.js";

for (const page of ["README.md", "docs/algorithms.md", "docs/privacy.md"]) {
  test(`${page} says something of every algorithm`, () => {
    const text = textOf(page);
    assert.deepEqual(
      ALGORITHM_NAMES.filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });
}

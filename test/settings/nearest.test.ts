import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedNames } from "#src/settings/nearest.js";

const NAMES = ["data", "kGlobal", "kLocal", "pca", "labelColumn", "randomState"];

test("a name that is nearly one of those there are is taken for it, in any way of writing", () => {
  for (const [found, meant] of [
    ["kglobal", "kGlobal"],
    ["k-globl", "kGlobal"],
    ["label_column", "labelColumn"],
    ["lableColumn", "labelColumn"],
    ["randomSeed", null],
    ["klobal", "kGlobal"],
    ["PCA", "pca"],
    // As near to one name as to many others.
    ["x", null],
    ["toString", null],
  ] as const) {
    const expected = meant === null ? `expected one of ${NAMES.join(", ")}` : `did you mean ${meant}?`;
    assert.equal(expectedNames(found, NAMES), expected, found);
  }
});

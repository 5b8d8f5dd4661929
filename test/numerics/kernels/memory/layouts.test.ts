import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { BOUNDED_PROBLEM, DIRECT_PROBLEM } from "#src/numerics/kernels/memory/layouts.js";

const ROOT = process.cwd();

test("the layouts are those of the kernels' classes as they are", async () => {
  const script = pathToFileURL(join(ROOT, "scripts/kernel-layouts.mjs")).href;
  const { kernelLayouts } = (await import(script)) as { kernelLayouts: () => string };
  const written = readFileSync(join(ROOT, "src/numerics/kernels/memory/layouts.ts"), "utf8");
  assert.equal(written, kernelLayouts());
});

test("no two fields of a class overlap, and all lie within it", () => {
  for (const { bytes, f64, i32, usize } of [BOUNDED_PROBLEM, DIRECT_PROBLEM]) {
    const words = [
      ...Object.values(f64).flatMap((place) => [2 * place, 2 * place + 1]),
      ...Object.values(i32),
      ...Object.values(usize),
    ].sort((a, b) => a - b);
    assert.deepEqual(words, [...words.keys()]);
    assert.ok(words.length * 4 <= bytes && bytes < words.length * 4 + 8);
  }
});

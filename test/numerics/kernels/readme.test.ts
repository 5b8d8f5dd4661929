import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const KERNELS = join(process.cwd(), "src/numerics/kernels");

test("the files that the kernels' README names are there", () => {
  const text = readFileSync(join(KERNELS, "README.md"), "utf8");
  const files = readdirSync(KERNELS, { recursive: true, encoding: "utf8" });
  const named = new Set([...text.matchAll(/(?<![*.\w])[\w/-]+(?:\.as)?\.ts\b/g)].map(([name]) => name));
  assert.ok(named.size > 20, `${named.size} are named`);
  for (const name of named) {
    const isThere =
      existsSync(join(KERNELS, "..", name)) ||
      existsSync(join(KERNELS, "..", "..", name)) ||
      files.some((file) => `/${file}`.endsWith(`/${name}`));
    assert.ok(isThere, name);
  }
});

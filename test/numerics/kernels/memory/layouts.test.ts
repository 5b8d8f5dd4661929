import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { FIRST_ADDRESS } from "#src/numerics/kernels/constants.js";
import * as layouts from "#src/numerics/kernels/memory/layouts.js";
import { MOST_THREADS } from "#src/numerics/row-helpers.js";

const ROOT = process.cwd();
const BYTES = { f64: 8, i32: 4, usize: 4 };

interface Script {
  kernelLayouts(): string;
  layoutOf(name: string, body: string): string;
}
const script = import(
  pathToFileURL(join(ROOT, "scripts/kernel-layouts.mjs")).href
) as Promise<unknown> as Promise<Script>;

test("the layouts are those of the kernels' classes as they are", async () => {
  const written = readFileSync(join(ROOT, "src/numerics/kernels/memory/layouts.ts"), "utf8");
  assert.equal(written, (await script).kernelLayouts());
});

for (const [name, layout] of Object.entries(layouts)) {
  test(`no two fields of ${name} overlap, and all lie within it`, () => {
    const fields = (["f64", "i32", "usize"] as const).flatMap((type) =>
      Object.entries<number>(layout[type]).map(([field, place]) => ({
        field,
        start: place * BYTES[type],
        end: (place + 1) * BYTES[type],
      })),
    );
    fields.sort((a, b) => a.start - b.start);
    let end = 0;
    for (const field of fields) {
      assert.ok(field.start >= end, field.field);
      end = field.end;
    }
    assert.ok(end <= layout.bytes && layout.bytes % 8 === 0);
  });
}

test("a field lies at a multiple of its size, behind a gap where need be", async () => {
  const body =
    "  /** How many. */\n  n: i32;\n\n  /**\n   * A share.\n   */\n  share: f64;\n  // Where.\n  rows: usize;";
  const expected =
    "\nexport const GAP_FIRST = {\n  bytes: 24,\n  f64: {\n    share: 1,\n  },\n  i32: {\n    n: 0,\n  },\n" +
    "  usize: {\n    rows: 4,\n  },\n} as const;\n";
  assert.equal((await script).layoutOf("GapFirst", body), expected);
});

for (const line of [
  "n: i32; // rows",
  "n: u32;",
  "n: i32 = 0;",
  "n: i32; d: i32;",
  "get n(): i32 {",
  "/* rows */ n: i32; /* all */",
]) {
  test(`a class with the line "${line}" is refused`, async () => {
    const { layoutOf } = await script;
    assert.throws(() => layoutOf("Wrong", `  d: i32;\n  ${line}`), {
      message:
        `the class Wrong of the kernels has the line "${line}": expected a field alone on its line, ` +
        '"name: type;", of type f64, i32, usize, or a comment',
    });
  });
}

test("each thread that works in a memory has sixteen bytes of its own below the first region", () => {
  // The first sixteen are nobody's; the owner of the memory is one more than those that help.
  assert.ok(16 + (1 + MOST_THREADS) * 16 <= FIRST_ADDRESS);
});

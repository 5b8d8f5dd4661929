import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

const FOLDERS = ["", "kernels/statistics"].map((folder) => join(process.cwd(), "src", "numerics", folder));

/** What the comments of a file show: statements, of which the last is an expression, and what it comes to. */
function examplesOf(text: string): { code: string; expected: string }[] {
  return [...text.matchAll(/@example([^@]*?)(?=\n \* @|\n \*\/)/g)].map(([, block]) => {
    const lines = block.split("\n").map((line) => line.replace(/^ \* {0,3}/, ""));
    const [expression, expected] = lines.at(-1)!.split(" // => ");
    assert.ok(expected !== undefined, `an example ends with what it comes to: ${block}`);
    // A block, whose names may be those of functions.
    return { code: ["{", ...lines.slice(0, -1), `return ${expression.trim()};`, "}"].join("\n"), expected };
  });
}

/** The same with plain arrays. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, plain(element)]));
}

function isSame(actual: unknown, expected: unknown): boolean {
  if (typeof actual === "number" && typeof expected === "number") {
    return Math.abs(actual - expected) <= 4 * Number.EPSILON * Math.abs(expected);
  }
  if (typeof actual !== "object" || actual === null) return Object.is(actual, expected);
  const [a, b] = [actual, expected] as Record<string, unknown>[];
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSame(a[name], b[name]));
}

test("the examples in comments come to what they say", () => {
  const exported: Record<string, unknown> = {};
  const examples: { file: string; code: string; expected: string }[] = [];
  for (const folder of FOLDERS) {
    for (const name of readdirSync(folder).filter((file) => /(?<!\.as)\.ts$/.test(file))) {
      const file = join(folder, name);
      const found = examplesOf(readFileSync(file, "utf8"));
      if (found.length === 0) continue;
      const compiled = file.replace(join(process.cwd(), "src"), join(process.cwd(), "dist"));
      Object.assign(exported, require(compiled.replace(/\.ts$/, ".js")));
      examples.push(...found.map((example) => ({ file: basename(file), ...example })));
    }
  }
  assert.ok(examples.length >= 20, `${examples.length} examples`);
  for (const { file, code, expected } of examples) {
    const run = (body: string) => new Function(...Object.keys(exported), body)(...Object.values(exported));
    const [found, wanted] = [plain(run(code)), plain(run(`return ${expected};`))];
    assert.ok(
      isSame(found, wanted),
      `${file}: ${code}\nexpected ${expected}, found ${JSON.stringify(found)}`,
    );
  }
});

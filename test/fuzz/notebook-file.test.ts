import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RunError, UsageError } from "#src/errors.js";
import { injectParameters, joinLines, readNotebook } from "#src/jupyter/notebook-file.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { temporaryFolder } from "../support/temporary.js";

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: ["# A\n", "b"] },
    { cell_type: "code", id: "b", metadata: { tags: ["parameters"] }, source: "let k = 1;", outputs: [] },
    {
      cell_type: "code",
      id: "c",
      metadata: {},
      source: [],
      execution_count: 1,
      outputs: [{ output_type: "stream", name: "stdout", text: ["1\n"] }],
    },
  ],
};

const JUNK = [
  null,
  0,
  -1.5,
  "",
  "parameters",
  true,
  [],
  {},
  [null],
  [[]],
  { tags: [1] },
  "\u001b[31m",
  1e300,
];

/** A copy of a value in which one thing, somewhere, is missing, doubled or something else. */
function mutate(value: unknown, random: RandomStream): unknown {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (inner.length === 0 || random.uniform() < 0.1) return JUNK[random.integer(JUNK.length)];
  const [key, chosen] = inner[random.integer(inner.length)];
  const what = random.uniform();
  if (Array.isArray(value)) {
    const at = Number(key);
    if (what < 0.15) return value.toSpliced(at, 1);
    if (what < 0.25) return value.toSpliced(at, 0, chosen);
    return value.with(at, mutate(chosen, random));
  }
  const { [key]: _, ...others } = value as Record<string, unknown>;
  return what < 0.25 ? others : { ...others, [key]: mutate(chosen, random) };
}

test("a file is a notebook that can be used, or is refused in one line that names it", (context) => {
  const path = join(temporaryFolder(context), "nb.ipynb");
  const random = randomStream(FUZZ_SEED, "notebooks");
  let refused = 0;
  const cases = fuzzCases(1000);
  for (let i = 0; i < cases; i++) {
    let contents: unknown = NOTEBOOK;
    for (let times = 1 + random.integer(3); times > 0; times--) contents = mutate(contents, random);
    const text = JSON.stringify(contents);
    writeFileSync(path, random.uniform() < 0.05 ? text.slice(0, random.integer(text.length)) : text);
    try {
      const notebook = readNotebook(path);
      for (const cell of notebook.cells) assert.equal(typeof joinLines(cell.source), "string");
      injectParameters(notebook, [["k", "2"]], path);
      assert.equal(notebook.cells.filter(({ source }) => joinLines(source).includes("let k = 2;")).length, 1);
    } catch (error) {
      refused += 1;
      const where = `case ${i}: ${text}`;
      assert.ok(
        error instanceof RunError || error instanceof UsageError,
        `${where}: ${(error as Error).stack}`,
      );
      assert.ok(error.message.includes("nb.ipynb"), where);
      assert.doesNotMatch(error.message, /undefined|\p{Cc}/u, where);
      assert.ok(error.message.length < 400, where);
    }
  }
  assert.ok(refused > cases / 4 && refused < cases, `${refused} refused`);
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { skipWithoutKernel } from "../support/jupyter.js";
import { converse, streamed, type Told } from "../support/kernel-session.js";
import { temporaryFolder } from "../support/temporary.js";

const HELPER = `interface Shape { side: number }

export function helper(): Shape {
  throw new TypeError("of the helper");
}
`;

const CELLS = [
  'import * as fk from "fedkmeans";',
  "interface Pair { a: number;\n  b: number }\nconst z = ;",
  'await fk.run({\n  data: "x",\n  kGlobal: "three",\n});',
  "interface Pair { a: number;\n  b: number }\nfunction f(x: number): number {\n  if (x > 1) throw new RangeError('bad ' + x);\n  return x;\n}\nf(0);\nf(3);",
  'await fk.run({ data: "nowhere", kGlobal: 3 });',
  'import { helper } from "./helper";\nhelper();',
  "throw 5;",
  'void Promise.reject(new Error("lost"));',
  'setTimeout(() => process.kill(process.pid, "SIGINT"), 100);\nawait new Promise((resolve) => setTimeout(resolve, 2_000));',
  'for (let i = 0; i < 3000; i++) console.log("line " + i);',
  'console.log("alive");',
];

/** Without colours. */
function traceback({ outputs }: Told): string[] {
  const error = outputs.find(({ type }) => type === "error")!;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape begins each colour
  return error.content.traceback!.map((line) => line.replaceAll(/\x1b\[\d+m/g, ""));
}

test("tslab: what a frontend is told of each cell", { skip: skipWithoutKernel("tslab") }, async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "helper.ts"), HELPER);
  const told = converse("tslab", folder, CELLS);

  await t.test("its number, before it runs, and with the answer; cells that failed are counted, too", () => {
    const inputs = told.map(({ outputs }) => outputs.filter(({ type }) => type === "execute_input"));
    assert.deepEqual(
      inputs.map((input) => input.map(({ content }) => content.execution_count)),
      CELLS.map((_, i) => [i + 1]),
    );
    assert.ok(told.every(({ outputs }) => outputs[0].type === "execute_input"));
    assert.deepEqual(
      told.map(({ reply }) => reply.execution_count),
      CELLS.map((_, i) => i + 1),
    );
  });

  await t.test("one error, the same as in the answer", () => {
    const failed = told.slice(1, 9);
    for (const { outputs, reply } of failed) {
      const errors = outputs.filter(({ type }) => type === "error").map(({ content }) => content);
      const { ename, evalue, traceback } = reply;
      assert.equal(reply.status, "error");
      assert.deepEqual(errors, [{ ename, evalue, traceback }]);
      assert.deepEqual(streamed({ outputs } as Told), "");
    }
  });

  await t.test("where it does not compile: message, line, column, and a mark below the code", () => {
    assert.deepEqual(traceback(told[1]), [
      "SyntaxError: Expression expected.",
      "    at cell, line 3, column 11",
      "    const z = ;",
      "              ^",
    ]);
    assert.equal(told[1].reply.evalue, "Expression expected. (line 3, column 11)");
    assert.deepEqual(traceback(told[2]), [
      "TypeScriptError: Type 'string' is not assignable to type 'number'.",
      "    at cell, line 3, column 3",
      '      kGlobal: "three",',
      "      ^^^^^^^",
    ]);
  });

  await t.test("where it threw: the lines of the cell, and none of what runs it", () => {
    assert.deepEqual(traceback(told[3]), [
      "RangeError: bad 3",
      "    at cell 4, line 4, column 20",
      "      if (x > 1) throw new RangeError('bad ' + x);",
      "                       ^",
      "    at cell 4, line 8, column 1",
    ]);
    assert.deepEqual(traceback(told[4]), ["UsageError: nowhere: no such file or folder"]);
    assert.deepEqual(traceback(told[5]).slice(0, 3), [
      "TypeError: of the helper",
      "    at helper.ts, line 4, column 9",
      "    at cell 6, line 2, column 7",
    ]);
    assert.deepEqual(traceback(told[6]), ["Thrown: 5"]);
  });

  await t.test("of a rejection that nobody awaits, and of an interrupt, that the cell failed", () => {
    assert.equal(traceback(told[7])[0], "Error: lost");
    assert.deepEqual(traceback(told[8]), ["Interrupted: the cell was interrupted"]);
  });

  await t.test("every line of thousands, and what comes right after a cell that failed", () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}\n`);
    assert.equal(streamed(told[9]), lines.join(""));
    assert.equal(streamed(told[10]), "alive\n");
  });
});

test("deno: what a frontend is told of each cell that fails", {
  skip: skipWithoutKernel("deno"),
}, async (t) => {
  const cells = [
    "interface Pair { a: number;\n  b: number }\nconst z = ;",
    "throw new RangeError('bad');",
    'void Promise.reject(new Error("lost"));',
    'console.log("alive");',
  ];
  const told = converse("deno", temporaryFolder(t), cells);

  await t.test("one error, the same as in the answer", () => {
    for (const { outputs, reply } of told.slice(0, 3)) {
      const errors = outputs.filter(({ type }) => type === "error").map(({ content }) => content);
      const { ename, evalue, traceback } = reply;
      assert.equal(reply.status, "error");
      assert.deepEqual(errors, [{ ename, evalue, traceback }]);
    }
  });

  await t.test("where it does not compile: message, line, column, and a mark below the code", () => {
    assert.deepEqual(traceback(told[0]), [
      "SyntaxError: Expression expected",
      "    at cell, line 3, column 11",
      "    const z = ;",
      "              ^",
    ]);
    assert.equal(told[0].reply.evalue, "Expression expected (line 3, column 11)");
  });

  await t.test("what it threw, also where nobody awaits it; the kernel goes on", () => {
    assert.deepEqual(traceback(told[1]), ["RangeError: bad"]);
    assert.deepEqual(traceback(told[2]), ["Error: lost"]);
    assert.equal(streamed(told[3]), "alive\n");
  });
});

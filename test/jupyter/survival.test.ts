import assert from "node:assert/strict";
import { test } from "node:test";
import { FLAVOURS } from "#src/jupyter/kernelspec.js";
import { skipWithoutKernel } from "../support/jupyter.js";
import { converse, streamed } from "../support/kernel-session.js";
import { temporaryFolder } from "../support/temporary.js";

/** Writes a package beside the notebook, as npm does. */
const INSTALL = `
import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("node_modules/late-package", { recursive: true });
writeFileSync("package.json", '{ "dependencies": { "late-package": "1.0.0" } }');
const main = { name: "late-package", version: "1.0.0", main: "index.js", types: "index.d.ts" };
writeFileSync("node_modules/late-package/package.json", JSON.stringify(main));
writeFileSync("node_modules/late-package/index.js", "exports.answer = 42;");
writeFileSync("node_modules/late-package/index.d.ts", "export declare const answer: number;");`;

test("tslab: a package that is installed beside a running notebook can be imported, and nothing is lost", {
  skip: skipWithoutKernel("tslab"),
}, (t) => {
  const [, failed, , imported, kept] = converse("tslab", temporaryFolder(t), [
    "const keep = 42;",
    'import * as late from "late-package";',
    INSTALL,
    'import * as late from "late-package";',
    "console.log(keep, late.answer);",
  ]);
  assert.equal(failed.reply.status, "error");
  assert.equal(imported.reply.status, "ok");
  assert.equal(streamed(kept), "42 42\n");
});

for (const kernel of FLAVOURS) {
  test(`${kernel}: interrupts while no cell runs, or while one waits, leave every variable`, {
    skip: skipWithoutKernel(kernel),
  }, (t) => {
    const folder = temporaryFolder(t);
    const [, kept, , again] = converse(kernel, folder, [
      "const keep = 42;",
      { interrupts: 3 },
      "console.log(keep);",
      // Jupyter's interrupt, sent by the cell itself while it waits.
      'setTimeout(() => process.kill(process.pid, "SIGINT"), 50);\nawait new Promise((resolve) => setTimeout(resolve, 1000));',
      "console.log(keep);",
    ]);
    assert.equal(streamed(kept), "42\n");
    assert.equal(streamed(again), "42\n");
  });
}

test("deno: outputs of 12 megabytes are whole, each before its cell is done, and the kernel goes on", {
  skip: skipWithoutKernel("deno"),
}, (t) => {
  const size = 12_000_000;
  const told = converse("deno", temporaryFolder(t), [
    `await Deno.jupyter.broadcast("display_data", { data: { "text/plain": "x".repeat(${size}) }, metadata: {} });`,
    `await Deno.jupyter.display({ "text/plain": "x".repeat(${size}) }, { raw: true });\nconsole.log("after");`,
    `const display = Symbol.for("Jupyter.display");\n({ [display]: () => ({ "text/plain": "x".repeat(${size}) }) })`,
    `console.log("x".repeat(${size}));`,
    'console.log("alive");',
  ]);
  const sizes = told.map(({ outputs }) =>
    outputs.map(({ content }) => content.data?.["text/plain"].length ?? content.text?.length ?? 0),
  );
  assert.deepEqual(
    sizes.map((all) => all.reduce((sum, one) => sum + one, 0)),
    [size, size + 6, size, size + 1, 6],
  );
  assert.deepEqual(
    told.flatMap(({ late }) => late),
    [],
  );
});

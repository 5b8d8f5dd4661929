import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { notebookOf, skipWithoutKernel } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

test("notebook check executes again, and names the first cell that shows something else, or fails", {
  skip: skipWithoutKernel("deno"),
}, (t) => {
  const cwd = temporaryFolder(t);
  const sources = [
    "let k = 3;",
    "console.log('k is ' + k + ', after ' + performance.now() + ' ms')",
    "console.log(k + 1)",
  ];
  const holding = (name: string, texts: string[], more: string[] = []) => {
    const notebook = notebookOf([...sources, ...more]);
    texts.forEach((text, i) => {
      notebook.cells[i + 1].outputs = [{ output_type: "stream", name: "stdout", text }];
    });
    writeFileSync(join(cwd, name), JSON.stringify(notebook));
  };
  const check = (name: string) => {
    const before = readFileSync(join(cwd, name), "utf8");
    const { status, stdout, stderr } = fedkmeans(["notebook", "check", name, "--kernel", "deno"], { cwd });
    assert.equal(readFileSync(join(cwd, name), "utf8"), before);
    return { status, stdout, stderr: stderr.replaceAll(/^cell .*\n/gm, "") };
  };
  holding("same.ipynb", ["k is 3, after 5.5 ms\n", "4\n"]);
  assert.deepEqual(check("same.ipynb"), {
    status: 0,
    stdout: "same.ipynb: 3 code cells compared, all show the same\n",
    stderr: "",
  });
  holding("other.ipynb", ["k is 3, after 5.5 ms\n", "5\n"], ["throw new Error('later')"]);
  assert.deepEqual(check("other.ipynb"), {
    status: 1,
    stdout: "",
    stderr: 'fedkmeans: other.ipynb: cell 3 shows something else: expected "5\\n", found "4\\n"\n',
  });
  holding("fails.ipynb", ["k is 3, after 5.5 ms\n", "4\n"], ["throw new Error('later')"]);
  assert.deepEqual(check("fails.ipynb"), {
    status: 1,
    stdout: "",
    stderr: "fedkmeans: fails.ipynb: cell 4 failed: Error: later\n",
  });
  holding("blank.ipynb", []);
  assert.match(check("blank.ipynb").stderr, /blank\.ipynb: none of its cells shows anything to compare with/);
  assert.deepEqual(readdirSync(cwd).sort(), ["blank.ipynb", "fails.ipynb", "other.ipynb", "same.ipynb"]);
});

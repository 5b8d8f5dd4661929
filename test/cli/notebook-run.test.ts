import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { VERSION } from "#src/files/package-root.js";
import { joinLines, type Notebook, readNotebook } from "#src/jupyter/notebook-file.js";
import { fedkmeans } from "../support/command.js";
import { notebookOf, skipWithoutKernel } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

const skip = skipWithoutKernel("deno");

test("notebook run records what papermill records, and marks the cell that failed", { skip }, (t) => {
  const cwd = temporaryFolder(t);
  const text = JSON.stringify(
    notebookOf(["let k = 3;", "if (k > 4) throw new Error('no');", "k"], "parameters"),
  );
  writeFileSync(join(cwd, "nb.ipynb"), text);
  const run = (...args: string[]) =>
    fedkmeans(["notebook", "run", ...args, "--kernel", "deno", "--mark-failure"], { cwd });
  // The name of the notebook may come after parameters, and a parameter may be a negative number.
  const before = new Date().toISOString();
  const bad = run("-p", "k", "5", "nb.ipynb", "--output", "bad.ipynb");
  const after = new Date().toISOString();
  assert.deepEqual([bad.status, bad.stdout], [1, ""]);
  assert.match(bad.stderr, /\nfedkmeans: nb\.ipynb: cell 3 failed: Error: no\n$/);
  const { cells, metadata } = readNotebook(join(cwd, "bad.ipynb"));
  const { start_time, end_time, duration, ...rest } = metadata.papermill!;
  assert.deepEqual(rest, {
    parameters: { k: 5 },
    input_path: "nb.ipynb",
    output_path: "bad.ipynb",
    exception: true,
    version: `fedkmeans ${VERSION}`,
  });
  assert.ok(before <= start_time && start_time < end_time && end_time <= after);
  assert.equal(duration, (Date.parse(end_time) - Date.parse(start_time)) / 1000);
  const { environment, kernel, notebook_sha256 } = metadata.fedkmeans!;
  assert.equal(environment.fedkmeans, VERSION);
  assert.equal(kernel.name, "Deno");
  assert.match(kernel.version!, /^\d+\.\d+\.\d+/);
  assert.equal(notebook_sha256, createHash("sha256").update(text).digest("hex"));

  assert.match(joinLines(cells[0].source), /failed at <a href="#papermill-error-cell">In \[3\]</);
  assert.match(joinLines(cells[3].source), /id="papermill-error-cell"/);
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  const records = code.map((cell) => cell.metadata.papermill!);
  assert.deepEqual(
    records.map(({ status, exception }) => [status, exception]),
    [
      ["completed", false],
      ["completed", false],
      ["failed", true],
      ["pending", null],
    ],
  );
  assert.deepEqual(records[3].start_time, null);
  const inOrder = records.slice(0, 3).flatMap(({ start_time, end_time }) => [start_time!, end_time!]);
  assert.deepEqual(inOrder, [...inOrder].sort());

  // Run again, what the failure left is gone; without a record nothing says when.
  const good = run("bad.ipynb", "-p", "k", "-5", "--no-record", "--no-code", "--output", "1.ipynb");
  assert.deepEqual([good.status, good.stdout], [0, "1.ipynb\n"], good.stderr);
  const first = readFileSync(join(cwd, "1.ipynb"), "utf8");
  const notebook = JSON.parse(first) as Notebook;
  assert.deepEqual(
    notebook.cells.map(({ source }) => joinLines(source)),
    ["let k = 3;", "// Parameters\nlet k = -5;", "if (k > 4) throw new Error('no');", "k"],
  );
  assert.ok(notebook.cells.every(({ metadata }) => metadata.jupyter?.source_hidden));
  assert.doesNotMatch(first, /papermill|\d{4}-\d{2}-\d{2}T/);
});

test("notebook run refuses what it cannot write, before it runs anything", (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, "nb.ipynb"), JSON.stringify(notebookOf(["1"])));
  const run = fedkmeans(["notebook", "run", "nb.ipynb", "--output", "none/out.ipynb"], { cwd });
  assert.deepEqual(run, {
    status: 1,
    stdout: "",
    stderr: "fedkmeans: cannot write none/out.ipynb: there is no folder none\n",
  });
  const replacing = ["notebook", "run", "nb.ipynb", "--to", "html", "--output", "./nb.ipynb"];
  assert.deepEqual(fedkmeans(replacing, { cwd }), {
    status: 2,
    stdout: "",
    stderr: "fedkmeans: --output ./nb.ipynb would replace the notebook by html\n",
  });
  assert.deepEqual(readdirSync(cwd), ["nb.ipynb"]);
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { injectParameters, type Parameter, readNotebook } from "#src/jupyter/notebook-file.js";
import { notebookOf } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

const TAGGED = ["let k = 3;\nconst name = 'a', other = 2;\nlet flags = [true];", "k"];

function injected(parameters: readonly Parameter[]): (string | string[])[] {
  const notebook = notebookOf(TAGGED, "parameters");
  injectParameters(notebook, parameters, "nb.ipynb");
  return notebook.cells.map(({ source }) => source);
}

test("values come after the cell tagged parameters, declared as it declares them", () => {
  const sources = injected([
    ["k", "5"],
    ["name", "ward 7"],
    ["flags", "[false, true]"],
  ]);
  assert.deepEqual(sources, [
    TAGGED[0],
    '// Parameters\nlet k = 5;\nconst name = "ward 7";\nlet flags = [false,true];',
    TAGGED[1],
  ]);
});

test("text that would be code is a value and nothing else", () => {
  const [, cell] = injected([["name", 'x"; process.exit(3); "']]);
  assert.equal(cell, '// Parameters\nconst name = "x\\"; process.exit(3); \\"";');
});

test("an earlier run's values are replaced", () => {
  const notebook = notebookOf(TAGGED, "parameters");
  injectParameters(notebook, [["k", "4"]], "nb.ipynb");
  injectParameters(notebook, [["k", "5"]], "nb.ipynb");
  assert.deepEqual(
    notebook.cells.map(({ source }) => source),
    [TAGGED[0], "// Parameters\nlet k = 5;", TAGGED[1]],
  );
});

test("a parameter that the notebook does not have is refused by name", () => {
  assert.throws(() => injected([["kk", "5"]]), {
    name: "UsageError",
    message: 'nb.ipynb has no parameter kk: its cell "parameters" declares k, name, flags',
  });
  assert.throws(() => injectParameters(notebookOf(TAGGED), [["k", "5"]], "nb.ipynb"), {
    name: "UsageError",
    message: 'nb.ipynb takes no parameters: none of its cells is tagged "parameters"',
  });
});

test("what is no notebook is refused in one line", (t) => {
  const path = join(temporaryFolder(t), "nb.ipynb");
  assert.throws(() => readNotebook(path), { name: "UsageError", message: /cannot be read: ENOENT/ });
  const cell = { cell_type: "code", metadata: {}, source: "let k = 1;" };
  const whole = { nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell, cell] };
  const second = (other: object) => ({ ...whole, cells: [cell, { ...cell, ...other }] });
  const cases: [contents: unknown, message: RegExp][] = [
    [null, /^a notebook expected, found null$/],
    [[], /^a notebook expected, found \[\]$/],
    [
      { nbformat: 3, nbformat_minor: 0, worksheets: [{ cells: [] }] },
      /nbformat 4 expected, found nbformat 3; jupyter/,
    ],
    [{ cells: [] }, /nbformat 4 expected, found nbformat none$/],
    [{ ...whole, metadata: undefined }, /^metadata must be an object, found none$/],
    [
      { ...whole, metadata: { kernelspec: { name: 3 } } },
      /^metadata\.kernelspec\.name must be a text, found 3$/,
    ],
    [{ ...whole, cells: {} }, /^cells must be a list, found \{\}$/],
    [{ ...whole, cells: [cell, null] }, /^cell 2: it must be an object, found null$/],
    [second({ metadata: undefined }), /^cell 2: metadata must be an object, found none$/],
    [
      second({ metadata: { tags: "parameters" } }),
      /^cell 2: metadata\.tags must be a list of texts, found "param/,
    ],
    [second({ source: [1] }), /^cell 2: source must be a text or a list of texts, found \[1\]$/],
    [second({ cell_type: "cod" }), /^cell 2: cell_type must be code or markdown or raw, found "cod"$/],
    [second({ outputs: [null] }), /^cell 2: outputs must be a list of objects, found \[null\]$/],
  ];
  writeFileSync(path, "{");
  assert.throws(() => readNotebook(path), { name: "RunError", message: /nb\.ipynb: not a notebook: / });
  for (const [contents, message] of cases) {
    writeFileSync(path, JSON.stringify(contents));
    assert.throws(
      () => readNotebook(path),
      (error: Error) => {
        assert.equal(error.name, "RunError");
        assert.ok(error.message.startsWith(path));
        assert.match(error.message.slice(path.length).replace(/^[:,] /, ""), message);
        return true;
      },
    );
  }
});

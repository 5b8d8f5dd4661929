import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { executeNotebook } from "#src/jupyter/execute-notebook.js";
import type { Flavour } from "#src/jupyter/kernelspec.js";
import { joinLines, type Notebook, type NotebookCell, readNotebook } from "#src/jupyter/notebook-file.js";
import { ROOT, skipWithoutKernel } from "./jupyter.js";
import { temporaryFolder } from "./temporary.js";

/** Where the project's notebooks are, and their names. */
export const NOTEBOOKS: string = join(ROOT, "notebooks");
export const NOTEBOOK_NAMES: readonly string[] = readdirSync(NOTEBOOKS).filter((name) =>
  name.endsWith(".ipynb"),
);

/** Tests that a notebook shows today, on a kernel, what is committed. */
export function testCommitted(name: string, kernel: Flavour): void {
  test(`notebooks/${name} shows today, on ${kernel}, what is committed`, {
    skip: skipWithoutKernel(kernel) || skipWithoutViz(name),
  }, async (t) => {
    // Notebooks read ../data and write to ../data and ../logs.
    const root = temporaryFolder(t);
    mkdirSync(join(root, "notebooks"));
    mkdirSync(join(root, "data"));
    for (const data of ["penguins", "patients"]) {
      symlinkSync(join(ROOT, "data", data), join(root, "data", data));
    }
    cpSync(join(NOTEBOOKS, name), join(root, "notebooks", name));
    const committed = readNotebook(join(NOTEBOOKS, name));
    const folder = join(root, "notebooks");
    const never = new AbortController().signal;
    const { notebook, failure } = await executeNotebook(blank(committed), folder, kernel, never);
    assert.equal(failure, null);
    committed.cells.forEach((cell, i) => {
      // Noise differs from run to run: of such a cell what it shows must be of the same make.
      const seen = cell.metadata.tags?.includes(CHANGES) ? shapesOf : outputsOf;
      assert.deepEqual(seen(notebook.cells[i]), seen(cell), `cell ${i + 1}:\n${joinLines(cell.source)}`);
    });
    assert.deepEqual(readdirSync(folder), [name]);
  });
}

/** Notebooks that show frames need the package that draws them. */
function skipWithoutViz(name: string): string | false {
  const uses = readNotebook(join(NOTEBOOKS, name)).cells.some(({ source }) =>
    /fk\.(frame|video)\(/.test(joinLines(source)),
  );
  try {
    if (uses) createRequire(join(ROOT, "package.json")).resolve("fedkmeans-viz");
    return false;
  } catch {
    return "fedkmeans-viz is not installed";
  }
}

/** Without outputs, as somebody opens it. Where outputs change anyhow, with few seeds, for there is less to compare. */
function blank(notebook: Notebook): Notebook {
  const changes = notebook.cells.some(({ metadata }) => metadata.tags?.includes(CHANGES));
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code") return cell;
    const isShort = changes && cell.metadata.tags?.includes("parameters");
    const source = isShort
      ? joinLines(cell.source).replace(/let seeds = \d+;/, "let seeds = 2;")
      : cell.source;
    return { ...cell, source, outputs: [], execution_count: null };
  });
  return { ...notebook, cells };
}

/**
 * What a reader sees of a cell, with what differs from run to run left out: the time in a directory's name, which
 * frames and videos show too. Text that is printed piece by piece is one text.
 */
export function outputsOf({ outputs = [] }: NotebookCell): string[] {
  const seen: string[] = [];
  for (const { output_type, name, text, data } of outputs) {
    if (output_type === "stream" && seen.at(-1)?.startsWith(`${name}: `))
      seen[seen.length - 1] += joinLines(text);
    else if (output_type === "stream") seen.push(`${name}: ${joinLines(text)}`);
    else if (data?.["image/png"] !== undefined) seen.push(pngSize(joinLines(data["image/png"])));
    else seen.push(html(joinLines(data?.["text/html"] ?? data?.["text/plain"])));
  }
  return seen.map((text) => text.replaceAll(/experiment_\d{8}_\d{6}(_\d+)?/g, "experiment_*"));
}

/** nbval's tag of a cell whose outputs are expected to change. */
const CHANGES = "nbval-ignore-output";

/**
 * What does not change of outputs with noise in them: kinds, headers and numbers of rows of tables, sizes of pictures,
 * and words, without numbers.
 */
export function shapesOf(cell: NotebookCell): string[] {
  return outputsOf(cell).map((output) => {
    const picture = /<svg [^>]*viewBox="([^"]*)"/.exec(output);
    if (picture !== null) return `svg ${picture[1]}`;
    assert.doesNotMatch(output, /NaN|undefined|Infinity/);
    return output.replaceAll(/-?\d+(\.\d+)?(e[-+]?\d+)?/g, "#");
  });
}

/** SVG as its text; of a video only that it is one of a size to look at. */
function html(text: string): string {
  return text
    .replaceAll(/data:image\/svg\+xml;base64,([\w+/=]+)/g, (_, data: string) =>
      Buffer.from(data, "base64").toString(),
    )
    .replaceAll(/data:video\/mp4;base64,([\w+/=]+)/g, (_, data: string) => {
      const bytes = Buffer.from(data, "base64");
      assert.equal(bytes.subarray(4, 8).toString(), "ftyp");
      assert.ok(bytes.length > 20_000, `${bytes.length} bytes of video`);
      return "(a video)";
    });
}

function pngSize(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(bytes.length > 5000, `${bytes.length} bytes of PNG`);
  return `png ${bytes.readUInt32BE(16)} x ${bytes.readUInt32BE(20)}`;
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { messageOf } from "#src/errors.js";
import { findChromium } from "#src/files/find-chromium.js";
import { run } from "#src/index.js";
import { checkExport, exportNotebook } from "#src/jupyter/export-notebook.js";
import type { CellOutput, NotebookCell } from "#src/jupyter/notebook-file.js";
import { findPython } from "#src/jupyter/python.js";
import { notebookOf } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

const signal = new AbortController().signal;

/** One pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function skipWithout(find: () => unknown): string | false {
  try {
    find();
    return false;
  } catch (error) {
    return messageOf(error);
  }
}

const skip = skipWithout(() => findPython(["nbconvert", "nbformat"]));

const TEXT = `# Three *islands* & more

Seen ![beside](dot%20one.png), ![attached](attachment:b.png), ![far](https://example.org/c.png).

## Same

### Below

## Same
`;

/** An executed notebook with outputs of every kind. */
function executed(): NotebookCell[] {
  const markdown: NotebookCell = {
    cell_type: "markdown",
    metadata: {},
    source: TEXT,
    attachments: { "b.png": { "image/png": PNG } },
  };
  const shown = (data: CellOutput["data"]): CellOutput =>
    ({
      output_type: "display_data",
      data,
      metadata: {},
    }) as CellOutput;
  const outputs: CellOutput[] = [
    { output_type: "stream", name: "stdout", text: "k is " },
    { output_type: "stream", name: "stdout", text: ["\u001b[1m5\u001b[0m\n"] },
    shown({
      "text/html":
        "<table><caption>sizes</caption><tr><td>1</td></tr></table><script>alert(1)</script><META http-equiv=refresh content='0;url=x'>",
    }),
    shown({ "text/html": `<img alt="inline" src="data:image/png;base64,${PNG}">` }),
    shown({ "image/svg+xml": '<svg viewBox="0 0 1 1"></svg>', "text/plain": "drawn" }),
    shown({ "image/png": `${PNG}\n`, "text/plain": "a dot" }),
    shown({ "text/markdown": "**bold**" }),
    {
      output_type: "error",
      ename: "Error",
      evalue: "no <good>",
      traceback: ["\u001b[31mError\u001b[0m: no <good>"],
    },
  ];
  const [first, injected, last] = notebookOf([
    'let k = 3;\nconst data: string = "a<b";',
    "// Parameters\nlet k = 5;",
    "const secret = k;",
  ]).cells;
  return [
    markdown,
    { ...first, metadata: { tags: ["parameters"] } },
    { ...injected, metadata: { tags: ["injected-parameters"] } },
    { ...last, execution_count: 3, outputs },
  ];
}

async function exported(
  folder: string,
  format: string,
  output: string,
  { hidesCode = false, failure = null as { cell: number; message: string } | null } = {},
): Promise<Buffer> {
  writeFileSync(join(folder, "dot one.png"), Buffer.from(PNG, "base64"));
  const notebook = { ...notebookOf([]), cells: executed() };
  const options = { format, output: join(folder, output), hidesCode, folder, name: "islands.ipynb", signal };
  await exportNotebook({ notebook, failure }, options);
  return readFileSync(join(folder, output));
}

/** What a page would ask for when it is opened, and what would run in it. */
function reachedFrom(page: string): string[] {
  const addresses = [...page.matchAll(/\s(?:src|data|poster)="([^"]*)"|url\(([^)]*)\)|<link\b[^>]*>/g)];
  return addresses
    .map(([whole, address]) => address ?? whole)
    .filter((address) => !address.startsWith("data:"));
}

test("html is one file with all in it: title, pictures, code, outputs; nothing is asked for and nothing runs", {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const page = (await exported(folder, "html", "a.html")).toString();
  assert.match(page, /<title>Three islands &amp; more<\/title>/);
  assert.equal(page.match(/<h1\b/g)?.length, 1);
  assert.deepEqual(reachedFrom(page), []);
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; img-src data:/);
  // No policy keeps a page from leading on to another.
  const body = page.slice(page.indexOf("<body>"));
  assert.doesNotMatch(body, /<(?:meta|link|base)\b/i);
  assert.match(body, /&lt;META http-equiv=refresh/);
  assert.doesNotMatch(page.match(/Content-Security-Policy" content="[^"]*"/)![0], /script-src|https?:/);
  // Beside, attached, inline and as an output; the one elsewhere is a link.
  assert.equal(page.split(`src="data:image/png;base64,${PNG}"`).length - 1, 4);
  assert.match(page, /<a href="https:\/\/example\.org\/c\.png">far<\/a>/);
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>').toString(
    "base64",
  );
  assert.ok(page.includes(`<img alt="drawn" src="data:image/svg+xml;base64,${svg}">`));
  assert.match(page, /<pre class="printed ">k is <span class="ansi-bold">5<\/span>\n<\/pre>/);
  assert.match(page, /<strong>bold<\/strong>/);
  assert.match(page, /<span class="ansi-red">Error<\/span>: no &lt;good&gt;/);
  assert.match(page, /secret/);
  assert.match(page, /id="Same"[\s\S]*id="Same-2"/);
  assert.doesNotMatch(page, /anchor-link|Table 1|id="environment"/);
});

test("report folds code, numbers captions, and has contents, parameters, the failure and the notebook itself", {
  skip,
}, async (t) => {
  const failure = { cell: 4, message: "Error: no <good>" };
  const page = (await exported(temporaryFolder(t), "report", "a.html", { failure })).toString();
  assert.deepEqual(reachedFrom(page), []);
  const nav = /<nav[\s\S]*<\/nav>/.exec(page)![0];
  assert.deepEqual(
    [...nav.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id),
    ["Same", "Below", "Same-2", "environment"],
  );
  for (const [, id] of nav.matchAll(/href="#([^"]*)"/g)) assert.ok(page.includes(`id="${id}"`), id);
  assert.match(
    page,
    /role="alert"><strong>This notebook failed\.<\/strong> <a href="#cell-4">Cell 4<\/a>: Error: no &lt;good&gt;\./,
  );
  assert.match(page, /<code>k<\/code><\/dt><dd><code>5<\/code> <span class="small">\(default 3\)/);
  assert.match(page, /<code>data<\/code><\/dt><dd><code>&quot;a&lt;b&quot;<\/code><\/dd>/);
  assert.match(page, /<details class="code"><summary>Code \[3\]<\/summary>/);
  assert.match(page, /<strong>Table 1\.<\/strong> sizes/);
  assert.match(page, /<strong>Figure 1\.<\/strong> inline[\s\S]*<strong>Figure 2\.<\/strong> drawn/);
  const [, held] = /download="islands\.ipynb" href="data:application\/x-ipynb\+json;base64,([^"]*)"/.exec(
    page,
  )!;
  assert.deepEqual(JSON.parse(Buffer.from(held, "base64").toString()).cells, executed());
});

test("markdown keeps its pictures in a folder beside it", { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const text = (await exported(folder, "markdown", "my notes.md", { hidesCode: true })).toString();
  const named = [...text.matchAll(/!\[[^\]]*\]\(([^)]*_files[^)]*)\)|src="([^"]*)"/g)].map(
    ([, a, b]) => a ?? b,
  );
  assert.equal(named.length, 4);
  for (const path of named) readFileSync(join(folder, decodeURI(path)));
  assert.equal(readdirSync(join(folder, "my notes_files")).length, 4);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
  assert.doesNotMatch(text, /secret|\u001b|base64/);
});

test("a report whose name ends in .pdf is printed", {
  skip: skip || skipWithout(findChromium),
}, async (t) => {
  const pdf = await exported(temporaryFolder(t), "report", "b.pdf");
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
});

test("a format that there is not is wrong usage, before anything is executed", { skip }, async () => {
  const options = { format: "htm", output: "x", hidesCode: false, folder: ".", name: "x.ipynb", signal };
  await assert.rejects(checkExport(options), {
    name: "UsageError",
    message:
      /^no format is named htm: expected notebook, html, report, pdf, markdown or another of nbconvert's: .*\brst\b/,
  });
});

test("a report without its code names the runs whose directories cells show, and their data, by their hashes", {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const data = {
    a: [
      [0, 1],
      [0, 2],
      [8, 9],
    ],
    b: [
      [9, 9],
      [1, 1],
      [8, 8],
    ],
  };
  const options = { data, kGlobal: 2, groupSize: 1, logDir: join(folder, "logs") };
  const { experimentDir, runHash } = await run(options, {});
  const notebook = notebookOf(["1"]);
  const named = join("logs", basename(experimentDir!));
  notebook.cells[0].outputs = [
    { output_type: "stream", name: "stdout", text: `see ${named}, not experiment_20200101_000000` },
  ];
  const output = join(folder, "a.html");
  const more = { hidesCode: true, folder, name: "a.ipynb", signal };
  await exportNotebook({ notebook, failure: null }, { format: "report", output, ...more });
  const page = readFileSync(output, "utf8");
  assert.doesNotMatch(page, /class="(?:code|source)"/);
  const [, runs, clients] = /id="runs">Runs and data<\/h3>([\s\S]*?<\/table>)([\s\S]*?<\/table>)/.exec(page)!;
  const cellsOf = (table: string) => [...table.matchAll(/<td[^>]*>([^<]*)</g)].map(([, text]) => text);
  assert.deepEqual(
    cellsOf(runs).filter((_, i) => ![1, 3].includes(i)),
    [named, "6", "completed", runHash],
  );
  const { partitions } = JSON.parse(readFileSync(join(experimentDir!, "experiment_summary.json"), "utf8"));
  assert.deepEqual(
    cellsOf(clients),
    partitions.flatMap(({ client, rows, size, sha256 }: Record<string, unknown>) => [
      client,
      "in memory",
      `${rows}`,
      `${size}`,
      sha256,
    ]),
  );
});

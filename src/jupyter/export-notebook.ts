import { writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { UsageError } from "../errors.js";
import { openFolder, writeFileAtomically } from "../files/atomic-write.js";
import { findChromium } from "../files/find-chromium.js";
import { printPdf } from "../files/print-pdf.js";
import { inTemporaryFolder } from "../files/temporary-folder.js";
import type { Execution } from "./execute-notebook.js";
import { joinLines, type Notebook } from "./notebook-file.js";
import { attachmentOf, markdownSource } from "./page/embed-media.js";
import { notebookPage } from "./page/notebook-page.js";
import { preferredType } from "./page/output-html.js";
import { findPython, ProgramError, runPython } from "./python.js";

export interface ExportOptions {
  /** "notebook", "html", "report", "pdf", or another format of nbconvert's. */
  format: string;
  /** Where it goes; a report whose name ends in .pdf is printed. */
  output: string;
  /** Whether code is left out. */
  hidesCode: boolean;
  /** The notebook's folder and the name of its file. */
  folder: string;
  name: string;
  signal: AbortSignal;
}

/** Formats of our own. */
const PAGES = ["html", "report", "pdf"];

const NBCONVERT = ["nbconvert", "nbformat"];

/** What export.py tells: what it made, and by name the files that this needs beside it, all in base64. */
interface Exported {
  output: string;
  files: Record<string, string>;
}

/** What render.py tells: HTML of each text. */
interface Rendered {
  markdown: string[];
  code: string[];
}

/**
 * Checks, before a notebook is executed, that what it is to become can be made of it.
 *
 * @throws RunError if nbconvert or Chromium is missing; UsageError if there is no such format
 */
export async function checkExport({ format, output, signal }: ExportOptions): Promise<void> {
  if (format === "notebook") return;
  const python = findPython(NBCONVERT);
  if (isPrinted(format, output)) findChromium();
  if (PAGES.includes(format)) return;
  try {
    await runPython(python, "export.py", { format }, { env: {}, signal });
  } catch (error) {
    const isUsage = error instanceof ProgramError && error.facts.usage === true;
    throw isUsage ? new UsageError(error.message) : error;
  }
}

/**
 * Writes an executed notebook in another format, and beside it, in a folder named after it, the pictures that a format
 * without pictures of its own refers to.
 *
 * @throws RunError if it cannot be made or written
 */
export async function exportNotebook(execution: Execution, options: ExportOptions): Promise<void> {
  const { format, output, signal } = options;
  if (PAGES.includes(format)) {
    const page = await makePage(execution, options);
    return isPrinted(format, output) ? print(page, output, signal) : writeFileAtomically(output, page);
  }
  const name = basename(output, extname(output));
  const beside = `${name}_files`;
  const contents = new Map<string, Buffer>();
  const notebook = withAttachedFiles(execution.notebook, beside, contents);
  const job = { notebook, format, hidesCode: options.hidesCode, name };
  const python = findPython(NBCONVERT);
  const { output: text, files } = await runPython<Exported>(python, "export.py", job, { env: {}, signal });
  for (const [path, data] of Object.entries(files)) contents.set(path, Buffer.from(data, "base64"));
  let bytes = Buffer.from(text, "base64");
  if (format === "markdown") bytes = Buffer.from(plainMarkdown(bytes.toString(), beside, contents));
  for (const [path, data] of contents) {
    const file = join(dirname(output), path);
    openFolder(dirname(file));
    writeFileAtomically(file, data);
  }
  writeFileAtomically(output, bytes);
}

function isPrinted(format: string, output: string): boolean {
  return format === "pdf" || (format === "report" && extname(output).toLowerCase() === ".pdf");
}

async function makePage(execution: Execution, options: ExportOptions): Promise<string> {
  const { notebook } = execution;
  const { markdown, code } = textsOf(notebook);
  const { language_info, kernelspec } = notebook.metadata;
  const lexer = language_info?.pygments_lexer ?? language_info?.name ?? kernelspec?.language ?? "typescript";
  const job = { markdown, code, lexer };
  const { signal } = options;
  const python = findPython(NBCONVERT);
  const rendered = await runPython<Rendered>(python, "render.py", job, { env: {}, signal });
  const markdownHtmls = new Map(markdown.map((text, i) => [text, rendered.markdown[i]]));
  const codeHtmls = new Map(code.map((text, i) => [text, rendered.code[i]]));
  return notebookPage(execution, {
    kind: options.format === "report" ? "report" : "html",
    hidesCode: options.hidesCode,
    folder: options.folder,
    name: options.name,
    markdownHtml: (text) => markdownHtmls.get(text)!,
    codeHtml: (text) => codeHtmls.get(text)!,
  });
}

/** Every text of a notebook that becomes HTML by way of nbconvert. */
function textsOf({ cells }: Notebook): { markdown: string[]; code: string[] } {
  const ofType = (type: string) => cells.filter(({ cell_type }) => cell_type === type);
  const shown = cells
    .flatMap(({ outputs = [] }) => outputs.map(({ data = {} }) => data))
    .filter((data) => preferredType(data) === "text/markdown")
    .map((data) => joinLines(data["text/markdown"]));
  return {
    markdown: [...ofType("markdown").map((cell) => markdownSource(cell)), ...shown],
    code: ofType("code").map(({ source }) => joinLines(source)),
  };
}

async function print(page: string, output: string, signal: AbortSignal): Promise<void> {
  await inTemporaryFolder("fedkmeans-page", async (folder) => {
    const file = join(folder, "page.html");
    writeFileSync(file, page);
    await printPdf(file, output, signal);
  });
}

const ENDINGS: Readonly<Record<string, string>> = { "svg+xml": "svg", jpeg: "jpg" };

/**
 * Names the attachments of a notebook's cells as files, which formats of one's own know nothing else of.
 *
 * @param folder of the files
 * @param files where they are added, by their paths
 */
function withAttachedFiles(notebook: Notebook, folder: string, files: Map<string, Buffer>): Notebook {
  const cells = notebook.cells.map((cell) => {
    const { attachments, ...rest } = cell;
    if (attachments === undefined) return cell;
    for (const name of Object.keys(attachments)) {
      const [, data] = attachmentOf(attachments, name) ?? [];
      if (data !== undefined) files.set(`${folder}/${basename(name)}`, Buffer.from(data, "base64"));
    }
    return { ...rest, source: markdownSource(cell, `${encodeURI(folder)}/`) };
  });
  return { ...notebook, cells };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape begins with one
const COLOUR = /\u001b\[[\d;]*m/g;

/**
 * Takes out of Markdown what its readers do not show: pictures and videos within HTML, and colours of a terminal.
 *
 * @param folder of the files, by whose names they are called
 * @param files where they are added
 */
function plainMarkdown(text: string, folder: string, files: Map<string, Buffer>): string {
  return text
    .replaceAll(COLOUR, "")
    .replaceAll(
      /\bsrc="data:(?:image|video)\/([\w+.-]+);base64,([\w+/=\s]+)"/g,
      (_, type: string, data: string) => {
        const path = `${folder}/media_${files.size + 1}.${ENDINGS[type] ?? type}`;
        files.set(path, Buffer.from(data, "base64"));
        return `src="${encodeURI(path)}"`;
      },
    );
}

import { escapeMarkup } from "../../markup/html.js";
import { pageFrame } from "../../markup/page-frame.js";
import type { Execution } from "../execute-notebook.js";
import { joinLines, type NotebookCell } from "../notebook-file.js";
import { ERROR_TAG } from "../record.js";
import { embedMedia, markdownSource } from "./embed-media.js";
import { captionsIn, type Numbers, numberFigures } from "./figures.js";
import { fitTables } from "./fit-tables.js";
import { type Heading, nameHeadings, takeTitle } from "./headings.js";
import { outputsHtml } from "./output-html.js";
import { environmentSection, executionLine, parametersBox } from "./report-parts.js";
import { NOTEBOOK_STYLE } from "./style.js";

/** How a page shows a notebook. */
export interface PageOptions {
  /** "html": a notebook as it is; "report": code folded, contents, numbered figures, parameters and environment. */
  readonly kind: "html" | "report";
  /** Whether the code is left out. */
  readonly hidesCode: boolean;
  /** The notebook's folder, where pictures beside it are. */
  readonly folder: string;
  /** Name of the notebook's file. */
  readonly name: string;
  /** Makes HTML of Markdown, and of code. */
  readonly markdownHtml: (text: string) => string;
  readonly codeHtml: (text: string) => string;
}

/** Nothing is asked for, and nothing in the page runs: a cell's output may hold anything. */
const POLICY =
  "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'";

/**
 * An executed notebook as one HTML file that needs no other, no network and no script, in light and dark, on screens and
 * on paper. Scripts in outputs do not run.
 */
export function notebookPage({ notebook, failure }: Execution, options: PageOptions): string {
  const isReport = options.kind === "report";
  const headings: Heading[] = [];
  const numbers: Numbers = { figures: 0, tables: 0 };
  let title: string | null = null;
  const cells = notebook.cells.map((cell, index) => {
    if (cell.metadata.tags?.includes(ERROR_TAG)) return "";
    const id = `cell-${index + 1}`;
    if (cell.cell_type === "code") {
      return codeCell(cell, { ...options, id, numbers });
    }
    let html =
      cell.cell_type === "markdown"
        ? embedMedia(options.markdownHtml(markdownSource(cell)), options.folder, cell.attachments)
        : `<pre>${escapeMarkup(joinLines(cell.source))}</pre>`;
    const found = title === null ? takeTitle(html) : null;
    if (found !== null) {
      title = nameHeadings(`<h1>${found.title}</h1>`, []).replaceAll(/<\/?h1[^>]*>/g, "");
      html = found.rest;
    }
    return `<div class="cell text" id="${id}">${fitTables(nameHeadings(html, headings))}</div>`;
  });
  const heading = title ?? escapeMarkup(options.name.replace(/\.ipynb$/, ""));
  const line = executionLine(notebook);
  const end = isReport ? environmentSection(notebook, options.name, options.folder) : "";
  if (isReport) headings.push({ id: "environment", level: 2, html: "Environment" });
  const parts = [
    `<header><h1>${heading}</h1>${line === "" ? "" : `<p class="subtitle">${line}</p>`}</header>`,
    failure === null ? "" : banner(failure),
    isReport ? parametersBox(notebook) : "",
    ...cells,
    end,
  ];
  return pageFrame({
    title: heading.replaceAll(/<[^>]*>/g, "").replaceAll("<", "&lt;"),
    policy: POLICY,
    style: NOTEBOOK_STYLE,
    skip: "To the notebook",
    body: `<div class="page ${isReport ? "report" : "single"}">
${withoutHead(`${isReport ? contents(headings) : ""}<main id="main">
${parts.filter((part) => part !== "").join("\n")}`)}
</main>
</div>`,
  });
}

/**
 * Makes text of what belongs to a page's head: no policy keeps `<meta http-equiv="refresh">` in an output from leading whoever
 * opens the page to another.
 */
function withoutHead(html: string): string {
  return html.replaceAll(/<(?=(?:meta|link|base)[\s/>])/gi, "&lt;");
}

interface CodeOptions extends PageOptions {
  id: string;
  numbers: Numbers;
}

function codeCell(cell: NotebookCell, options: CodeOptions): string {
  const { kind, hidesCode, folder, id, numbers, markdownHtml } = options;
  const source = joinLines(cell.source);
  const own = captionsIn(source);
  const outputs = outputsHtml(cell.outputs ?? [], markdownHtml)
    .map((html) => embedMedia(html, folder, undefined))
    .map((html) => (kind === "report" ? numberFigures(html, numbers, own) : html))
    .map((html) => `<div class="output">${fitTables(html)}</div>`);
  const code = hidesCode || source.trim() === "" ? "" : codeBlock(source, cell, options);
  if (code === "" && outputs.length === 0) return "";
  return `<div class="cell${outputs.length === 0 ? " mute" : ""}" id="${id}">${code}${outputs.join("\n")}</div>`;
}

function codeBlock(source: string, cell: NotebookCell, { kind, codeHtml }: PageOptions): string {
  const count = cell.execution_count;
  const number = count === null || count === undefined ? "" : `[${count}]`;
  const prompt = number === "" || kind === "report" ? "" : `<span class="prompt">${number}</span>`;
  const block = `<div class="source">${prompt}${codeHtml(source)}</div>`;
  if (kind === "html") return block;
  return `<details class="code"><summary>Code ${number}</summary>${block}</details>`;
}

function banner({ cell, message }: { cell: number; message: string }): string {
  return (
    `<div class="failed" role="alert"><strong>This notebook failed.</strong> ` +
    `<a href="#cell-${cell}">Cell ${cell}</a>: ${escapeMarkup(message)}. No cell after it was executed.</div>`
  );
}

function contents(headings: readonly Heading[]): string {
  const items = headings
    .filter(({ level }) => level <= 3)
    .map(({ id, level, html }) => `<li><a${level === 3 ? ' class="l3"' : ""} href="#${id}">${html}</a></li>`);
  return `<nav aria-label="Contents"><strong>Contents</strong><ol>${items.join("")}</ol></nav>\n`;
}

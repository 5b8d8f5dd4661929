import type { TestContext } from "node:test";
import { run } from "#src/experiment/run.js";
import type { Block, ReportDocument, Section, TableBlock } from "#src/report/page/document.js";
import { readFacts } from "#src/report/page/facts.js";
import { reportMarkdown } from "#src/report/page/markdown.js";
import { type ReportOptions, reportOf } from "#src/report/page/report.js";
import { temporaryFolder } from "./temporary.js";

/** What a report is made with where nothing is said. */
export const REPORT_OPTIONS: ReportOptions = { title: null, showsRows: true, rerun: null, note: null };

/** A run of the penguins; the path of its directory. */
export async function penguinRun(context: TestContext, more: object = {}): Promise<string> {
  const logDir = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species", logDir, ...more };
  return (await run(settings)).experimentDir;
}

export function documentOf(directory: string, options: Partial<ReportOptions> = {}): ReportDocument {
  return reportOf(readFacts(directory), { ...REPORT_OPTIONS, ...options });
}

/** A section's words, as Markdown. */
export function wordsOf(section: Section): string {
  return reportMarkdown({ title: "", subtitle: [], sections: [section], attachments: [] });
}

/** Its tables, those that are folded too. */
export function tablesOf({ blocks }: { readonly blocks: readonly Block[] }): TableBlock[] {
  return blocks.flatMap((block) =>
    block.type === "table" ? [block] : block.type === "details" ? tablesOf(block) : [],
  );
}

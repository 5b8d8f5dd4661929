import { existsSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { enterInManifest, pathWithin } from "../../directory/manifest.js";
import { messageOf, theSetting, UsageError } from "../../errors.js";
import { rerun } from "../../experiment/rerun/rerun.js";
import type { ResumeSettings } from "../../experiment/run.js";
import { writeFileAtomically } from "../../files/atomic-write.js";
import { checkOutputFile } from "../../files/output-file.js";
import { printPdf } from "../../files/print-pdf.js";
import { readRegularFile } from "../../files/regular-file.js";
import { inTemporaryFolder } from "../../files/temporary-folder.js";
import { rerunLines } from "../rerun-report.js";
import { comparisonOf } from "./comparison.js";
import type { ReportDocument } from "./document.js";
import { readFacts } from "./facts.js";
import { isReport } from "./files.js";
import { reportHtml } from "./html.js";
import { reportJson } from "./json.js";
import { reportMarkdown } from "./markdown.js";
import { noteSection } from "./note.js";
import { type RerunVerdict, reportOf } from "./report.js";
import { choiceDocument, isChoice } from "./study/choice-document.js";
import { sweepDocument } from "./study/sweep-document.js";
import { isSweep, readSweep } from "./study/sweep-facts.js";

/** What a report can be. */
export const REPORT_FORMATS: readonly ReportFormat[] = ["html", "md", "json", "pdf"];

/** A page, its text as Markdown, its tables and facts for programs, or the page on paper. */
export type ReportFormat = "html" | "md" | "json" | "pdf";

/** What whoever asks for a report may choose. */
export interface ReportRequest {
  /** The file; null is one beside the experiment directory, with its name. */
  readonly output: string | null;
  /** null is told by the file's extension, and else HTML. */
  readonly format: ReportFormat | null;
  readonly title: string | null;
  /** A file of text that stands in the report; null for none. */
  readonly note: string | null;
  /** Whether rows that the directory holds may be drawn. */
  readonly showsRows: boolean;
  /** Whether to run the run again first, and say what came of it. */
  readonly reruns: boolean;
  /** What to run it again on, if the files have moved or the rows were in memory. */
  readonly data?: ResumeSettings["data"];
}

/**
 * Makes the report of a run, of a sweep or of a choice of k, from its directory alone, and writes it into one file; of
 * several runs, their comparison.
 *
 * @param directories at least one; several are of runs
 * @returns the file's path
 * @throws UsageError for a file of another kind, one that would replace what is of the run, or a note that cannot be read;
 *   RunError if the directory is none or holds
 *   no whole round, if the file cannot be written, or if there is no browser to print with; the signal's reason if it is
 *   aborted. Nothing half-written is left.
 */
export async function makeReport(
  directories: readonly string[],
  request: ReportRequest,
  signal: AbortSignal,
): Promise<string> {
  const format = request.format ?? formatOf(request.output);
  if (request.data != null && !request.reruns) {
    throw new UsageError(`${theSetting("data")} is what ${theSetting("rerun")} runs on, and needs it`);
  }
  const note = request.note === null ? null : readNote(request.note);
  const path = request.output ?? defaultPath(directories, format);
  const target = checkOutputFile(path);
  for (const directory of directories) checkIsBeside(directory, target, path);
  const document = await documentOf(directories, { ...request, note }, signal);
  if (format === "pdf") await printDocument(document, target, signal);
  else writeFileAtomically(target, TEXTS[format](document));
  // Where it is inside the directory, it is part of it.
  for (const directory of directories) enterInManifest(directory, [target]);
  return path;
}

const TEXTS: Readonly<Record<Exclude<ReportFormat, "pdf">, (document: ReportDocument) => string>> = {
  html: reportHtml,
  md: reportMarkdown,
  json: reportJson,
};

/** Beside the directory, with its name; of several, beside the first. */
function defaultPath([first, ...others]: readonly string[], format: ReportFormat): string {
  return others.length === 0
    ? `${resolve(first)}.${format}`
    : join(dirname(resolve(first)), `comparison.${format}`);
}

/** @throws UsageError for a file inside the directory that is, or could be, one of the run's own */
function checkIsBeside(directory: string, target: string, path: string): void {
  const within = existsSync(directory) ? pathWithin(directory, target) : null;
  if (within === null || isReport(within)) return;
  throw new UsageError(
    `${theSetting("output")} may be a .html, .md or .pdf file in ${directory} itself, or outside of it, found ${JSON.stringify(path)}: ` +
      "the other files there are of the run",
  );
}

/** @param request its note is the text itself */
async function documentOf(
  directories: readonly string[],
  request: ReportRequest,
  signal: AbortSignal,
): Promise<ReportDocument> {
  const [first, ...others] = directories;
  if (others.length === 0) return studyDocument(first, request) ?? runDocument(first, request, signal);
  if (directories.length > MOST_RUNS) {
    throw new UsageError(`at most ${MOST_RUNS} directories can be compared, found ${directories.length}`);
  }
  if (request.reruns)
    throw new UsageError(`${theSetting("rerun")} is for a single run, found ${directories.length}`);
  return withNote(comparisonOf(directories.map(readFacts), request), request.note);
}

/** The most runs whose differences fit on a page. */
const MOST_RUNS = 26;

/** The document with the note after its head. */
function withNote(document: ReportDocument, note: string | null): ReportDocument {
  if (note === null) return document;
  const [head, ...rest] = document.sections;
  return { ...document, sections: [head, noteSection(note), ...rest] };
}

/** @param request its note is the text itself */
async function runDocument(
  directory: string,
  request: ReportRequest,
  signal: AbortSignal,
): Promise<ReportDocument> {
  const facts = readFacts(directory);
  const verdict = request.reruns ? await rerunVerdict(directory, request.data, signal) : null;
  return reportOf(facts, { ...request, rerun: verdict });
}

/** @returns null where a folder is of no study */
function studyDocument(folder: string, { title, reruns, note }: ReportRequest): ReportDocument | null {
  const document = isSweep(folder)
    ? sweepDocument(readSweep(folder), title)
    : isChoice(folder)
      ? choiceDocument(folder, title)
      : null;
  if (document === null) return null;
  if (reruns) throw new UsageError(`${theSetting("rerun")} is for a run: ${folder} is of a study`);
  return withNote(document, note);
}

async function rerunVerdict(
  directory: string,
  data: ReportRequest["data"],
  signal: AbortSignal,
): Promise<RerunVerdict> {
  const result = await rerun(directory, data == null ? {} : { data }, { signal });
  // Not where: a report is for other machines too.
  const said = rerunLines(result).map((line) => line.replace(`${directory}: `, ""));
  return { isSame: result.isSame, said, at: new Date().toISOString() };
}

/** @throws UsageError if the extension is of no format */
export function formatOf(output: string | null): ReportFormat {
  const extension = output === null ? "html" : extname(output).slice(1).toLowerCase();
  const found = REPORT_FORMATS.find((format) => format === extension);
  if (found !== undefined) return found;
  throw new UsageError(
    `${theSetting("output")} must be a file that ends in ${REPORT_FORMATS.map((format) => `.${format}`).join(", ")}, found ${JSON.stringify(output)}`,
  );
}

/** @returns null where it says nothing */
function readNote(path: string): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readRegularFile(path));
    return text.trim() === "" ? null : text;
  } catch (error) {
    throw new UsageError(
      `${theSetting("note")} must be a file of text in UTF-8, found ${JSON.stringify(path)}: ${messageOf(error)}`,
    );
  }
}

async function printDocument(document: ReportDocument, path: string, signal: AbortSignal): Promise<void> {
  await inTemporaryFolder("fedkmeans-report", async (folder) => {
    const page = join(folder, "report.html");
    writeFileAtomically(page, reportHtml(document));
    await printPdf(page, path, signal);
  });
}

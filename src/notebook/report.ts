import { relative } from "node:path";
import { shownJson } from "../directory/json-object.js";
import { UsageError } from "../errors.js";
import { dataSettingsOfRun } from "../experiment/data-settings.js";
import { directoryOf, type ExperimentLike, open as openDirectory } from "../experiment/open.js";
import { makeReport, REPORT_FORMATS, type ReportFormat } from "../report/page/make-report.js";
import { checkNames } from "../settings/check.js";
import { readData } from "./data.js";
import { inCell } from "./output/in-cell.js";
import type { RunSettings } from "./run.js";

/** A report on disk; `display` shows a link to it. */
export interface Report {
  /** Tells it from other results. */
  readonly kind: "report";
  /** Where it is, from the working directory. */
  reportPath: string;
}

/** What a report can be of: a run's result or experiment directory, or the result of a study that wrote a folder. */
export type Reported = ExperimentLike | { readonly output: string | null };

/** Options of `report`. */
export interface CellReportOptions {
  /** The file, .html, .md, .json or .pdf; default: beside the experiment directory, with its name. */
  output?: string;
  /** What the file is, whatever its name. */
  format?: ReportFormat;
  /** A headline; default: the directory's name. */
  title?: string;
  /** A file of text that stands in the report: paragraphs, lists and headings. */
  note?: string;
  /** Whether rows that the directory of a simulation holds may be drawn; default true. */
  rows?: boolean;
  /** Whether to run it again first, and say whether all of it came out the same; default false. */
  rerun?: boolean;
  /** What to run it again on, if the files have moved or the rows were in memory. */
  data?: RunSettings["data"];
}

/**
 * Makes a report of a run from its experiment directory, or of a sweep or a choice of k from its folder: one page to read,
 * print, check and hand in.
 *
 * @param of a result, or the path of its directory; several runs are compared
 * @throws UsageError for a wrong option, or a file of another kind; RunError if the directory is none or holds no whole round, or if the file
 *   cannot be written
 * @example await fk.display(await fk.report(result, { title: "Three islands, their penguins" }));
 */
export function report(of: Reported | readonly Reported[], options: CellReportOptions = {}): Promise<Report> {
  return inCell(async (signal) => {
    checkOptions(options);
    const {
      output = null,
      format = null,
      title = null,
      note = null,
      rows = true,
      rerun = false,
      data,
    } = options;
    if (Array.isArray(of) && of.length === 0)
      throw new UsageError("report: at least one run expected, found none");
    const folders = (Array.isArray(of) ? (of as readonly Reported[]) : [of as Reported]).map(folderOf);
    const source =
      data === undefined ? undefined : readData(data, dataSettingsOfRun(openDirectory(folders[0]))).source;
    const request = { output, format, title, note, showsRows: rows, reruns: rerun, data: source };
    const path = await makeReport(folders, request, signal);
    return { kind: "report", reportPath: relative(process.cwd(), path) || path };
  });
}

// Deno's kernel does not check types.
const TEXT = ["text", (value: unknown) => typeof value === "string"] as const;
const FLAG = ["true or false", (value: unknown) => typeof value === "boolean"] as const;
const OPTIONS: Readonly<
  Record<keyof CellReportOptions, readonly [expected: string, isSo: (value: unknown) => boolean]>
> = {
  output: TEXT,
  format: [REPORT_FORMATS.join(", "), (value) => REPORT_FORMATS.some((format) => format === value)],
  title: TEXT,
  note: TEXT,
  rows: FLAG,
  rerun: FLAG,
  // Whatever `readData` takes.
  data: ["data", () => true],
};

/** @throws UsageError naming the first option that is none, or has a value of another kind */
function checkOptions(options: CellReportOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new UsageError(`options of report must be an object, found ${shownJson(options)}`);
  }
  checkNames(OPTIONS, options, (name) => `unknown option ${name} of report`);
  for (const [name, [expected, isSo]] of Object.entries(OPTIONS)) {
    const value = options[name as keyof CellReportOptions];
    if (value === undefined || value === null || isSo(value)) continue;
    throw new UsageError(`${name} of report must be ${expected}, found ${shownJson(value)}`);
  }
}

/** @throws UsageError for a study that wrote nothing, and for what is no result */
function folderOf(of: Reported): string {
  if (typeof of !== "object" || of === null || !("output" in of)) return directoryOf(of as ExperimentLike);
  if (of.output !== null) return of.output;
  throw new UsageError("this study wrote no folder to make a report of: give it an output");
}

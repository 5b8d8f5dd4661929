import { dirname, resolve } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../errors.js";
import { withInterrupt } from "../files/interrupt.js";
import { checkReport } from "../report/page/check.js";
import { makeReport, REPORT_FORMATS, type ReportFormat } from "../report/page/make-report.js";
import { FAILED } from "./exit-codes.js";
import { tellFolder } from "./leftovers.js";

const EXAMPLES = `
Examples:
  fedkmeans report logs/experiment_20251107_160054
  fedkmeans report logs/experiment_20251107_160054 --title "Three islands, their penguins" --output penguins.html
  fedkmeans report logs/experiment_20251107_160054 --no-rows --output penguins.pdf
  fedkmeans report logs/experiment_20251107_160054 --check penguins.html
  fedkmeans report logs/experiment_20251107_160054 logs/experiment_20251107_161210 --output both.html

The page is one file: it asks for nothing, can be read without script, in light and dark, and prints. The same directory
gives the same page. Without --output it is written beside the directory, with its name (of several: comparison.html).`;

interface Given {
  readonly output?: string;
  readonly format?: ReportFormat;
  readonly title?: string;
  readonly note?: string;
  readonly rows: boolean;
  readonly rerun?: boolean;
  readonly data?: string;
  readonly check?: string;
}

export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Make a report of a run from its experiment directory: one page to read, print, check and hand in. Of a sweep or a " +
        "choice of k, from its folder; of several runs, their comparison.",
    )
    .argument("<DIR...>", "the experiment directory; or several, to compare")
    .option(
      "--output <FILE>",
      "the file, .html, .md, .json or .pdf (needs Chromium or Chrome); default: DIR.html",
    )
    .addOption(new Option("--format <FORMAT>", "what the file is, whatever its name").choices(REPORT_FORMATS))
    .option("--title <TEXT>", "headline; default: the directory's name")
    .option("--note <FILE>", "a text that stands in the report: paragraphs, lists and headings")
    .option("--rerun", "run it again first, and say in the report whether all of it came out the same")
    .option("--data <PATH>", "with --rerun: the data it began with, where they have moved")
    .option("--no-rows", "draw no rows, though the directory of a simulation holds them")
    .addOption(
      new Option(
        "--check <REPORT>",
        "say whether a page is the one that the directory gives; make none",
      ).conflicts(["output", "format", "title", "note", "rerun", "data", "rows"]),
    )
    .addHelpText("after", EXAMPLES)
    .action((directories: string[], given: Given) =>
      withInterrupt(async (signal) => {
        if (given.check !== undefined) return check(given.check, directories);
        const { output = null, format = null, title = null, note = null, rows, rerun = false, data } = given;
        tellFolder(dirname(resolve(output ?? directories[0])));
        const path = await makeReport(
          directories,
          { output, format, title, note, showsRows: rows, reruns: rerun, data },
          signal,
        );
        process.stdout.write(`${path}\n`);
      }),
    );
}

/** @throws UsageError for other than one directory */
function check(report: string, directories: readonly string[]): void {
  if (directories.length > 1) {
    throw new UsageError(`--check compares a page with one directory, found ${directories.length}`);
  }
  const { isSame, said } = checkReport(report, directories[0]);
  process.stdout.write(`${said}\n`);
  if (!isSame) process.exitCode = FAILED;
}

import { dirname } from "node:path";
import { Command, Option } from "commander";
import { withInterrupt } from "../files/interrupt.js";
import { makeReport, REPORT_FORMATS, type ReportFormat } from "../report/page/make-report.js";
import { tellFolder } from "./leftovers.js";

const EXAMPLES = `
Examples:
  fedkmeans report logs/experiment_20251107_160054
  fedkmeans report logs/experiment_20251107_160054 --title "Three islands, their penguins" --output penguins.html
  fedkmeans report logs/experiment_20251107_160054 --no-rows --output penguins.pdf

The page is one file: it asks for nothing, can be read without script, in light and dark, and prints. The same directory
gives the same page. Without --output it is written beside the directory, with its name.`;

interface Given {
  readonly output?: string;
  readonly format?: ReportFormat;
  readonly title?: string;
  readonly note?: string;
  readonly rows: boolean;
  readonly rerun?: boolean;
}

export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Make a report of a run from its experiment directory: one page to read, print, check and hand in.",
    )
    .argument("<DIR>", "the experiment directory")
    .option("--output <FILE>", "the file, .html, .md or .pdf (needs Chromium or Chrome); default: DIR.html")
    .addOption(new Option("--format <FORMAT>", "what the file is, whatever its name").choices(REPORT_FORMATS))
    .option("--title <TEXT>", "headline; default: the directory's name")
    .option("--note <FILE>", "a text that stands in the report: paragraphs, lists and headings")
    .option("--rerun", "run it again first, and say in the report whether all of it came out the same")
    .option("--no-rows", "draw no rows, though the directory of a simulation holds them")
    .addHelpText("after", EXAMPLES)
    .action((directory: string, given: Given) =>
      withInterrupt(async (signal) => {
        const { output = null, format = null, title = null, note = null, rows, rerun = false } = given;
        tellFolder(dirname(output ?? directory));
        const path = await makeReport(
          directory,
          { output, format, title, note, showsRows: rows, reruns: rerun },
          signal,
        );
        process.stdout.write(`${path}\n`);
      }),
    );
}

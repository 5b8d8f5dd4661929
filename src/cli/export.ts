import { dirname } from "node:path";
import { Command } from "commander";
import { exportDirectory } from "../experiment/export/export-directory.js";
import { exportJson, exportReport } from "../report/export-report.js";
import { tellFolder } from "./leftovers.js";

export function exportCommand(): Command {
  return new Command("export")
    .description(
      "Make a directory to share of a run's: what was computed from groups of rows, and no trace of rows.",
    )
    .argument("<DIR>", "the run's experiment directory")
    .argument("<OUT>", "the directory to make, which is not there yet")
    .option("--json", "print one JSON object instead of a report")
    .addHelpText(
      "after",
      "\nLeft out are rows, labels and classes, hashes and sizes of data files, paths, logs, metrics on rows and the\n" +
        "twin. A run that computed from rows (--group-size 1, --privacy threshold) is refused.",
    )
    .action((directory: string, out: string, { json }: { json?: boolean }) => {
      tellFolder(dirname(out));
      const exported = exportDirectory(directory, out);
      process.stdout.write(json === true ? exportJson(exported) : exportReport(exported));
    });
}

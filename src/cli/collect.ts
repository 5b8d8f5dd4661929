import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { collect } from "../experiment/collect/collect.js";
import { collectJson, collectReport } from "../report/collect-report.js";
import { tellFolder } from "./leftovers.js";

export function collectCommand(): Command {
  return new Command("collect")
    .description("Bring what clients on other machines kept of a run into its server's directory.")
    .argument("<DIR>", "the server's experiment directory, of a completed run")
    .argument("<CLIENT_DIR...>", "each client's own folder of the run, or its log folder, which has that")
    .option("--json", "print one JSON object instead of a report")
    .addHelpText(
      "after",
      "\nLogs, ledgers, points and, where their owner recorded them, rows and labels are checked against what the server\n" +
        "recorded, copied, and entered in the manifest: all of them, or none. Rows are then there for whoever has the\n" +
        "directory.",
    )
    .action((directory: string, folders: readonly string[], { json }: { json?: boolean }) => {
      tellFolder(dirname(resolve(directory)));
      const collected = collect(directory, folders);
      process.stdout.write(json === true ? collectJson(collected) : collectReport(collected));
    });
}

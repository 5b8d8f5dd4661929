import { Command } from "commander";
import { resume } from "../experiment/run.js";
import { RESUMABLE } from "../experiment/setting-groups.js";
import { withInterrupt } from "../files/interrupt.js";
import { runJson, runReport } from "../report/run-report.js";
import { commandLine } from "./command-line.js";
import { tellRun } from "./leftovers.js";
import { showProgress } from "./progress.js";
import { addSettings, asOptions, givenSettings } from "./settings-options.js";

export function resumeCommand(): Command {
  const command = new Command("resume")
    .description("Go on with a run that was cut short, in its own experiment directory.")
    .argument("<DIR>", "the experiment directory");
  return addSettings(command, RESUMABLE)
    .option("--json", "print one JSON object instead of a report")
    .addHelpText(
      "after",
      "\nThe settings are those of the directory; --data is for files that have moved since. The run goes on\n" +
        "from the last whole round and ends with the bytes of one that was never interrupted.",
    )
    .action(async (directory: string, options: { json?: boolean }) => {
      const progress = showProgress(options.json === true);
      try {
        const result = await withInterrupt((signal) =>
          resume(directory, givenSettings(command), {
            signal,
            onEvent: progress.onEvent,
            onDirectory: tellRun,
            command: commandLine(),
          }),
        );
        progress.stop();
        process.stdout.write(asOptions(options.json ? runJson(result) : runReport(result)));
      } finally {
        progress.stop();
      }
    });
}

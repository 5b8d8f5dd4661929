import { tmpdir } from "node:os";
import { Command } from "commander";
import { rerun } from "../experiment/rerun/rerun.js";
import { RESUMABLE } from "../experiment/setting-groups.js";
import { withInterrupt } from "../files/interrupt.js";
import { rerunJson, rerunReport } from "../report/rerun-report.js";
import { FAILED } from "./exit-codes.js";
import { tellFolder } from "./leftovers.js";
import { showProgress } from "./progress.js";
import { addSettings, asOptions, givenSettings } from "./settings-options.js";

export function rerunCommand(): Command {
  const command = new Command("rerun")
    .description(
      "Run a run again with its recorded settings and data, and say whether all of it comes out the same.",
    )
    .argument("<DIR>", "the experiment directory, which stays as it is");
  return addSettings(command, RESUMABLE)
    .option("--json", "print one JSON object instead of a report")
    .addHelpText(
      "after",
      "\nPaths are those that the run was given, from the folder that it was started in; --data is for files that have\n" +
        "moved since. Of a run that was cut short, the whole rounds are compared.\n\n" +
        "Exit code 1 if anything differs: the first round, client and array that does is named.",
    )
    .action(async (directory: string, { json = false }: { json?: boolean }) => {
      tellFolder(tmpdir());
      // Without a terminal to show a bar on, the verdict is all there is to say.
      const progress = showProgress(json || !process.stderr.isTTY);
      try {
        const result = await withInterrupt((signal) =>
          rerun(directory, givenSettings(command), { signal, onEvent: progress.onEvent }),
        );
        progress.stop();
        process.stdout.write(asOptions(json ? rerunJson(result) : rerunReport(result)));
        if (!result.isSame) process.exitCode = FAILED;
      } finally {
        progress.stop();
      }
    });
}

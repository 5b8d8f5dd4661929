import { Command } from "commander";
import { diff } from "../experiment/diff/diff.js";
import { diffJson, diffReport } from "../report/diff-report.js";
import { FAILED } from "./exit-codes.js";

export function diffCommand(): Command {
  return new Command("diff")
    .description("Compare two runs: settings, data, rounds, means, metrics, and the clusters of their rows.")
    .argument("<A>", "an experiment directory")
    .argument("<B>", "another")
    .option("--json", "print one JSON object instead of a report")
    .addHelpText("after", "\nExit code 0 where there is no difference, 1 where there is.")
    .action((a: string, b: string, { json = false }: { json?: boolean }) => {
      const result = diff(a, b);
      process.stdout.write(json ? diffJson(result) : diffReport(result));
      if (!result.isSame) process.exitCode = FAILED;
    });
}

import { Command, Option } from "commander";
import { RunError } from "../errors.js";
import { withInterrupt } from "../experiment/interrupt.js";
import { reproductionReport } from "../notebook/study-report.js";
import { BARS, reproduce } from "../study/reproduce.js";
import { studyProgress } from "./study-progress.js";
import { integer } from "./sweep.js";

interface Options {
  reference: string;
  seeds: number;
  cells?: string[];
  privacyThreshold: number;
  output: string;
  threads?: number;
}

export function reproduceCommand(): Command {
  return new Command("reproduce")
    .description(
      "Run the published study of Garst & Reinders again, and compare: fkm, central and k-fed with what was " +
        "published, best-lloyd with central.",
    )
    .option("--reference <DIR>", "folder with published_ari.json and data/", "../shared/reference/paper")
    .addOption(
      new Option("--seeds <N>", "runs of each algorithm in each cell")
        .argParser((text) => integer(text, "--seeds", 2))
        .default(200),
    )
    .addOption(
      new Option("--cells <A,B,...>", "names of cells; default: all").argParser((text) => text.split(",")),
    )
    .addOption(
      new Option("--privacy-threshold <N>", "of best-lloyd's clients; fkm has 1, as published")
        .argParser((text) => integer(text, "--privacy-threshold", 0))
        .default(1),
    )
    .addOption(
      new Option("--threads <N>", "worker threads; default: one a processor").argParser((text) =>
        integer(text, "--threads", 1),
      ),
    )
    .option(
      "--output <DIR>",
      "folder of the results; started again with it, the study goes on",
      "logs/reproduce",
    )
    .addHelpText(
      "after",
      `\nNear enough is: fkm within ${BARS.fkm} of the published mean, central within ${BARS.central}, k-fed at ` +
        `most ${BARS.kFed} below;\nbest-lloyd at most ${BARS.bestLloydMean} below central, with a standard ` +
        `deviation at most ${BARS.bestLloydSd} above. Exit code 1 if a cell misses.`,
    )
    .action(async (options: Options) => {
      const progress = studyProgress(false);
      try {
        const result = await withInterrupt((signal) =>
          reproduce({
            ...options,
            threads: options.threads ?? null,
            signal,
            onProgress: progress.onProgress,
          }),
        );
        progress.stop();
        process.stdout.write(reproductionReport(result));
        const missed = result.cells.filter((cell) => cell.missed.length > 0).length;
        if (missed > 0) throw new RunError(`${missed} of ${result.cells.length} cells miss a bar`);
      } finally {
        progress.stop();
      }
    });
}

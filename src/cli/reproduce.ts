import { Command } from "commander";
import { RunError } from "../errors.js";
import { reproductionReport } from "../report/study-report.js";
import { BARS } from "../study/reproduce/comparison.js";
import { REPRODUCE_OPTIONS, reproduce } from "../study/reproduce/reproduce.js";
import { addOptions, givenOptions } from "./settings-options.js";
import { doStudy } from "./study-progress.js";

export function reproduceCommand(): Command {
  const command = new Command("reproduce").description(
    "Run the published study of Garst & Reinders again, and compare: fkm, central and k-fed with what was " +
      "published, best-lloyd with central.",
  );
  return addOptions(command, REPRODUCE_OPTIONS)
    .option(
      "--output <DIR>",
      "folder of the results; started again with it, the study goes on",
      "logs/reproduce",
    )
    .addHelpText(
      "after",
      `\nNear enough is: fkm within ${BARS.fkm} of the published mean, central within ${BARS.central}, k-fed at ` +
        `most ${BARS.kFed} below;\nbest-lloyd at most ${BARS.bestLloydMean} below central, with a standard ` +
        `deviation at most ${BARS.bestLloydSd} above. Generated data are another draw: only\nbest-lloyd has a bar there. ` +
        "Exit code 1 if a cell misses.",
    )
    .action(async ({ output }: { output: string }) => {
      const result = await doStudy(output, false, (hooks) =>
        reproduce({ ...givenOptions(command, REPRODUCE_OPTIONS), ...hooks }),
      );
      process.stdout.write(reproductionReport(result));
      const missed = result.cells.filter((cell) => cell.missed.length > 0).length;
      if (missed > 0) throw new RunError(`${missed} of ${result.cells.length} cells miss a bar`);
    });
}

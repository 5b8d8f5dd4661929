import { Command, Option } from "commander";
import { UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { withInterrupt } from "../experiment/interrupt.js";
import { STUDY_SETTINGS } from "../experiment/settings.js";
import { choiceReport } from "../report/study-report.js";
import { chooseK } from "../study/choose-k.js";
import { readConfigOption } from "./configuration-option.js";
import { tellFolder } from "./leftovers.js";
import { addSettings, asOptions, givenSettings, sourceOf } from "./settings-options.js";
import { studyProgress } from "./study-progress.js";
import { integer } from "./sweep.js";

interface Options {
  config?: string;
  kMin: number;
  kMax: number;
  seeds: number;
  output: string;
  json?: boolean;
}

/** Settings of other studies: here the numbers of clusters are tried, and no exact silhouette is computed. */
const NOT_HERE = ["kGlobal", "maxSilhouetteSamples"];

export function chooseKCommand(): Command {
  const atLeast = (flag: string, min: number) => (text: string) => integer(text, flag, min);
  const command = new Command("choose-k")
    .description(
      "Say how many clusters the rows speak for: inertia, simplified silhouette and agreement of seeds, side " +
        "by side.",
    )
    .option("--config <FILE>", "TOML file with settings; options override it")
    .addOption(new Option("--k-min <N>", "fewest clusters").argParser(atLeast("--k-min", 1)).default(2))
    .addOption(new Option("--k-max <N>", "most clusters").argParser(atLeast("--k-max", 2)).default(10))
    .addOption(new Option("--seeds <N>", "runs of each number").argParser(atLeast("--seeds", 2)).default(10))
    .option("--output <DIR>", "folder of choose-k.csv, choose-k.json and choose-k.svg", "logs/choose-k");
  const names = STUDY_SETTINGS.filter((name) => !NOT_HERE.includes(name));
  return addSettings(command, names)
    .option("--json", "print one JSON object instead of a table")
    .action(async (options: Options) => {
      const { settings: file } = readConfigOption(options.config);
      const chosen = givenSettings(command);
      const given = { ...file, ...chosen };
      if (options.kMax <= options.kMin) {
        throw new UsageError(`--k-max must be above --k-min ${options.kMin}, found ${options.kMax}`);
      }
      const { data } = configure(given, sourceOf(chosen, file, options.config));
      const kValues = Array.from({ length: options.kMax - options.kMin + 1 }, (_, i) => options.kMin + i);
      tellFolder(options.output);
      const progress = studyProgress(options.json === true);
      try {
        const choice = await withInterrupt((signal) =>
          chooseK(
            { ...given, data },
            {
              kValues,
              seeds: options.seeds,
              output: options.output,
              threads: given.threads ?? null,
              signal,
              onProgress: progress.onProgress,
            },
          ),
        );
        progress.stop();
        const { svg, ...plain } = choice;
        process.stdout.write(
          asOptions(options.json ? `${JSON.stringify(plain, null, 2)}\n` : choiceReport(choice)),
        );
      } finally {
        progress.stop();
      }
    });
}

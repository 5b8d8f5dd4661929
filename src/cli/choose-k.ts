import { Command } from "commander";
import { UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { STUDY_SETTINGS } from "../experiment/setting-groups.js";
import { choiceReport } from "../report/study-report.js";
import { completeSettings } from "../settings/check.js";
import { CHOOSE_K_OPTIONS, chooseK, kBetween } from "../study/choose-k.js";
import { readConfigOption } from "./configuration-option.js";
import {
  addOptions,
  addSettings,
  asOptions,
  givenOptions,
  givenSettings,
  sourceOf,
} from "./settings-options.js";
import { doStudy } from "./study-progress.js";

interface Options {
  config?: string;
  output: string;
  json?: boolean;
}

/** Settings of other studies: here the numbers of clusters are tried, and no exact silhouette is computed. */
const NOT_HERE = ["kGlobal", "maxSilhouetteSamples"];

export function chooseKCommand(): Command {
  const command = new Command("choose-k")
    .description(
      "Say how many clusters the rows speak for: inertia, simplified silhouette and agreement of seeds, side " +
        "by side.",
    )
    .option("--config <FILE>", "TOML file with settings; options override it");
  addOptions(command, CHOOSE_K_OPTIONS).option(
    "--output <DIR>",
    "folder of choose-k.csv, choose-k.json and choose-k.svg",
    "logs/choose-k",
  );
  const names = STUDY_SETTINGS.filter((name) => !NOT_HERE.includes(name));
  return addSettings(command, names)
    .option("--json", "print one JSON object instead of a table")
    .action(async (options: Options) => {
      const { settings: file } = readConfigOption(options.config);
      const chosen = givenSettings(command);
      const given = { ...file, ...chosen };
      const { kMin, kMax, seeds } = completeSettings(
        CHOOSE_K_OPTIONS,
        givenOptions(command, CHOOSE_K_OPTIONS),
      );
      if (kMax <= kMin) throw new UsageError(`--k-max must be above --k-min ${kMin}, found ${kMax}`);
      const { data } = configure(given, sourceOf(chosen, file, options.config));
      const choice = await doStudy(options.output, options.json === true, (hooks) =>
        chooseK(
          { ...given, data },
          { kValues: kBetween(kMin, kMax), seeds, threads: given.threads ?? null, ...hooks },
        ),
      );
      const { svg, ...plain } = choice;
      process.stdout.write(
        asOptions(options.json ? `${JSON.stringify(plain, null, 2)}\n` : choiceReport(choice)),
      );
    });
}

import { Command, Option } from "commander";
import { camelCase, kebabCase, snakeCase } from "../casing.js";
import { SCALAR_METRICS } from "../directory/read-metrics.js";
import { RunError, UsageError } from "../errors.js";
import { STUDY_SETTINGS } from "../experiment/setting-groups.js";
import { SETTING_NAMES, SETTINGS } from "../experiment/settings.js";
import { sweepJson, sweepReport } from "../report/study-report.js";
import { parseSetting } from "../settings/check.js";
import { type CellKey, type Grid, STUDY_DEFAULTS } from "../study/grid.js";
import { SWEEP_OPTIONS, sweep } from "../study/sweep.js";
import type { SweepMetric } from "../study/sweep-result.js";
import { readConfigOption } from "./configuration-option.js";
import { addOptions, addSettings, asOptions, givenOptions, givenSettings } from "./settings-options.js";
import { doStudy } from "./study-progress.js";

const EXAMPLES = `
Examples:
  fedkmeans sweep --data data/penguins --label-column species --grid algorithm=fkm,lloyd,best-lloyd,central
  fedkmeans sweep --grid data=data/a,data/b --grid k-global=2,3,4,5 --seeds 50 --output logs/sweep_k

A grid's values are those of the option of the same name; its algorithm may also be central, which pools the
rows and clusters them: the twin that federation is compared with. Runs are made in memory, on worker threads,
and leave no experiment directory. The folder has sweep.csv (a row a run), sweep-summary.csv and sweep.json
(mean, standard deviation and 95 % interval) and sweep.svg. A sweep that was cut short goes on where it stopped
when it is started again with the same folder. The exact silhouette is computed with
--max-silhouette-samples N only.`;

interface Options {
  config?: string;
  grid?: string[];
  plot?: string;
  output: string;
  json?: boolean;
}

export function sweepCommand(): Command {
  const command = new Command("sweep")
    .description("Run every combination of some settings' values with many seeds, and compare.")
    .option("--config <FILE>", "TOML file with settings that all runs share; options override it")
    .option("--grid <NAME=A,B,...>", "values to try of a setting; may be given again", collect);
  addOptions(command, SWEEP_OPTIONS)
    .addOption(new Option("--plot <METRIC>", "what sweep.svg shows").choices(SCALAR_METRICS.map(snakeCase)))
    .option("--output <DIR>", "folder of the results", "logs/sweep");
  return addSettings(command, STUDY_SETTINGS, STUDY_DEFAULTS)
    .option("--json", "print the summary as JSON instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      const { settings: file } = readConfigOption(options.config);
      const settings = { ...file, ...givenSettings(command) };
      const result = await doStudy(options.output, options.json === true, (hooks) =>
        sweep(settings, gridOf(options.grid ?? []), {
          ...givenOptions(command, SWEEP_OPTIONS),
          threads: settings.threads ?? null,
          ...(options.plot && { plot: camelCase(options.plot) as SweepMetric }),
          ...hooks,
        }),
      );
      process.stdout.write(asOptions(options.json ? sweepJson(result) : sweepReport(result)));
      if (result.summary.every((cell) => cell.nCompleted === 0)) {
        throw new RunError(`no run was completed: ${result.summary[0].error}`);
      }
    });
}

function gridOf(entries: readonly string[]): Grid {
  const grid: Record<string, CellKey[]> = {};
  for (const entry of entries) {
    const [key, values] = entry.split(/=(.*)/s);
    const name = SETTING_NAMES.find((setting) => kebabCase(setting) === key);
    if (name === undefined || values === undefined) {
      throw new UsageError(`--grid must be NAME=A,B,... with the name of an option, found "${entry}"`);
    }
    if (name in grid) throw new UsageError(`--grid names ${key} twice`);
    grid[name] = values.split(",").map((text) => gridValue(name, text));
  }
  return grid as Grid;
}

function gridValue(name: (typeof SETTING_NAMES)[number], text: string): CellKey {
  const setting = SETTINGS[name];
  const source = `--grid ${kebabCase(name)}`;
  if (name === "algorithm" && text === "central") return text;
  // A list of names is refused where the grid is.
  if (setting.type !== "flag") return parseSetting(setting, text, source) as CellKey;
  if (text !== "true" && text !== "false")
    throw new UsageError(`${source} must be true or false, found "${text}"`);
  return text === "true";
}

function collect(entry: string, entries: string[] | undefined): string[] {
  return [...(entries ?? []), entry];
}

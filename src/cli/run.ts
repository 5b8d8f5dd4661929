import { Command } from "commander";
import { UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { planOfConfiguration } from "../experiment/plan.js";
import { run } from "../experiment/run.js";
import type { Configuration } from "../experiment/settings.js";
import { withInterrupt } from "../files/interrupt.js";
import { checkOutputFile } from "../files/output-file.js";
import { formatOf, makeReport, type ReportRequest } from "../report/page/make-report.js";
import { planJson, planReport } from "../report/plan-report.js";
import { runJson, runReport } from "../report/run-report.js";
import { commandLine } from "./command-line.js";
import { readConfigOption } from "./configuration-option.js";
import { tellRun } from "./leftovers.js";
import { showProgress } from "./progress.js";
import { addSettings, asOptions, givenSettings, sourceOf } from "./settings-options.js";
import { checkVideo, makeVideo, type VideoSetting } from "./video.js";

const EXAMPLES = `
Examples:
  fedkmeans run --data data/penguins --label-column species
  fedkmeans run --data data/generated --algorithm lloyd --k-global 5 --threads 4
  fedkmeans run --data visits.csv --client-column hospital --label-column diagnosis
  fedkmeans run --config experiment.toml --random-state 7 --json
  fedkmeans run --data data/penguins --video penguins.mp4
  fedkmeans run --config private.toml --privacy dp --epsilon 1 --dry-run

A configuration file is TOML: a table [fedkmeans] with the options' names as keys (k-global = 3), or a
pyproject.toml with [tool.flwr.app.config]. There data-source is another name of data, whose value
"test_data" names the folder in TEST_DATA_PATH; num-server-rounds is another name of max-iterations; and
what is the app's own is passed over. Options override the file; paths are relative to the working
directory. A flag is turned off by its --no- form, e.g. --no-normalize.`;

interface Options {
  config?: string;
  video?: VideoSetting;
  report?: string | true;
  dryRun?: boolean;
  json?: boolean;
}

export function runCommand(): Command {
  const command = new Command("run")
    .description("Run a federation on partitions of this machine and write its experiment directory.")
    .option("--config <FILE>", "TOML file with settings; options override it");
  return addSettings(command)
    .option(
      "--video [FILE]",
      "end with a video, .mp4, .webm or .gif (needs fedkmeans-viz); default: in the experiment directory",
    )
    .option("--no-video", "no video, whatever the configuration file says")
    .option(
      "--report [FILE]",
      "end with a report, .html, .md, .json or .pdf; default: beside the experiment directory, with its name",
    )
    .option(
      "--dry-run",
      "with --privacy dp: say what would be asked, and how much noise it would have; nothing is asked, spent or written",
    )
    .option("--json", "print one JSON object instead of a report")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      const given = givenSettings(command);
      const { settings: file, video: asked } = readConfigOption(options.config);
      const configuration = configure({ ...file, ...given }, sourceOf(given, file, options.config));
      const video =
        options.video === undefined
          ? checkVideo(asked ?? false, `video in ${options.config}`)
          : checkVideo(options.video, "--video");
      if (options.dryRun) {
        const plan = await planOfConfiguration(dryRun(configuration, options));
        process.stdout.write(asOptions(options.json ? planJson(plan) : planReport(plan)));
        return;
      }
      const report = reportRequest(options.report);
      const progress = showProgress(options.json === true);
      try {
        await withInterrupt(async (signal) => {
          const result = await run(configuration, {
            signal,
            onEvent: progress.onEvent,
            onDirectory: tellRun,
            command: commandLine(),
          });
          progress.stop();
          if (!options.json) process.stdout.write(asOptions(runReport(result)));
          const made =
            video === false
              ? null
              : await makeVideo(result.experimentDir, video, options.json === true, signal);
          const page = report && (await makeReport([result.experimentDir], report, signal));
          if (options.json) {
            process.stdout.write(asOptions(runJson(result, { video: made?.path ?? null, report: page })));
          } else for (const path of [made?.path, page]) if (path) process.stdout.write(`${path}\n`);
          if (made?.problem) process.stderr.write(`fedkmeans: ${made.problem}\n`);
        });
      } finally {
        progress.stop();
      }
    });
}

/** @throws UsageError for what is made of a run that is made, and where no noise is to be planned */
function dryRun(configuration: Configuration, { video, report }: Options): Configuration {
  for (const [option, made] of [
    ["--video", video],
    ["--report", report],
  ] as const) {
    if (made !== undefined && made !== false)
      throw new UsageError(`--dry-run makes nothing: leave ${option} out`);
  }
  const { privacy } = configuration;
  if (privacy === "dp") return configuration;
  const preview = privacy === "groups" ? "; what would leave in groups, fedkmeans preview shows" : "";
  throw new UsageError(`--dry-run tells of noise: it needs --privacy dp, found ${privacy}${preview}`);
}

/** @throws UsageError for a file of another kind, RunError for one that cannot be written, before anything is run */
function reportRequest(asked: string | true | undefined): ReportRequest | null {
  if (asked === undefined) return null;
  const output = asked === true ? null : asked;
  const format = formatOf(output);
  if (output !== null) checkOutputFile(output);
  return { output, format, title: null, note: null, showsRows: true, reruns: false };
}

import { Command } from "commander";
import { theSetting, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { dataSettings } from "../experiment/data-settings.js";
import { findFiles } from "../experiment/prediction-data.js";
import { PREVIEW_OPTIONS, PREVIEW_SETTINGS, previewClients } from "../experiment/preview.js";
import type { Configuration } from "../experiment/settings.js";
import { openState } from "../federation/client/state-folder.js";
import { refuseProven } from "../privacy/preview.js";
import type { StoredState } from "../privacy/stored-groups.js";
import { previewJson, previewReport } from "../report/preview-report.js";
import { readConfigOption } from "./configuration-option.js";
import { storedColumns } from "./groups-data.js";
import {
  addOptions,
  addSettings,
  asOptions,
  givenOptions,
  givenSettings,
  sourceOf,
} from "./settings-options.js";

const EXAMPLES = `
Examples:
  fedkmeans preview visits.csv --label-column diagnosis
  fedkmeans preview visits.csv --group-size 10 --drop-columns smoker --json > preview.json
  fedkmeans preview data/penguins --label-column species

DATA is one client's file; or, of a simulation, a folder of one file a client, or one table with --client-column: then
there is a line a client. Counts and names are shown, never a value, and nothing is sent or written.

Exit code 1 where a client would refuse to take part, as a rare row of it could be proven: fewer of its rows are like it
than a group has. The report is printed all the same. --allow-proven accepts it.`;

interface Options {
  config?: string;
  allowProven?: boolean;
  json?: boolean;
  stateDir?: string;
}

export function previewCommand(): Command {
  const command = new Command("preview")
    .description("Show what would leave a client, before anything does: counts and names, never a value.")
    .argument("<DATA>", "one client's file, or a folder or table of several")
    .option("--config <FILE>", "TOML file with settings; options override it");
  addOptions(addSettings(command, PREVIEW_SETTINGS), PREVIEW_OPTIONS);
  return command
    .option("--state-dir <DIR>", "the client's state, whose groups would be used; see the command groups")
    .option("--allow-proven", "exit with 0 even if rare rows could be proven")
    .option("--json", "print one JSON object instead of a report")
    .addHelpText("after", EXAMPLES)
    .action(async (data: string, { config, allowProven = false, json = false, stateDir }: Options) => {
      const state = stateDir === undefined ? null : openState(stateDir);
      const given = storedSettings(givenSettings(command, PREVIEW_SETTINGS), state?.groups() ?? null);
      const { settings: file } = readConfigOption(config);
      const configuration = configure({ ...file, ...given, data }, sourceOf(given, file, config));
      if (configuration.privacy !== "groups") {
        const name = sourceOf(given, file, config)("privacy");
        throw new UsageError(`${name} must be groups to be previewed, found ${configuration.privacy}`);
      }
      const settings = Object.fromEntries(PREVIEW_SETTINGS.map((name) => [name, configuration[name]]));
      const files = await findFiles(data, dataSettings(configuration));
      if (state !== null && files.refs.length !== 1) {
        throw new UsageError(`--state-dir is one client's: ${data} has ${files.refs.length}`);
      }
      const all = { ...settings, ...givenOptions(command, PREVIEW_OPTIONS) };
      const preview = await previewClients(files, all, state);
      for (const notice of preview.notices) process.stderr.write(asOptions(`note: ${notice}\n`));
      process.stdout.write(asOptions(json ? previewJson(preview) : previewReport(preview)));
      refuseProven(preview.clients, allowProven);
    });
}

/** The groups of a state are of its columns and its size, which no option changes. */
function storedSettings(given: Partial<Configuration>, state: StoredState | null): Partial<Configuration> {
  if (state === null) return given;
  const { groupSize, groupScale } = state.settings;
  for (const [name, stored] of Object.entries({ groupSize, groupScale })) {
    const asked = given[name as "groupSize"];
    if (asked != null && asked !== stored) {
      throw new UsageError(`${theSetting(name)} must be ${stored}, that of the state, found ${asked}`);
    }
  }
  const scale = groupSize === 1 ? null : groupScale;
  return { ...given, ...storedColumns(given, state), groupSize, groupScale: scale };
}

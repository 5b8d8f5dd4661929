import { stat } from "node:fs/promises";
import { Command } from "commander";
import type { Partition } from "../data/partitions/partition.js";
import { theSetting, UsageError } from "../errors.js";
import { DEFAULT_GROUP_SCALE, DEFAULT_GROUP_SIZE } from "../experiment/privacy-settings.js";
import { DATA_SETTINGS } from "../experiment/setting-groups.js";
import { firstGroups, hasState, makeState } from "../federation/client/make-state.js";
import { openState } from "../federation/client/state-folder.js";
import { GROUP_SCALES } from "../privacy/groups.js";
import type { GroupSettings } from "../privacy/stored-groups.js";
import type { GroupsChange } from "../privacy/update-groups.js";
import { changeLines, changeNotices, groupsJson, groupsReport } from "../report/groups-report.js";
import { loadRows, storedColumns } from "./groups-data.js";
import { POINTS_SETTINGS, writePoints } from "./groups-points.js";
import { tellFolder } from "./leftovers.js";
import { addOptions, addSettings, asOptions, givenOptions, givenSettings } from "./settings-options.js";

const STATE_SETTINGS = {
  groupSize: {
    type: "integer",
    default: null,
    min: 1,
    max: 1_000_000,
    help: `least number of rows of a group; of a state that has groups, a larger one merges them; default: ${DEFAULT_GROUP_SIZE}, or the state's`,
  },
  groupScale: {
    type: "choice",
    choices: GROUP_SCALES,
    default: null,
    help: `what a column is divided by before rows are compared: its standard deviation or its range; default: ${DEFAULT_GROUP_SCALE}, or the state's`,
  },
  wait: {
    type: "integer",
    default: null,
    min: 1,
    help: `how many rows that no group holds are grouped among themselves; default: four times ${theSetting("groupSize")}, or the state's`,
  },
  allowRetiring: {
    type: "flag",
    default: false,
    help: "let more than half of the groups be retired for good",
  },
  dryRun: { type: "flag", default: false, help: "say what would change, and store nothing" },
} as const;

const EXAMPLES = `
Examples:
  fedkmeans groups patients.csv --state-dir state --drop-columns id
  fedkmeans groups patients.csv --state-dir state --dry-run
  fedkmeans groups --state-dir state
  fedkmeans groups patients.csv --state-dir state --run 20251107-a --points points.json

The first time it makes the state: which rows are in which group, for good. Later it looks for the groups in the rows
as they are then. A group of which a row is gone is retired, with its other rows; new rows wait until there are enough
of them. Without DATA it shows the state. Nothing in the folder leaves the client, and the folder must not be lost.

With --run and --points it writes the points of a run for a program that answers a server itself. The first time they
are made of the rows as they are then; later they are the same, and DATA may be left out.`;

interface Options {
  readonly stateDir: string;
  readonly json?: true;
}

export function groupsCommand(): Command {
  const command = new Command("groups")
    .description(
      "Make a client's state, in which its rows are in groups for good, or look what other rows change.",
    )
    .argument("[DATA]", "the file of the client's rows: all of them")
    .requiredOption("--state-dir <DIR>", "the client's state: a new folder the first time");
  addOptions(command, STATE_SETTINGS);
  addSettings(
    command,
    DATA_SETTINGS.filter((name) => name !== "clientColumn"),
  );
  addOptions(command, POINTS_SETTINGS);
  return command
    .option("--json", "print one JSON object instead of a report")
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, { stateDir, json }: Options) => {
      if (await hasWrittenPoints(command, data, stateDir)) return;
      if (data === undefined) {
        show(stateDir, json === true);
        return;
      }
      const { change, notices, isStored, isNew } = await lookAt(command, data, stateDir);
      const said = [...notices, ...changeNotices(change, isStored)].map(asOptions);
      if (json) {
        process.stdout.write(groupsJson(change.state, change, { stateDir, isStored, notices: said }));
        return;
      }
      for (const notice of said) process.stderr.write(`note: ${notice}\n`);
      const what = isStored ? (isNew ? "made" : "stored") : "not stored (--dry-run)";
      const report = asOptions(groupsReport(change.state));
      process.stdout.write(`${changeLines(change).join("\n")}\n\n${report}${stateDir}: ${what}\n`);
    });
}

async function hasWrittenPoints(
  command: Command,
  data: string | undefined,
  stateDir: string,
): Promise<boolean> {
  const asked = givenOptions(command, POINTS_SETTINGS);
  const others = Object.keys(givenOptions(command, STATE_SETTINGS));
  if (command.opts<Options>().json) others.push("json");
  tellFolder(stateDir);
  const written = await writePoints(stateDir, data, givenSettings(command, DATA_SETTINGS), asked, others);
  if (written === null) return false;
  const { nPoints, nSamples, file } = written;
  if (file !== "-") process.stdout.write(`${file}: ${nPoints} points of ${nSamples} rows\n`);
  return true;
}

function show(stateDir: string, isJson: boolean): void {
  const state = openState(stateDir).groups();
  process.stdout.write(
    isJson
      ? groupsJson(state, null, { stateDir, isStored: false, notices: [] })
      : asOptions(groupsReport(state)),
  );
}

interface Outcome {
  readonly change: GroupsChange;
  readonly notices: readonly string[];
  readonly isStored: boolean;
  readonly isNew: boolean;
}

async function lookAt(command: Command, data: string, stateDir: string): Promise<Outcome> {
  const { groupSize, groupScale, wait, allowRetiring, dryRun } = givenOptions(command, STATE_SETTINGS);
  const isStored = dryRun !== true;
  const isNew = !hasState(stateDir);
  const stats = await stat(data).catch(() => null);
  if (stats?.isDirectory()) throw new UsageError(`${data}: the file of one client expected, found a folder`);
  const stored = isNew ? null : openState(stateDir).groups();
  const partition = await loadRows(
    data,
    storedColumns(givenSettings(command, DATA_SETTINGS), stored),
    stored?.columns != null,
  );
  const notices = partition.notices ?? [];
  tellFolder(stateDir);
  const asked = {
    ...(groupSize != null && { groupSize }),
    ...(groupScale != null && { groupScale }),
    ...(wait != null && { wait }),
  };
  if (isNew) return { change: await made(stateDir, partition, asked, isStored), notices, isStored, isNew };
  const all = { ...asked, mayRetireMost: allowRetiring === true };
  const state = openState(stateDir);
  const change = isStored ? await state.update(partition, all) : state.changeBy(partition, all);
  return { change, notices, isStored, isNew };
}

async function made(
  stateDir: string,
  partition: Partition,
  asked: Partial<GroupSettings>,
  isStored: boolean,
): Promise<GroupsChange> {
  const settings = { groupSize: DEFAULT_GROUP_SIZE, groupScale: DEFAULT_GROUP_SCALE, wait: null, ...asked };
  return isStored ? makeState(stateDir, partition, settings) : firstGroups(partition, settings);
}

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Partition } from "../data/partitions/partition.js";
import { nameSettings, RunError, theSetting, UsageError } from "../errors.js";
import type { ClientSettings } from "../experiment/client-settings.js";
import { limitOf } from "../federation/client/budget/budget-checks.js";
import { hasBudget, openBudget } from "../federation/client/budget/budget-folder.js";
import { epsilonWithin } from "../federation/client/budget/epsilon-text.js";
import { MemoryBudget } from "../federation/client/budget/memory-budget.js";
import { sentBefore } from "../federation/client/budget/modes.js";
import { PrivateClient } from "../federation/client/private-client.js";
import { cannotWrite } from "../files/atomic-write.js";
import { plural, printableLine } from "../printable.js";
import type { Policy, PrivatePolicy } from "../privacy/policy.js";
import { rowsSpentReport } from "../report/budget-report.js";
import { changeLines, groupsReport } from "../report/groups-report.js";
import {
  type ClientSources,
  clientKey,
  readClientSettings,
  type SettingsOfSource,
} from "./client-sources.js";
import { type OpenedClient, openClient } from "./open-client.js";

/** The most features whose bounds are shown. */
const MOST_BOUNDS = 12;

/** Stands for the name of a run. */
const RUN = "<run>";

/**
 * What a client is and would give, a line each: for its owner, before its SuperNode starts.
 *
 * @throws UsageError or RunError where it would not take part, as it would tell its owner
 */
export async function checkClient(sources: ClientSources): Promise<string[]> {
  try {
    return (await lines(sources)).map((line) => printableLine(nameSettings(line, clientKey)));
  } catch (error) {
    if (error instanceof Error) error.message = nameSettings(error.message, clientKey);
    throw error;
  }
}

async function lines(sources: ClientSources): Promise<string[]> {
  const { permitted, passedOver, isSimulation, of } = readClientSettings(sources);
  if (permitted.length === 0) {
    throw new UsageError(`${theSetting("dataPath")} is missing, and TEST_DATA_PATH: where its rows are`);
  }
  const parts: string[][] = [];
  for (const dataSource of permitted) {
    parts.push(await linesOf(dataSource, isSimulation, of(dataSource)!));
  }
  const others = Object.entries({
    "node config": passedOver.nodeConfig,
    environment: passedOver.environment,
  }).flatMap(([place, names]) =>
    names.length === 0 ? [] : [`${place}: no settings of a client: ${names.join(", ")}`],
  );
  return [...others, ...parts.flatMap((part, i) => (i === 0 ? part : ["", ...part]))];
}

async function linesOf(
  dataSource: string,
  isSimulation: boolean,
  { settings, nameOf }: SettingsOfSource,
): Promise<string[]> {
  const client = await openClient(settings, { run: RUN, dataSource, isSimulation, nameOf, tell: () => {} });
  const partition = await client.load();
  const { rows, featureNames, notices = [] } = partition;
  const { name, path, policy, state } = client;
  const features = featureNames === null ? "without names" : featureNames.join(", ");
  const change = state?.wouldBegin(partition, { allowProven: client.allowProven }) ?? null;
  if (client.folder !== null) checkWritable(dirname(client.folder.path));
  return [
    `${name}, ${dataSource}${isSimulation ? ", in a simulation (FEDKMEANS_SIMULATION=1)" : ""}`,
    `data     ${path}: ${plural(rows.nRows, "row")} of ${plural(rows.nColumns, "feature")}`,
    ...(change === null
      ? [`columns  ${features}`]
      : [
          ...groupsReport(change.state).trimEnd().split("\n"),
          `state    ${state!.path}; a run that begins: ${changeLines(change).join("; ")}`,
        ]),
    ...privateLines(client, partition, settings),
    `leaves   ${whatLeaves(policy, isSimulation)}`,
    ...(policy.privately === null
      ? [`labels   ${policy.sharesLabels ? "counts a group leave" : "stay"} (${theSetting("shareLabels")})`]
      : ["labels   stay"]),
    `records  ${whatIsKept(client)}`,
    ...notices.map((notice) => `note     ${notice}`),
  ];
}

/** Whether a folder could be made there, and written to. */
function checkWritable(folder: string): void {
  const there = (path: string): string => (existsSync(path) ? path : there(dirname(path)));
  const first = there(resolve(folder));
  try {
    if (!statSync(first).isDirectory()) throw new Error(`${first} is no folder`);
    accessSync(first, constants.W_OK);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** Of noise: what is public of the rows, how many of them differ from it, and what they have spent. */
function privateLines(
  { name, policy, budget }: OpenedClient,
  partition: Partition,
  settings: ClientSettings,
): string[] {
  const { privately } = policy;
  if (privately === null || budget === null) return [];
  const { nClipped, nSamples } = new PrivateClient(name, partition, policy, {
    budget: new MemoryBudget(privately),
    run: RUN,
  });
  const { features, low, high } = privately.bounds;
  const each = features.slice(0, MOST_BOUNDS).map((feature, f) => `${feature} ${low[f]} to ${high[f]}`);
  const more = features.length > MOST_BOUNDS ? ` and ${features.length - MOST_BOUNDS} more` : "";
  return [
    `bounds   ${settings.bounds}: ${each.join(", ")}${more}`,
    `outside  ${nClipped} of ${plural(nSamples, "row")}; what is outside is clipped, and no server is told`,
    `rows     ${privately.declaredRows} declared of all clients (${theSetting("declaredRows")})`,
    ...budgetLines(budget, partition, privately),
  ];
}

/** @throws RunError where nothing may be spent any more */
function budgetLines(
  { folder }: NonNullable<OpenedClient["budget"]>,
  { featureNames, rows }: Partition,
  { epsilon, epsilonLimit, delta }: PrivatePolicy,
): string[] {
  checkWritable(folder);
  if (!hasBudget(folder)) {
    return [`budget   ${folder}: made in the first run, of epsilon ${epsilonLimit} at delta ${delta}`];
  }
  const of = openBudget(folder);
  const state = of.state();
  const mu2 = of.spentBy({ columns: featureNames, rows });
  const left = epsilonWithin(limitOf(state) - mu2, state.delta);
  if (left === 0)
    throw new RunError(
      `${folder}: its rows have spent all that they may (${theSetting("epsilonLimit")} ${state.epsilonLimit})`,
    );
  const before = sentBefore(folder);
  return [
    ...rowsSpentReport(state, { rows: rows.nRows, mu2 }).trimEnd().split("\n"),
    `budget   ${folder}`,
    ...(epsilon <= left
      ? []
      : [
          `note     a run of epsilon ${epsilon} (${theSetting("epsilon")}) would be refused: ${left} is left`,
        ]),
    ...(before === null ? [] : [`note     ${before}`]),
  ];
}

function whatLeaves({ mode, groupSize, privacyThreshold, privately }: Policy, isSimulation: boolean): string {
  if (privately !== null) {
    const { epsilon, delta } = privately;
    const nobody = isSimulation ? "; in a simulation it protects nobody" : "";
    return `answers with noise: epsilon ${epsilon} (${theSetting("epsilon")}) or less a run, at delta ${delta} (${theSetting("delta")}) or less${nobody}`;
  }
  if (mode === "threshold") {
    return `what is of ${privacyThreshold} rows or more (${theSetting("privacy")} threshold): no guarantee, rows follow by arithmetic`;
  }
  if (groupSize === 1) return "rows: no protection from the server";
  const made = isSimulation ? ", made anew for each message" : "";
  return `what is computed from groups of ${groupSize} rows or more${made}`;
}

function whatIsKept({ folder }: OpenedClient): string {
  if (folder === null) return `none (${theSetting("logDir")})`;
  const { keepsLedger, keepsPoints, keepsRows, keepsLabels } = folder;
  const kept = Object.entries({
    ledger: keepsLedger,
    points: keepsPoints,
    rows: keepsRows,
    labels: keepsLabels,
  });
  const names = ["log", ...kept.filter(([, isKept]) => isKept).map(([name]) => name)];
  return `${folder.path}: ${names.join(", ")}`;
}

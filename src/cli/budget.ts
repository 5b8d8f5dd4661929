import { readdirSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { theSetting, UsageError } from "../errors.js";
import type { LoadOptions } from "../experiment/data-settings.js";
import { DATA_SETTINGS } from "../experiment/setting-groups.js";
import { SETTINGS } from "../experiment/settings.js";
import {
  type BudgetFolder,
  hasBudget,
  makeBudget,
  openBudget,
} from "../federation/client/budget/budget-folder.js";
import type { BudgetState } from "../federation/client/budget/budget-state.js";
import { sentBefore } from "../federation/client/budget/modes.js";
import { plural } from "../printable.js";
import { budgetJson, budgetReport, type RowsSpent, rowsSpentReport } from "../report/budget-report.js";
import { loadRows } from "./groups-data.js";
import { tellFolder } from "./leftovers.js";
import { addOptions, addSettings, asOptions, givenOptions, givenSettings } from "./settings-options.js";

const LIMITS = {
  epsilonLimit: {
    ...SETTINGS.epsilonLimit,
    help: "what all runs together may spend of their rows' privacy, for good: makes the budget",
  },
  delta: {
    ...SETTINGS.delta,
    help: "what may come to a probability beside the factor of e^epsilon: well below one over the number of rows of all clients",
  },
} as const;

const EXAMPLES = `
Examples:
  fedkmeans budget --state-dir state --epsilon-limit 4 --delta 1e-6
  fedkmeans budget --state-dir state
  fedkmeans budget patients.csv --state-dir state --drop-columns id

With --epsilon-limit and --delta it makes the budget that a client under --privacy dp spends: for good, for all of its
rows, and once, as in a second folder the same rows would begin at 0. Without, it shows what is spent; with DATA, what
the rows of this file have spent, in whatever format and order, and what still fits. Rows begin where the one among
them stands that has spent most. Nothing in the folder leaves the client, and the folder must not be lost.`;

interface Options {
  readonly stateDir: string;
  readonly json?: true;
}

export function budgetCommand(): Command {
  const command = new Command("budget")
    .description(
      "Make the privacy budget of a client's rows, show what is spent of it, or what is left to rows.",
    )
    .argument("[DATA]", "a file of the client's rows")
    .requiredOption(
      "--state-dir <DIR>",
      "the client's state: a new folder, or that of its groups, the first time",
    );
  addOptions(command, LIMITS);
  addSettings(
    command,
    DATA_SETTINGS.filter((name) => name !== "clientColumn"),
  );
  return command
    .option("--json", "print one JSON object instead of a report")
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, { stateDir, json }: Options) => {
      const isMade = made(command, stateDir);
      refuseFolderOfBudgets(stateDir);
      const budget = openBudget(stateDir);
      const state = budget.state();
      const spent =
        data === undefined ? null : await spentBy(budget, state, data, givenSettings(command, DATA_SETTINGS));
      const before = sentBefore(stateDir);
      if (before !== null) process.stderr.write(`note: ${asOptions(before)}\n`);
      if (json) {
        process.stdout.write(budgetJson(stateDir, state, spent));
        return;
      }
      const report = spent === null ? budgetReport(state) : rowsSpentReport(state, spent);
      process.stdout.write(asOptions(report));
      if (isMade !== null)
        process.stdout.write(`${stateDir}: ${isMade ? "made" : "is there already, and stays as it is"}\n`);
    });
}

/** Whether a budget was made; null where none was asked for. */
function made(command: Command, stateDir: string): boolean | null {
  const { epsilonLimit, delta } = givenOptions(command, LIMITS);
  if (epsilonLimit == null && delta == null) return null;
  if (epsilonLimit == null || delta == null) {
    const [given, missing] = epsilonLimit == null ? ["delta", "epsilonLimit"] : ["epsilonLimit", "delta"];
    throw new UsageError(`${theSetting(given)} needs ${theSetting(missing)}: a budget has both, for good`);
  }
  tellFolder(stateDir);
  return makeBudget(stateDir, { epsilonLimit, delta });
}

/** A simulation has one for each client. */
function refuseFolderOfBudgets(stateDir: string): void {
  if (hasBudget(stateDir) || !statSync(stateDir, { throwIfNoEntry: false })?.isDirectory()) return;
  const names = readdirSync(stateDir).filter((name) => hasBudget(join(stateDir, name)));
  if (names.length === 0) return;
  const one = join(stateDir, names[0]);
  throw new UsageError(
    `${stateDir} has ${plural(names.length, "budget")} of a simulation's clients, one a folder: look at ${one}`,
  );
}

/** Of the columns that the budget knows rows by, unless others are asked for, which it refuses. */
async function spentBy(
  budget: BudgetFolder,
  { columns }: BudgetState,
  path: string,
  given: LoadOptions,
): Promise<RowsSpent> {
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory()) throw new UsageError(`${path}: the file of one client expected, found a folder`);
  const names = columns?.names ?? null;
  const isOpen = names !== null && given.columns == null && given.dropColumns == null;
  const read = isOpen ? { ...given, columns: names } : given;
  const { rows, featureNames } = await loadRows(path, read, names !== null);
  return { rows: rows.nRows, mu2: budget.spentBy({ columns: featureNames, rows }) };
}

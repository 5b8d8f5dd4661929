import { theSetting } from "../errors.js";
import { limitOf } from "../federation/client/budget/budget-checks.js";
import { levelsOf } from "../federation/client/budget/budget-file.js";
import type { BudgetRun, BudgetState } from "../federation/client/budget/budget-state.js";
import { epsilonText, epsilonWithin } from "../federation/client/budget/epsilon-text.js";
import { plural, printableLine } from "../printable.js";
import { epsilonOf } from "../privacy/gaussian-account.js";

/** The most columns that are named, and runs and levels of what was spent that are shown. */
const MAX_COLUMNS = 12;
const MAX_LINES = 20;

/** What rows of a file have spent of a budget. */
export interface RowsSpent {
  readonly rows: number;
  /** mu^2 of the one that has spent most. */
  readonly mu2: number;
}

/** A budget, and what of it is spent, for a person: in counts and names. */
export function budgetReport(state: BudgetState): string {
  const { delta, runs } = state;
  const levels = levelsOf(state).map(
    ({ mu2, hashes }) => `${plural(hashes.length, "different row")}: epsilon ${epsilonText(mu2, delta)}`,
  );
  const shown = runs.map((run) => runLine(run, delta));
  return [
    `limit    ${limitText(state)}`,
    `columns  ${columnsText(state)}`,
    ...listed("spent", levels, "nothing"),
    ...listed("runs", shown, "none"),
    "",
  ].join("\n");
}

/** What rows have spent, and what they still may, for a person: three lines. */
export function rowsSpentReport(state: BudgetState, { rows, mu2 }: RowsSpent): string {
  const { delta } = state;
  const fits = epsilonWithin(limitOf(state) - mu2, delta);
  return [
    `limit    ${limitText(state)}`,
    `spent    ${mu2 === 0 ? "nothing" : `epsilon ${epsilonText(mu2, delta)}`} by these ${plural(rows, "row")}`,
    `left     ${fits === 0 ? "nothing" : `a run of epsilon ${fits}`}`,
    "",
  ].join("\n");
}

/**
 * What a program reads of a budget.
 *
 * @param spent of the rows of a file; null where none was given
 */
export function budgetJson(stateDir: string, state: BudgetState, spent: RowsSpent | null): string {
  const { epsilonLimit, delta, columns, runs } = state;
  const epsilon = (mu2: number) => epsilonOf(Math.sqrt(mu2), delta);
  const of = {
    state_dir: stateDir,
    epsilon_limit: epsilonLimit,
    delta,
    columns: columns?.names ?? null,
    n_columns: columns?.nColumns ?? null,
    spent: levelsOf(state).map(({ mu2, hashes }) => ({
      different_rows: hashes.length,
      mu_squared: mu2,
      epsilon: epsilon(mu2),
    })),
    runs: runs.map((run) => ({
      run: run.run,
      questions: run.questions,
      answered: run.answers.length,
      mu_squared: spentBy(run),
      epsilon: epsilon(spentBy(run)),
    })),
    ...(spent !== null && {
      data: {
        rows: spent.rows,
        mu_squared: spent.mu2,
        epsilon: epsilon(spent.mu2),
        epsilon_left: epsilonWithin(limitOf(state) - spent.mu2, delta),
      },
    }),
  };
  return `${JSON.stringify(of, null, 2)}\n`;
}

function limitText({ epsilonLimit, delta }: BudgetState): string {
  return `epsilon ${epsilonLimit} (${theSetting("epsilonLimit")}) at delta ${delta} (${theSetting("delta")}), of all runs together`;
}

function columnsText({ columns }: BudgetState): string {
  if (columns === null) return "those of the first rows that spend";
  const { names, nColumns } = columns;
  if (names === null) return `${nColumns} without names`;
  const more = names.length > MAX_COLUMNS ? ` and ${names.length - MAX_COLUMNS} more` : "";
  return printableLine(names.slice(0, MAX_COLUMNS).join(", ")) + more;
}

function runLine(run: BudgetRun, delta: number): string {
  const answered = `${run.answers.length} of ${plural(run.questions, "question")} answered, and kept`;
  return `${printableLine(run.run)}: epsilon ${epsilonText(spentBy(run), delta)}, ${answered}`;
}

function spentBy({ answers }: BudgetRun): number {
  return answers.reduce((sum, { mu2 }) => sum + mu2, 0);
}

/** The last of many, under one title. */
function listed(title: string, lines: readonly string[], none: string): string[] {
  if (lines.length === 0) return [`${title.padEnd(9)}${none}`];
  const left = lines.length - MAX_LINES;
  const shown = left > 0 ? [`${left} more`, ...lines.slice(left)] : lines;
  return shown.map((line, i) => `${(i === 0 ? title : "").padEnd(9)}${line}`);
}

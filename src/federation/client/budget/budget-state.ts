import { RunError } from "../../../errors.js";
import type { BudgetLimits } from "./budget.js";

/** The columns that rows are known by. */
export interface BudgetColumns {
  readonly nColumns: number;
  /** (nColumns,) null where they came without names. */
  readonly names: readonly string[] | null;
}

/** An answer that was given. */
export interface Answered {
  /** Hash of the request. */
  readonly request: string;
  /** mu^2 that it spent. */
  readonly mu2: number;
  /** mu^2 that its rows had spent in all, with it. */
  readonly inAll: number;
  /** What the stored reply hashes to. */
  readonly reply: string;
}

/** A run that has asked. */
export interface BudgetRun {
  readonly run: string;
  readonly questions: number;
  /** mu^2 of all its questions, as it began. */
  readonly runMu2: number;
  /** In the order of the questions. */
  readonly answers: readonly Answered[];
}

/** What a budget remembers. Nothing of it ever leaves the client. */
export interface BudgetState extends BudgetLimits {
  /** Key of the hashes of rows, hexadecimal. */
  readonly secret: string;
  /** null before the first answer. */
  readonly columns: BudgetColumns | null;
  /** mu^2 that each row has spent that has, by its hash. */
  readonly spent: ReadonlyMap<string, number>;
  /** Those that asked lately, the newest last. */
  readonly runs: readonly BudgetRun[];
}

/** Runs that are remembered: another one's question is a new one, and is paid for. */
export const MOST_RUNS = 1000;

/**
 * The most rows that are remembered. What a thousand runs have asked has room in the file beside their hashes: else a
 * server could fill it until it is too large by one row.
 */
export const MOST_ROWS = 5_000_000;

/**
 * @param secret 32 bytes, hexadecimal
 */
export function newBudget({ epsilonLimit, delta }: BudgetLimits, secret: string): BudgetState {
  return { epsilonLimit, delta, secret, columns: null, spent: new Map(), runs: [] };
}

/** mu^2 that rows have spent: as much as the one of them that has spent most. */
export function mostSpent({ spent }: BudgetState, hashes: ReadonlySet<string>): number {
  let most = 0;
  for (const hash of hashes) most = Math.max(most, spent.get(hash) ?? 0);
  return most;
}

/** The run's record; null where it has not asked, or is forgotten. */
export function runOf({ runs }: BudgetState, run: string): BudgetRun | null {
  return runs.find((one) => one.run === run) ?? null;
}

/** The state once an answer is given: each row has spent what it spends, in addition. */
export function withAnswer(
  state: BudgetState,
  rows: { readonly columns: BudgetColumns; readonly hashes: ReadonlySet<string> },
  run: Omit<BudgetRun, "answers">,
  answer: Omit<Answered, "inAll">,
): BudgetState {
  const spent = new Map(state.spent);
  for (const hash of rows.hashes) spent.set(hash, (spent.get(hash) ?? 0) + answer.mu2);
  if (spent.size > MOST_ROWS) {
    throw new RunError(`a budget knows ${MOST_ROWS} different rows at most, these would be ${spent.size}`);
  }
  const next = { ...state, columns: rows.columns, spent };
  const answered = { ...answer, inAll: mostSpent(next, rows.hashes) };
  if (!Number.isFinite(answered.inAll)) throw new RunError("no finite number is spent");
  const known = runOf(state, run.run);
  const changed = { ...run, answers: [...(known?.answers ?? []), answered] };
  const others = state.runs.filter((one) => one !== known);
  return { ...next, runs: [...others, changed].slice(-MOST_RUNS) };
}

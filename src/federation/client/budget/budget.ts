import { RunError } from "../../../errors.js";
import type { Matrix } from "../../../numerics/matrix.js";
import type { Message } from "../../../workflow/message.js";

/** What an answer would spend of a budget. */
export interface Spending {
  /** What tells the run from all others; with another seed it is another run. */
  readonly run: string;
  /** Number of the question within the run, from 0 on. */
  readonly question: number;
  /** How many the run has. */
  readonly questions: number;
  /** Hash of the request, without the number of its exchange. */
  readonly request: string;
  /** mu^2 of this question, at most. */
  readonly mu2: number;
  /** mu^2 of all questions of the run together, at most. */
  readonly runMu2: number;
}

/** What an answer has spent, and its rows since the budget was made, as mu^2. */
export interface Spent {
  /** Of this answer, when it was drawn. */
  readonly mu2: number;
  /** Of the row among those at hand then that had spent most, with this answer. */
  readonly inAll: number;
  /** Whether it was stored: then nothing is spent once more. */
  readonly wasStored: boolean;
}

/** All rows of a client as they came, of all columns that its own settings load. */
export interface BudgetRows {
  /** (d,) null where they have no names. */
  readonly columns: readonly string[] | null;
  /** (n, d) which nobody changes as long as the budget is asked about them. */
  readonly rows: Matrix;
}

/** A noisy answer that was drawn. */
export interface Drawn {
  readonly reply: Message;
  /** mu^2 that it spends: at most what was to be spent. */
  readonly mu2: number;
}

/** The most that may ever be learned of rows. */
export interface BudgetLimits {
  readonly epsilonLimit: number;
  readonly delta: number;
}

/**
 * What rows may tell, and have told. It is of rows, whatever file they come in: those at hand have spent what the one
 * among them has that spent most. Noisy answers compose to mu, the root of the sum of their mu^2 (Dong, Roth & Su 2022,
 * corollary 3.3).
 */
export interface Budget {
  readonly limits: BudgetLimits;
  /** Of the last answer; null before the first. */
  readonly last: Spent | null;
  /**
   * An answer that the budget covers. What it spends is stored before it is returned. The same question of the same run
   * has the answer that is stored, and spends nothing.
   *
   * @param rows asked for unless the answer is stored
   * @param draw called at most once, while no other process spends of the budget
   * @returns the reply, without the number of an exchange
   * @throws BudgetError where the budget does not cover the question, or for the first of a run all of it; for another
   *   question than the one that was answered under its number, or one that leaves some out. RunError for other columns
   *   than those of the budget, and if what is spent cannot be stored. Nothing is spent then, or the answer is stored
   */
  answer(rows: () => BudgetRows, spending: Spending, draw: () => Drawn): Message;
  /**
   * mu^2 that these rows have spent.
   *
   * @throws RunError for other columns than those of the budget
   */
  spentBy(rows: BudgetRows): number;
}

/** A budget refuses an answer. Its message is for whoever holds the rows, as what they have spent tells of them. */
export class BudgetError extends RunError {
  /** What a server may know of why. */
  readonly told: string;

  constructor(reason: string, told: string) {
    super(reason);
    this.told = told;
  }
}

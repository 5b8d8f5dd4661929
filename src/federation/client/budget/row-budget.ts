import { isDeepStrictEqual } from "node:util";
import type { Message } from "../../../workflow/message.js";
import type { Budget, BudgetLimits, BudgetRows, Drawn, Spending, Spent } from "./budget.js";
import {
  checkCovered,
  checkDrawn,
  checkInRun,
  checkSame,
  checkSpending,
  checkWithinRun,
} from "./budget-checks.js";
import { type HashedBudgetRows, hashedRows } from "./budget-rows.js";
import { type Answered, type BudgetState, mostSpent, runOf, withAnswer } from "./budget-state.js";
import { storableReply } from "./stored-reply.js";

/** What a budget of rows is, wherever it remembers what was spent. */
export abstract class RowBudget implements Budget {
  #last: Spent | null = null;
  /** Of the rows that were asked about last. */
  #hashed: { readonly data: Float64Array; readonly secret: string; readonly rows: HashedBudgetRows } | null =
    null;

  get limits(): BudgetLimits {
    const { epsilonLimit, delta } = this.read();
    return { epsilonLimit, delta };
  }

  get last(): Spent | null {
    return this.#last;
  }

  answer(rows: () => BudgetRows, spending: Spending, draw: () => Drawn): Message {
    checkSpending(spending);
    return this.exclusively(() => {
      const state = this.read();
      const { run, question, questions, request, mu2: most, runMu2 } = spending;
      const known = runOf(state, run);
      checkInRun(known, spending);
      const answered = known?.answers[question];
      if (answered !== undefined) {
        checkSame(answered, spending);
        const reply = this.replyTo(spending, answered);
        this.#last = { mu2: answered.mu2, inAll: answered.inAll, wasStored: true };
        return reply;
      }
      checkWithinRun(known, spending);
      const hashed = this.#hash(state, rows());
      checkCovered(state, mostSpent(state, hashed.hashes), spending);
      const { reply: drawn, mu2 } = draw();
      checkDrawn(mu2, most);
      const reply = storableReply(drawn);
      const next = (stored: string) =>
        withAnswer(state, hashed, { run, questions, runMu2 }, { request, mu2, reply: stored });
      this.keep(spending, reply, next);
      this.#last = { mu2, inAll: mostSpent(next(""), hashed.hashes), wasStored: false };
      return reply;
    });
  }

  spentBy(rows: BudgetRows): number {
    const state = this.read();
    return mostSpent(state, this.#hash(state, rows).hashes);
  }

  /** What it remembers. */
  protected abstract read(): BudgetState;

  /** Does something while nobody else spends of the budget. */
  protected abstract exclusively<T>(work: () => T): T;

  /** The reply that is stored. */
  protected abstract replyTo(of: Pick<Spending, "run" | "question">, answered: Answered): Message;

  /**
   * Stores a reply and what it spends: both, or neither.
   *
   * @param next the state once the reply is stored, which hashes to what it is given
   */
  protected abstract keep(
    of: Pick<Spending, "run" | "question">,
    reply: Message,
    next: (stored: string) => BudgetState,
  ): void;

  #hash(state: BudgetState, rows: BudgetRows): HashedBudgetRows {
    const { data } = rows.rows;
    // Those of the next question are the same rows, as a rule.
    const known =
      this.#hashed?.data === data && this.#hashed.secret === state.secret ? this.#hashed.rows : null;
    if (known !== null && (state.columns === null || isDeepStrictEqual(state.columns, known.columns)))
      return known;
    const hashed = hashedRows(state, rows);
    this.#hashed = { data, secret: state.secret, rows: hashed };
    return hashed;
  }
}

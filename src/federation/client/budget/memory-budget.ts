import { randomBytes } from "node:crypto";
import type { Message } from "../../../workflow/message.js";
import type { BudgetLimits, Spending } from "./budget.js";
import { checkLimits } from "./budget-limits.js";
import { type Answered, type BudgetState, newBudget } from "./budget-state.js";
import { RowBudget } from "./row-budget.js";
import { storableReply } from "./stored-reply.js";

/** A budget that ends with its process: of rows that nothing protects, as in a study. */
export class MemoryBudget extends RowBudget {
  #state: BudgetState;
  readonly #replies = new Map<string, Message>();

  /** @throws UsageError for limits that are none */
  constructor(limits: BudgetLimits) {
    super();
    checkLimits(limits);
    this.#state = newBudget(limits, randomBytes(32).toString("hex"));
  }

  protected override read(): BudgetState {
    return this.#state;
  }

  protected override exclusively<T>(work: () => T): T {
    return work();
  }

  protected override replyTo(of: Pick<Spending, "run" | "question">, _answered: Answered): Message {
    return storableReply(this.#replies.get(nameOf(of))!);
  }

  protected override keep(
    of: Pick<Spending, "run" | "question">,
    reply: Message,
    next: (stored: string) => BudgetState,
  ): void {
    this.#state = next("");
    // A copy, as the arrays of the reply may be handed over to another thread.
    this.#replies.set(nameOf(of), storableReply(reply));
  }
}

function nameOf({ run, question }: Pick<Spending, "run" | "question">): string {
  return `${question} ${run}`;
}

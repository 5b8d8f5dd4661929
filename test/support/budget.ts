import type { Budget, BudgetRows, Spending } from "#src/federation/client/budget/budget.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { floats, type Message } from "#src/workflow/message.js";
import type { Row } from "./site.js";

export const LIMITS = { epsilonLimit: 1, delta: 1e-6 };

const known = new Map<number, number>();

/** mu^2 of an epsilon. */
export function mu2Of(epsilon: number): number {
  const mu2 = known.get(epsilon) ?? muOf(epsilon, LIMITS.delta) ** 2;
  known.set(epsilon, mu2);
  return mu2;
}

export function budgetRows(rows: readonly Row[], columns: readonly string[] | null = null): BudgetRows {
  const nColumns = rows[0]?.length ?? 2;
  return { columns, rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns } };
}

let drawn = 0;

/** A reply that no other draw gives, of this process or another. */
export function draw(): Message {
  drawn += 1;
  return {
    kind: "clustering/private_sums",
    arrays: { counts: floats(Float64Array.of(process.pid, drawn, Math.random()), 3) },
    scalars: { spread: drawn / 7, names: ["a", "b"] },
  };
}

/** Asks the first of `questions` equal parts of a run of this epsilon, or another of them; mu^2 is spent in full. */
export function ask(
  budget: Budget,
  rows: BudgetRows,
  epsilon: number,
  spending: Partial<Spending> = {},
): Message {
  const { questions = 1 } = spending;
  const runMu2 = mu2Of(epsilon);
  const mu2 = runMu2 / questions;
  return budget.answer(
    () => rows,
    { run: "r", question: 0, questions, request: "asked", mu2, runMu2, ...spending },
    () => ({ reply: draw(), mu2 }),
  );
}

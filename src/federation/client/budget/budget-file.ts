import { join } from "node:path";
import { readSealed, type Seal, writeSealed } from "../sealed-file.js";
import { HASH_LENGTH } from "./budget-rows.js";
import type { BudgetState } from "./budget-state.js";

export const BUDGET_FILE = "budget.json";
/** Folder of the replies, beside it. */
export const REPLIES = "replies";

const SEAL: Seal = {
  what: "fedkmeans budget",
  format: 1,
  noun: "budget of a client's rows",
  torn: "A budget made anew would not know what its rows have spent",
};

/** The state as it is written: rows that have spent alike together, their hashes one after the other in one text. */
interface BudgetRecord extends Omit<BudgetState, "spent"> {
  readonly spent: readonly { readonly mu2: number; readonly rows: string }[];
}

export function budgetFileIn(folder: string): string {
  return join(folder, BUDGET_FILE);
}

/**
 * @returns null where the folder has no budget
 * @throws RunError naming the file, if it is no budget, one of another version, or not as it was written
 */
export function readBudget(folder: string): BudgetState | null {
  const record = readSealed(budgetFileIn(folder), SEAL) as BudgetRecord | null;
  if (record === null) return null;
  const spent = new Map<string, number>();
  for (const { mu2, rows } of record.spent) {
    for (let at = 0; at < rows.length; at += HASH_LENGTH) spent.set(rows.slice(at, at + HASH_LENGTH), mu2);
  }
  return { ...record, spent };
}

/**
 * Replaces the budget; it is on the disk when this returns.
 *
 * @throws RunError naming the file, if it cannot be written or would be too large to be read
 */
export function writeBudget(folder: string, state: BudgetState): void {
  const spent = levelsOf(state).map(({ mu2, hashes }) => ({ mu2, rows: hashes.join("") }));
  writeSealed(budgetFileIn(folder), SEAL, { ...state, spent } satisfies BudgetRecord);
}

/** Hashes of rows that have spent alike, those that have spent most first. */
export function levelsOf({
  spent,
}: Pick<BudgetState, "spent">): { mu2: number; hashes: readonly string[] }[] {
  const levels = new Map<number, string[]>();
  for (const [hash, mu2] of spent) {
    const level = levels.get(mu2);
    if (level === undefined) levels.set(mu2, [hash]);
    else level.push(hash);
  }
  return [...levels].map(([mu2, hashes]) => ({ mu2, hashes })).sort((a, b) => b.mu2 - a.mu2);
}

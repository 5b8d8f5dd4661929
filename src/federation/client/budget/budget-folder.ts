import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOCK_FILE } from "../../../directory/layout.js";
import { RunError, theSetting, UsageError } from "../../../errors.js";
import { makePrivateFolder } from "../../../files/durable-write.js";
import { isTemporary, sweepLeftovers } from "../../../files/leftovers.js";
import type { Message } from "../../../workflow/message.js";
import { readSealed, type Seal, writeSealed } from "../sealed-file.js";
import { stateFileIn } from "../state-file.js";
import { checkLocked, whileLockedSync } from "../state-lock.js";
import type { BudgetLimits, Spending } from "./budget.js";
import { budgetFileIn, REPLIES, readBudget, writeBudget } from "./budget-file.js";
import { checkLimits, checkSameLimits } from "./budget-limits.js";
import { type Answered, type BudgetState, newBudget } from "./budget-state.js";
import { RowBudget } from "./row-budget.js";
import { replyOf, type StoredReply, storedReply } from "./stored-reply.js";

const REPLY_SEAL: Seal = {
  what: "fedkmeans reply",
  format: 1,
  noun: "reply of a client",
  torn: "Drawn anew it would be another, and spend once more",
};

/** Which question of which run. */
type Question = Pick<Spending, "run" | "question">;

/** The budget in a client's state folder. Processes may share it; one spends of it at a time. */
export class BudgetFolder extends RowBudget {
  readonly path: string;

  /** @param path of a folder that has a budget */
  constructor(path: string) {
    super();
    this.path = path;
  }

  /**
   * What it remembers.
   *
   * @throws RunError as `openBudget`
   */
  state(): BudgetState {
    return this.read();
  }

  protected override read(): BudgetState {
    const state = readBudget(this.path);
    if (state !== null) return state;
    throw new RunError(
      `${budgetFileIn(this.path)}: no such file: make a budget first, with fedkmeans budget ${theSetting("stateDir")} ${this.path} ${theSetting("epsilonLimit")} E ${theSetting("delta")} D`,
    );
  }

  protected override exclusively<T>(work: () => T): T {
    // There may be no folder to lock.
    if (!hasBudget(this.path)) this.read();
    return whileLockedSync(this.path, work);
  }

  protected override replyTo(of: Question, { reply: sha256 }: Answered): Message {
    const path = join(this.path, REPLIES, replyFile(of));
    const stored = readSealed(path, REPLY_SEAL, sha256) as StoredReply | null;
    if (stored === null) throw new RunError(`${path}: no such file. ${REPLY_SEAL.torn}`);
    return replyOf(stored);
  }

  /** The reply is nobody's until the budget knows of it: killed in between, another takes its place. */
  protected override keep(of: Question, reply: Message, next: (stored: string) => BudgetState): void {
    const replies = join(this.path, REPLIES);
    makePrivateFolder(replies);
    sweepLeftovers(replies, "");
    checkLocked(this.path);
    const state = next(writeSealed(join(replies, replyFile(of)), REPLY_SEAL, storedReply(reply)));
    checkLocked(this.path);
    writeBudget(this.path, state);
    if (of.question === 0) sweepReplies(replies, state);
  }
}

/** Whether a folder has a budget, of whatever kind. */
export function hasBudget(folder: string): boolean {
  return existsSync(budgetFileIn(folder));
}

/**
 * Makes the budget of a client's rows: the one and only time that all of them begin at 0.
 *
 * @param folder a new one, an empty one, or one with the groups of the same rows
 * @returns whether it was made; else it is there, with these limits
 * @throws UsageError for limits that are none or not those of a budget that is there, and for a folder that holds other
 *   files; RunError if it cannot be written
 */
export function makeBudget(folder: string, limits: BudgetLimits): boolean {
  checkLimits(limits);
  makePrivateFolder(folder);
  return whileLockedSync(folder, () => {
    const found = readBudget(folder);
    if (found !== null) {
      checkSameLimits(found, limits, folder);
      return false;
    }
    const strangers = readdirSync(folder).filter(
      (name) => name !== LOCK_FILE && !isTemporary(name) && join(folder, name) !== stateFileIn(folder),
    );
    if (strangers.length > 0) {
      throw new UsageError(
        `${theSetting("stateDir")} must be a new or an empty folder, or a client's state, found ${JSON.stringify(strangers[0])} in ${folder}`,
      );
    }
    checkLocked(folder);
    writeBudget(folder, newBudget(limits, randomBytes(32).toString("hex")));
    return true;
  });
}

/**
 * Opens the budget of a client's rows.
 *
 * @throws RunError where there is none, or none that can be used
 */
export function openBudget(folder: string): BudgetFolder {
  const budget = new BudgetFolder(folder);
  budget.state();
  return budget;
}

/** A name that any file system takes, of a run that may be called anything. */
function replyFile({ run, question }: Question): string {
  return `${createHash("sha256").update(run).digest("hex").slice(0, 32)}-${question}.json`;
}

/** Removes replies that processes that were killed did not come to, and those to runs that are forgotten. */
function sweepReplies(folder: string, { runs }: BudgetState): void {
  const known = new Set(
    runs.flatMap(({ run, answers }) => answers.map((_, question) => replyFile({ run, question }))),
  );
  try {
    for (const name of readdirSync(folder)) {
      if (!known.has(name) && !isTemporary(name)) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // What is spent is stored, and its reply: the next run sweeps.
  }
}

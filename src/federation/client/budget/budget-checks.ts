import { RunError, theSetting } from "../../../errors.js";
import { muOf } from "../../../privacy/gaussian-account.js";
import { BudgetError, type BudgetLimits, type Spending } from "./budget.js";
import type { Answered, BudgetRun } from "./budget-state.js";
import { epsilonText, epsilonWithin } from "./epsilon-text.js";

/** Characters of what tells a run from others, at most: it may come from a server. */
export const LONGEST_RUN = 200;

/** Questions of a run, at most: a reply to each is kept, and a server could ask for the sake of that. */
export const MOST_QUESTIONS = 100;

/** Room for the rounding of sums of mu^2, which every epsilon here is an upper bound in spite of. */
const ROUNDING = 1e-13;

/** What a server is told where a budget does not cover what it asks: not how much of it is spent. */
const NOT_COVERED = "its budget does not cover the question; it tells its owner why";

/** @throws RunError for what is no spending at all */
export function checkSpending({ run, question, questions, mu2, runMu2 }: Spending): void {
  if (run.length > LONGEST_RUN) {
    throw new RunError(`a run is told from others by ${LONGEST_RUN} characters at most, found ${run.length}`);
  }
  if (!Number.isSafeInteger(questions) || questions < 1 || questions > MOST_QUESTIONS) {
    throw new RunError(`a run has 1 to ${MOST_QUESTIONS} questions, found ${questions}`);
  }
  if (!Number.isSafeInteger(question) || question < 0 || question >= questions) {
    throw new RunError(`a question from 0 to ${questions - 1} expected, found ${question}`);
  }
  if (!(mu2 > 0 && mu2 <= runMu2 && runMu2 < Infinity)) {
    throw new RunError(`mu^2 of a question must be above 0, and at most its run's ${runMu2}: found ${mu2}`);
  }
}

/** @throws BudgetError for a run that is not as it began, and for a question that is not the next or an earlier one */
export function checkInRun(known: BudgetRun | null, { run, question, questions, runMu2 }: Spending): void {
  const name = `the run ${JSON.stringify(run)}`;
  if (known === null) {
    if (question === 0) return;
    throw openly(`question ${question} of ${name}: the run has not begun here, or is forgotten`);
  }
  if (known.questions !== questions || known.runMu2 !== runMu2) {
    throw openly(
      `${name} began with ${shownRun(known)}, found ${shownRun({ questions, runMu2 })}: what has other settings is another run`,
    );
  }
  const next = known.answers.length;
  if (question > next) throw openly(`question ${question} of ${name}: question ${next} comes next`);
}

/**
 * Whoever asks may divide a run anew in each question, but not come to more than it began with.
 *
 * @throws BudgetError for a question that would have the run spend more
 */
export function checkWithinRun(known: BudgetRun | null, { run, mu2, runMu2 }: Spending): void {
  const spent = known?.answers.reduce((sum, answer) => sum + answer.mu2, 0) ?? 0;
  if (spent + mu2 <= runMu2 * (1 + ROUNDING)) return;
  throw openly(
    `the run ${JSON.stringify(run)} has spent mu^2 ${spent} of ${runMu2}, and the question would spend ${mu2}`,
  );
}

function shownRun({ questions, runMu2 }: Pick<BudgetRun, "questions" | "runMu2">): string {
  return `${questions} questions of mu^2 ${runMu2} together`;
}

/** @throws BudgetError for another request than the one that was answered */
export function checkSame(answered: Answered, { run, question, request }: Spending): void {
  if (answered.request === request) return;
  throw openly(
    `question ${question} of the run ${JSON.stringify(run)} has been answered, and was another: what is asked otherwise is another run`,
  );
}

/**
 * @param spent mu^2 that the rows at hand have spent
 * @throws BudgetError beyond the limit
 */
export function checkCovered(
  { epsilonLimit, delta }: BudgetLimits,
  spent: number,
  { question, questions, mu2, runMu2 }: Spending,
): void {
  const limit = limitOf({ epsilonLimit, delta });
  const wanted = question === 0 ? runMu2 : mu2;
  if (spent + wanted <= limit * (1 + ROUNDING)) return;
  const what = question === 0 ? "the run" : `question ${question + 1} of ${questions}`;
  const fits = epsilonWithin(limit - spent, delta);
  throw new BudgetError(
    `beyond the budget (${theSetting("epsilonLimit")} ${epsilonLimit}, ${theSetting("delta")} ${delta}): these rows have spent ` +
      `epsilon ${epsilonText(spent, delta)}, ${what} would spend ${epsilonText(wanted, delta)}, ` +
      `together ${epsilonText(spent + wanted, delta)}; ${fits === 0 ? "nothing fits any more" : `a run of epsilon ${fits} would still fit`}`,
    NOT_COVERED,
  );
}

let lastLimit: { readonly limits: BudgetLimits; readonly mu2: number } | null = null;

/** mu^2 that may be spent in all. */
export function limitOf({ epsilonLimit, delta }: BudgetLimits): number {
  // Clients of one federation have the same, question by question.
  if (lastLimit?.limits.epsilonLimit !== epsilonLimit || lastLimit.limits.delta !== delta) {
    lastLimit = { limits: { epsilonLimit, delta }, mu2: muOf(epsilonLimit, delta) ** 2 };
  }
  return lastLimit.mu2;
}

/** @throws RunError if more would be spent than was to be */
export function checkDrawn(mu2: number, most: number): void {
  if (mu2 >= 0 && mu2 <= most) return;
  throw new RunError(`an answer may spend mu^2 of ${most}, found ${mu2}`);
}

/** What tells nothing of rows. */
function openly(reason: string): BudgetError {
  return new BudgetError(reason, reason);
}

import { theSetting, UsageError } from "../../../errors.js";
import type { BudgetLimits } from "./budget.js";

/** @throws UsageError for limits that are none */
export function checkLimits({ epsilonLimit, delta }: BudgetLimits): void {
  if (!(epsilonLimit > 0 && epsilonLimit < Infinity)) {
    throw new UsageError(`${theSetting("epsilonLimit")} must be a number above 0, found ${epsilonLimit}`);
  }
  if (!(delta > 0 && delta < 1)) {
    throw new UsageError(`${theSetting("delta")} must be above 0 and below 1, found ${delta}`);
  }
}

/**
 * @param found of the budget of a folder
 * @throws UsageError where they are others
 */
export function checkSameLimits(found: BudgetLimits, asked: BudgetLimits, folder: string): void {
  for (const name of ["epsilonLimit", "delta"] as const) {
    if (found[name] === asked[name]) continue;
    throw new UsageError(
      `${theSetting(name)} ${asked[name]}: the budget in ${folder} was made with ${found[name]}, for good`,
    );
  }
}

import type { Matrix } from "../../numerics/matrix.js";
import type { LocalData } from "../../workflow/local-data.js";
import type { Message } from "../../workflow/message.js";
import type { BudgetLimits, Spent } from "./budget/budget.js";

/** What an answer spent, and the delta at which the epsilon of that is limited. */
export interface SpentOfLimit extends Spent, Pick<BudgetLimits, "delta"> {}

/** Who answers the requests of a run for one party, from points or with noise; what else there is, is its owner's. */
export interface AnsweringClient {
  readonly name: string;
  /** What phases see of it. */
  readonly local: LocalData;
  readonly nSamples: number;
  readonly nFeatures: number;
  /** (n,) number of rows behind each point; null where there are no points, or of one row each. */
  readonly weights: Float64Array | null;
  /** (n, p) the points as they were last transformed; null where none were. */
  readonly lastPoints: Matrix | null;
  /** What of the privacy of its rows the last answer spent; null where it is no answer with noise. */
  readonly spent: SpentOfLimit | null;
  /** Whether it still has what a request is about. */
  has(request: Message): boolean;
  answer(request: Message): Message;
}

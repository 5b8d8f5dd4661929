import type { Matrix } from "../../numerics/matrix.js";
import type { LocalData } from "../../workflow/local-data.js";
import type { Message } from "../../workflow/message.js";

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
  /** Whether it still has what a request is about. */
  has(request: Message): boolean;
  answer(request: Message): Message;
}

import type { Transform } from "../numerics/transform.js";
import type { Agreement } from "../workflow/agreement.js";
import type { Combined } from "../workflow/clustering/algorithm.js";
import type { Evaluated } from "../workflow/evaluate.js";
import type { Dropped } from "../workflow/exchange.js";
import type { Notice } from "../workflow/notice.js";
import type { TransformEvent } from "../workflow/transform/agree.js";

/** One round as it was logged. Round 0 is the start. */
export interface Round extends Combined {
  round: number;
  /** null in round 0. */
  convergenceChange: number | null;
  /** Whose clusters the clients' local means are of: each client's own, or the global ones, by index. */
  localClusters: "own" | "global";
}

/** What a run tells while it goes on, in this order; a step that the settings leave out is not told. */
export type RunEvent =
  | {
      type: "handshake";
      agreement: Agreement;
      /** Rounds at most, as allowed, or as planned where that is less. */
      maxIterations: number;
      /** Who was asked and does not take part, where a run begins without them. */
      dropped: readonly Dropped[];
    }
  /** At any time after the handshake. */
  | { type: "notice"; notice: Notice }
  | TransformEvent
  /** With how points became those that are clustered. */
  | { type: "round"; round: Round; transform: Transform }
  | {
      type: "clustered";
      rounds: number;
      converged: boolean;
      /** Rounds of the cycle that the run ended in, at the round of least inertia; null where it ended in none. */
      cycleLength: number | null;
    }
  | ({ type: "evaluation" } & Evaluated);

import type { Experiment } from "../../read/experiment.js";
import { type Frame, VIEWS, type View } from "./frame.js";
import { planMotion } from "./motion-plan.js";
import { type RoundRange, roundsWithin } from "./steps.js";

export interface PlanOptions {
  readonly rounds: RoundRange | null;
  /** Which still pictures of a round, in the order of a round; default all. */
  readonly views?: readonly View[];
  /** The scene of the whole run in motion, and not still pictures of each round. */
  readonly smooth: boolean;
  /** Frames a second; matters to motion only. */
  readonly fps: number;
  /** How long a video of motion is to be; null: as long as it takes. */
  readonly seconds?: number | null;
}

/** The frames of a video, in order: three pictures a round, or all of the motion of the whole. */
export function planFrames(experiment: Experiment, options: PlanOptions): Frame[] {
  return options.smooth ? planMotion(experiment, options) : stills(experiment, options);
}

function stills(experiment: Experiment, { rounds, views = VIEWS }: PlanOptions): Frame[] {
  return roundsWithin(experiment, rounds).flatMap((roundIndex) =>
    views.map((view): Frame => {
      const { round } = experiment.rounds[roundIndex];
      const name = `round_${String(round).padStart(3, "0")}_${VIEWS.indexOf(view) + 1}_${view}`;
      return { kind: "still", roundIndex, view, name };
    }),
  );
}

import type { Experiment, RoundFacts } from "../read/experiment.js";
import { type Frame, type Step, VIEWS, type View } from "./frame.js";

export interface PlanOptions {
  /** Round numbers, both included; null is all of them. */
  readonly rounds: { readonly first: number; readonly last: number } | null;
  /** Motion between the still pictures. */
  readonly smooth: boolean;
  /** Frames a second; matters to motion only. */
  readonly fps: number;
}

/** Seconds of each step of a round, and of the pause after it. */
const TIMING: readonly (readonly [step: Step, view: View, seconds: number, pause: number])[] = [
  ["assign", "local", 0.5, 0.1],
  ["update", "local", 0.9, 0.15],
  ["withhold", "local", 0.45, 0.25],
  ["collect", "aggregation", 0.8, 0.1],
  ["aggregate", "aggregation", 1.0, 0.3],
  ["broadcast", "global", 0.8, 0.4],
];
/** Long runs go faster, so that a video stays watchable. */
const TARGET_SECONDS = 90;
const LEAST_SPEED_SECONDS = 1.4;
const OPENING_SECONDS = 0.8;
const ENDING_SECONDS = 2.5;

/** The frames of a video, in order: three pictures a round, or all of the motion between them. */
export function planFrames(experiment: Experiment, options: PlanOptions): Frame[] {
  const { first, last } = options.rounds ?? { first: 0, last: Infinity };
  const indices = [...experiment.rounds.keys()].filter((index) => {
    const { round } = experiment.rounds[index];
    return round >= first && round <= last;
  });
  return options.smooth ? motion(experiment, indices, options.fps) : stills(experiment, indices);
}

function stills({ rounds }: Experiment, indices: readonly number[]): Frame[] {
  return indices.flatMap((roundIndex) =>
    VIEWS.map((view, i) => ({
      roundIndex,
      view,
      motion: null,
      name: `round_${padded(rounds[roundIndex].round)}_${i + 1}_${view}`,
    })),
  );
}

function motion({ rounds }: Experiment, indices: readonly number[], fps: number): Frame[] {
  const frames: Omit<Frame, "name">[] = [];
  const still = (roundIndex: number, view: View, progress: Frame["motion"], seconds: number) => {
    for (let i = 0; i < Math.round(seconds * fps); i++) frames.push({ roundIndex, view, motion: progress });
  };
  const stepsOf = (index: number) => TIMING.filter(([step]) => happens(step, rounds[index], index));
  const seconds = indices.reduce(
    (sum, index) => sum + stepsOf(index).reduce((total, [, , length, pause]) => total + length + pause, 0),
    0,
  );
  const perRound = seconds / Math.max(1, indices.length);
  const speed = Math.min(perRound / LEAST_SPEED_SECONDS, Math.max(1, seconds / TARGET_SECONDS));
  if (indices.length > 0) {
    const step = indices[0] === 0 ? "update" : "assign";
    still(indices[0], "local", { step, progress: 0 }, OPENING_SECONDS);
  }
  for (const roundIndex of indices) {
    for (const [step, view, length, pause] of stepsOf(roundIndex)) {
      const count = Math.max(2, Math.round((length / speed) * fps));
      for (let i = 1; i <= count; i++) {
        frames.push({ roundIndex, view, motion: { step, progress: i / count } });
      }
      still(roundIndex, view, { step, progress: 1 }, pause / speed);
    }
  }
  const lastIndex = indices.at(-1);
  if (lastIndex !== undefined) still(lastIndex, "global", null, ENDING_SECONDS);
  return frames.map((frame, i) => ({ ...frame, name: `frame_${String(i).padStart(5, "0")}` }));
}

function happens(step: Step, round: RoundFacts, index: number): boolean {
  if (step === "assign") return index > 0;
  if (step === "update" || step === "collect") return round.locals.length > 0;
  if (step === "withhold") return round.locals.some(({ withheld }) => withheld.length > 0);
  return true;
}

function padded(round: number): string {
  return String(round).padStart(3, "0");
}

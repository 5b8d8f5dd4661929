import type { Experiment } from "../read/experiment.js";
import type { Frame, Step } from "./frame.js";
import { type RoundRange, roundsWithin, stepsOf } from "./steps.js";

/** When a video of motion shows what. */
export interface MotionOptions {
  readonly rounds: RoundRange | null;
  /** Frames a second. */
  readonly fps: number;
}

/** Seconds of each step of a round, and of the pause after it. */
const TIMING: Readonly<Record<Step, readonly [seconds: number, pause: number]>> = {
  assign: [0.5, 0.1],
  update: [0.9, 0.15],
  withhold: [0.45, 0.25],
  collect: [0.8, 0.1],
  aggregate: [1.0, 0.3],
  broadcast: [0.8, 0.4],
};
/** Long runs go faster, so that a video stays watchable. */
const TARGET_SECONDS = 90;
const LEAST_SPEED_SECONDS = 1.4;
const OPENING_SECONDS = 0.8;
const ENDING_SECONDS = 2.5;

/** The frames of a video of the run in motion: a title, every step of every round, how it ended. */
export function planMotion(experiment: Experiment, { rounds: range, fps }: MotionOptions): Frame[] {
  const indices = roundsWithin(experiment, range);
  if (indices.length === 0) return [];
  const frames: Frame[] = [];
  const push = (frame: Frame, seconds: number) => {
    for (let i = 0; i < Math.round(seconds * fps); i++) frames.push(frame);
  };
  const seconds = indices.reduce(
    (sum, index) =>
      sum +
      stepsOf(experiment, index).reduce((total, { step }) => total + TIMING[step][0] + TIMING[step][1], 0),
    0,
  );
  const perRound = seconds / indices.length;
  const speed = Math.min(perRound / LEAST_SPEED_SECONDS, Math.max(1, seconds / TARGET_SECONDS));
  push({ kind: "card", card: "title", roundIndex: indices[0], progress: 0, name: "" }, OPENING_SECONDS);
  for (const roundIndex of indices) {
    for (const { step } of stepsOf(experiment, roundIndex)) {
      const [length, pause] = TIMING[step];
      const count = Math.max(2, Math.round((length / speed) * fps));
      for (let i = 1; i <= count; i++) {
        frames.push({ kind: "motion", roundIndex, step, progress: i / count, name: "" });
      }
      push({ kind: "motion", roundIndex, step, progress: 1, name: "" }, pause / speed);
    }
  }
  push({ kind: "card", card: "closing", roundIndex: indices.at(-1)!, progress: 1, name: "" }, ENDING_SECONDS);
  return frames.map((frame, i) => ({ ...frame, name: `frame_${String(i).padStart(5, "0")}` }));
}
